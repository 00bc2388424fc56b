"""Disks that are full or cannot be written, and a database that goes away: nothing half, and on by itself after it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ilex.config import database
from tests.faults.books import LONG, Books, assert_clean, assert_journals_whole, settle
from tests.faults.say import say
from tests.network import Network, until

MIB = 2**20
FILE = 6 * MIB
RESERVE = 256  # MiB that a node keeps free: ilex.gate.arrivals.RESERVE


@contextmanager
def disk(place: Path, mebibytes: int) -> Iterator[None]:
    """A small disk of its own at this folder; skips the test, with the reason, where that is not allowed."""
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    done = mount(place, f"size={mebibytes}m,mode=0700")
    if done.returncode:
        pytest.skip(f"no disk can be mounted here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def mount(place: Path, options: str) -> subprocess.CompletedProcess[str]:
    command = ["mount", "-t", "tmpfs", "-o", options, "ilex-fault", str(place)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def remount(place: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", str(place)], check=True)


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    with Network(tmp_path, ["RS", "MK"], started=False) as network:
        yield network


def told(network: Network) -> str:
    """What Belgrade is told about its file, at the file itself."""
    found = Books(network.node("RS")).rows("SELECT failure FROM gate_attachment WHERE whole_at IS NOT NULL")
    return str(found[0][0])


def pauses_are_over(network: Network) -> None:
    """What is tried again in minutes is tried now."""
    belgrade = Books(network.node("RS"))
    belgrade.change("UPDATE gate_blobdelivery SET next_try = now() WHERE done_at IS NULL")
    belgrade.change("UPDATE gate_delivery SET next_try = now() WHERE state = 'waiting'")
    belgrade.change("UPDATE gate_peer SET next_try = NULL")


def blobs(network: Network) -> tuple[int, int]:
    """Whole sealed files in Skopje, and parts of such."""
    folder = network.node("MK").folder / "blobs"
    whole = sum(path.is_file() for path in folder.glob("??/*"))
    return whole, sum(path.is_file() for path in folder.glob("incoming/*"))


def arrives_in_the_end(network: Network) -> None:
    pauses_are_over(network)
    settle(network)
    assert blobs(network) == (1, 0)
    assert told(network) == ""
    skopje = Books(network.node("MK"))
    assert skopje.rows("SELECT whole_at IS NOT NULL, arrived = sealed_size, failure FROM gate_attachment") == [
        (True, True, "")
    ]
    assert len(skopje.lines("attachment.arrived")) == 1
    assert_clean(network, ("RS", "MK"), at_least=4)


def test_attachment_for_a_full_disk_is_told_and_comes_when_there_is_room(network: Network) -> None:
    place = network.node("MK").folder / "blobs"
    with disk(place, RESERVE + 2):
        network.start("RS", "MK")
        say(network, "RS", "inform_with_file", FILE, ["ilecu-mk"])
        until(lambda: "has no space left" in told(network), "Belgrade to be told", seconds=LONG)
        assert blobs(network) == (0, 0)
        say(network, "RS", "inform", 3, ["ilecu-mk"])  # letters without files are not held up
        query = "SELECT count(*) FROM gate_envelope WHERE way = 'in' AND state = 'taken'"
        until(lambda: Books(network.node("MK")).number(query) == 4, "the letters", seconds=LONG)
        remount(place, f"size={RESERVE + 64}m")
        arrives_in_the_end(network)
        network.stop("RS", "MK")


def test_attachment_for_a_disk_that_cannot_be_written_holds_no_letter_up(network: Network) -> None:
    place = network.node("MK").folder / "blobs"
    with disk(place, RESERVE + 64):
        (place / "incoming").mkdir(mode=0o700)
        remount(place, "ro")
        network.start("RS", "MK")
        say(network, "RS", "inform_with_file", FILE, ["ilecu-mk"])
        attempted = "SELECT failures FROM gate_peer UNION SELECT length(failure) FROM gate_attachment ORDER BY 1 DESC"
        until(lambda: Books(network.node("RS")).number(attempted) > 0, "Belgrade to be told", seconds=LONG)
        ((line,),) = Books(network.node("RS")).rows("SELECT last_failure FROM gate_peer")
        print(f"at the file: {told(network)!r}; on the line: {line!r}")
        assert blobs(network) == (0, 0)
        say(network, "RS", "inform", 3, ["ilecu-mk"])
        query = "SELECT count(*) FROM gate_envelope WHERE way = 'in' AND state = 'taken'"
        until(lambda: Books(network.node("MK")).number(query) == 4, "the letters", seconds=LONG)
        remount(place, "rw")
        arrives_in_the_end(network)
        network.stop("RS", "MK")


def test_full_disk_of_the_database_turns_letters_away_until_there_is_room(network: Network) -> None:
    """The table of messages stands on a small disk of its own; the journal of the server does not."""
    with tempfile.TemporaryDirectory(prefix="ilex-space-") as name, disk(Path(name) / "disk", 1):
        place = Path(name) / "disk"
        Path(name).chmod(0o711)
        space = f"fault_{os.getpid()}"
        skopje = Books(network.node("MK"))
        give_to_the_server(place, skopje)
        network.start("RS", "MK")
        skopje.change(f"CREATE TABLESPACE {space} LOCATION '{place}'")
        try:
            skopje.change(f"ALTER TABLE gate_envelope SET TABLESPACE {space}")
            say(network, "RS", "inform", 400, ["ilecu-mk"])
            refused = (
                "SELECT count(*) FROM gate_delivery WHERE state = 'waiting' AND attempts > 0 AND lease_until IS NULL"
            )
            belgrade = Books(network.node("RS"))
            until(lambda: belgrade.number(refused) > 0, "some letters to be turned away", seconds=LONG)
            kept = skopje.number("SELECT count(*) FROM gate_envelope")
            assert 0 < kept < 400
            assert "The disk of the database is full" in network.node("MK").log
            remount(place, "size=64m")
            until(lambda: everything_came(network), "the rest", seconds=LONG)
            settle(network)
            assert_clean(network, ("RS", "MK"), at_least=400)
            assert_journals_whole(network)
        finally:
            network.stop("RS", "MK")
            skopje.change("ALTER TABLE gate_envelope SET TABLESPACE pg_default")
            skopje.change(f"DROP TABLESPACE {space}")


def give_to_the_server(place: Path, books: Books) -> None:
    """PostgreSQL wants the folder of a table space to be its own."""
    (folder,) = books.rows("SELECT current_setting('data_directory')")[0]
    if not Path(folder).exists():
        pytest.skip("the database server stands on another machine")
    shutil.chown(place, Path(folder).stat().st_uid, Path(folder).stat().st_gid)


def everything_came(network: Network) -> bool:
    pauses_are_over(network)
    return Books(network.node("RS")).number("SELECT count(*) FROM gate_delivery WHERE state = 'waiting'") == 0


def test_database_that_is_stopped_and_one_that_is_killed_lose_nothing() -> None:
    """With commits that wait for the disk, as in production; the operator starts the server again."""
    with Network(Path(), ["RS", "MK"], own_databases=True, started=False) as network:
        for node in network.nodes.values():
            database.start(node.folder, durable=True)
        network.start("RS", "MK")
        skopje = network.node("MK").folder
        say(network, "RS", "write", 40, ["ilecu-mk"])
        database.stop(skopje)
        say(network, "RS", "write", 40, ["ilecu-mk"])
        back_again(skopje)
        say(network, "RS", "write", 40, ["ilecu-mk"])
        os.kill(int((skopje / "database" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        say(network, "RS", "write", 40, ["ilecu-mk"])
        back_again(skopje)
        settle(network)
        assert_clean(network, ("RS", "MK"), at_least=160)
        assert_clean(network, ("MK", "RS"), at_least=4)
        assert_journals_whole(network)


def back_again(folder: Path) -> None:
    """What an operator, or the system's own supervisor of services, does."""
    until(lambda: not database.running(folder), "the server to be gone")
    database.start(folder, durable=True)
