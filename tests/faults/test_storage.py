"""Disks that are full or cannot be written, and a database that goes away: nothing half, and on by itself after it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from psycopg import OperationalError, sql

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
        until(lambda: "cannot keep files" in told(network), "Belgrade to be told", seconds=LONG)
        ((failures,),) = Books(network.node("RS")).rows("SELECT failures FROM gate_peer")
        assert failures == 0, "the line to the partner was taken for broken"
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


def test_database_that_may_only_be_read_turns_letters_away_until_it_may_be_written(network: Network) -> None:
    """As after a change to a standby server that still is one."""
    network.start("RS", "MK")
    skopje, belgrade = network.node("MK"), Books(network.node("RS"))
    say(network, "RS", "write", 20, ["ilecu-mk"])
    settle(network)
    only_read(skopje.database, True)
    say(network, "RS", "write", 20, ["ilecu-mk"])
    waits = "SELECT count(*) FROM gate_delivery WHERE state = 'waiting' AND attempts > 0 AND lease_until IS NULL"
    until(lambda: belgrade.number(waits) > 0, "letters to be turned away", seconds=LONG)
    assert Books(skopje).number("SELECT count(*) FROM gate_envelope WHERE way = 'in'") == 20
    only_read(skopje.database, False)
    until(lambda: everything_came(network), "the rest", seconds=LONG)
    settle(network)
    assert_clean(network, ("RS", "MK"), at_least=40)
    assert_journals_whole(network)


def only_read(url: str, wish: bool) -> None:
    name = sql.Identifier(url.partition("?")[0].rpartition("/")[2])
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET default_transaction_read_only = off")
        connection.execute(
            sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = {}").format(name, sql.Literal(wish))
        )
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_full_disk_of_the_databases_own_log_stops_the_server_until_there_is_room() -> None:
    """PostgreSQL ends itself when it cannot write down a change; nothing that was receipted is gone afterwards."""
    with Network(Path(), ["RS", "MK"], own_databases=True, started=False) as network:
        for node in network.nodes.values():
            node.testing = False
        place = network.node("MK").folder / "database" / "pg_wal"
        owner, before = place.stat(), place.with_name("pg_wal_before")
        place.rename(before)
        with disk(place, 64):
            shutil.copytree(before, place, dirs_exist_ok=True)
            for path in (place, *place.rglob("*")):
                os.chown(path, owner.st_uid, owner.st_gid)
            network.start("RS", "MK")
            say(network, "RS", "write", 40, ["ilecu-mk"])
            settle(network)
            (place / "ballast").write_bytes(bytes(shutil.disk_usage(place).free - MIB))
            say(network, "RS", "inform", 1000, ["ilecu-mk"])
            log = network.node("MK")
            until(lambda: "The database has ended" in log.log, "the server to end", seconds=LONG)
            until(lambda: log.log.count("database ended (status 1)") > 1, "it to be tried in vain", seconds=LONG)
            remount(place, "size=1024m")
            until(lambda: letters(network, "MK") >= 0, "another server", seconds=LONG)
            settle(network)
            assert_clean(network, ("RS", "MK"), at_least=1040)
            assert_journals_whole(network)
            network.stop("RS", "MK")


def test_database_that_is_stopped_or_killed_comes_back_and_loses_nothing() -> None:
    """With commits that wait for the disk, as in production. Nobody but the node itself starts the server again."""
    with Network(Path(), ["RS", "MK"], own_databases=True, started=False) as network:
        for node in network.nodes.values():
            node.testing = False
        network.start("RS", "MK")
        skopje = network.node("MK").folder
        written = 0
        for end in (database.stop, kill_database, kill_database):
            say(network, "RS", "write", 40, ["ilecu-mk"])
            before = server(skopje)
            end(skopje)
            say(network, "RS", "write", 40, ["ilecu-mk"])
            written += 80
            comes_back(network, "MK", before)
        settle(network)
        assert network.node("MK").log.count("The database runs again.") == 3
        assert_clean(network, ("RS", "MK"), at_least=written)
        assert_clean(network, ("MK", "RS"), at_least=written // 20)
        assert_journals_whole(network)


def test_own_database_that_is_killed_takes_no_letter_of_the_officers_with_it() -> None:
    """The node that writes loses its server while it writes and sends."""
    with Network(Path(), ["RS", "MK"], own_databases=True, started=False) as network:
        for node in network.nodes.values():
            node.testing = False
        network.start("RS", "MK")
        belgrade = network.node("RS").folder
        said = 0
        with ThreadPoolExecutor(1) as officer:
            for _turn in range(3):
                writing = officer.submit(say, network, "RS", "inform", 200, ["ilecu-mk"])
                until(lambda said=said: letters(network, "RS") > said + 30, "the officer to write")  # type: ignore[misc]
                before = server(belgrade)
                kill_database(belgrade)
                with suppress(AssertionError):  # the command is told that its database is gone
                    writing.result()
                comes_back(network, "RS", before)
                said = letters(network, "RS")
        settle(network)
        assert_clean(network, ("RS", "MK"), at_least=said)
        assert_journals_whole(network)


def comes_back(network: Network, code: str, before: int) -> None:
    folder = network.node(code).folder
    until(lambda: server(folder) not in (0, before) and letters(network, code) >= 0, "another server", seconds=LONG)


def letters(network: Network, code: str) -> int:
    """How many this node has written; -1 while its database does not answer."""
    try:
        return Books(network.node(code)).number("SELECT count(*) FROM gate_envelope WHERE way = 'out'")
    except OperationalError:
        return -1


def server(folder: Path) -> int:
    """The process of the node's own database; 0 while there is none."""
    if not database.running(folder):
        return 0
    return int((folder / "database" / "postmaster.pid").read_text(encoding="utf-8").split()[0])


def kill_database(folder: Path) -> None:
    """`kill -9`: the file with its number stays, and the processes of its sessions are left to themselves."""
    os.kill(server(folder), signal.SIGKILL)
