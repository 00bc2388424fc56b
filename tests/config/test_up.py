"""One node as processes: what dies is started again, what is stopped leaves nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
from django.db import connections

from ilex.config import database, up
from ilex.config.node import NodeError
from ilex.config.stop import Stop
from ilex.config.up import Part, Supervisor, listen
from ilex.library.site.starting import become_server
from tests.config.command import ilex, is_one_sentence
from tests.network import Network, free_ports, until


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    with Network(tmp_path, ["RS"], own_databases=True) as network:
        yield network


@pytest.mark.network
@pytest.mark.parametrize("part", ["pages", "door", "relay", "clock"])
def test_part_that_is_killed_is_started_again_and_said(network: Network, part: str) -> None:
    node = network.node("RS")
    killed = network.kill("RS", part)
    until(lambda: node.parts.get(part, killed) != killed, f"another {part}")
    network.wait_until_up("RS")
    assert f"{part} ended (killed by signal 9); starting it again" in node.log


@pytest.mark.network
def test_node_that_is_stopped_leaves_no_process_and_no_database(network: Network) -> None:
    node = network.node("RS")
    parts = node.parts
    assert set(parts) == {"pages", "door", "relay", "clock"}
    network.stop("RS")
    assert not database.running(node.folder)
    for pid in parts.values():
        assert not Path(f"/proc/{pid}").exists()
    assert "Traceback" not in node.log


@pytest.mark.network
def test_supervisor_that_is_killed_takes_everything_with_it(network: Network) -> None:
    node = network.node("RS")
    parts = node.parts
    network.kill("RS", "supervisor")
    until(lambda: not any(_lives(pid) for pid in parts.values()), "the parts to end")
    until(lambda: not database.running(node.folder), "the database to stop")
    assert node.process is not None
    node.process.wait()
    network.start("RS")  # and nothing of it stands in the way of the next one


@pytest.mark.network
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT], ids=["killed", "stopped"])
def test_database_that_ends_is_started_again_and_the_parts_go_on(network: Network, number: signal.Signals) -> None:
    node = network.node("RS")
    parts, killed = node.parts, postmaster(node.folder)
    os.kill(killed, number)
    until(lambda: postmaster(node.folder) not in (0, killed), "another server")
    network.wait_until_up("RS")
    until(lambda: network.shell("RS", COUNT, check=False) == "1", "the database to answer")
    assert "The database has ended; starting it again." in node.log
    until(lambda: set(node.parts) == set(parts), "all parts to stand")
    network.stop("RS")
    assert not database.running(node.folder)


COUNT = "from ilex.units.models import Officer; print(Officer.objects.filter(sign_in='ana.rs').count(), end='')"


def postmaster(folder: Path) -> int:
    """The number of the server's process; 0 while there is none."""
    try:
        return int((folder / "database" / "postmaster.pid").read_text(encoding="utf-8").split()[0])
    except (FileNotFoundError, IndexError):
        return 0


@pytest.mark.network
def test_second_up_of_one_folder_is_refused(network: Network) -> None:
    done = network.run("RS", "up", check=False)
    assert done.returncode == 1
    assert "is up already" in done.stderr
    assert is_one_sentence(done.stderr)
    network.wait_until_up("RS")


def test_port_that_is_taken_is_one_sentence_with_its_number(tmp_path: Path) -> None:
    home = tmp_path / "node"
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        place = f"127.0.0.1:{other.getsockname()[1]}"
        ilex(home, "init", "--unit", "ilecu-rs", "--pages", place, "--door", f"127.0.0.1:{free_ports(1)[0]}")
        done = ilex(home, "up")
    assert done.returncode == 1
    assert place in done.stderr
    assert is_one_sentence(done.stderr)
    assert not database.running(home)


def test_unix_socket_of_a_killed_program_is_taken_over_and_that_of_a_running_one_is_not(tmp_path: Path) -> None:
    first = listen("pages", f"unix:{tmp_path}/pages.sock")
    with pytest.raises(NodeError, match="another program listens there"):
        listen("pages", f"unix:{tmp_path}/pages.sock")
    first.close()
    second = listen("pages", f"unix:{tmp_path}/pages.sock")
    second.close()


def test_part_that_fails_at_once_is_tried_with_growing_pauses(tmp_path: Path) -> None:
    tries = tmp_path / "tries"

    def fail(stop: Stop) -> None:
        with tries.open("a") as file:
            file.write(f"{time.monotonic()}\n")
        raise RuntimeError

    with supervised(Part("relay", fail)):
        until(lambda: tries.exists() and len(tries.read_text().splitlines()) >= 3, "three tries")
    first, second, third = [float(line) for line in tries.read_text().splitlines()[:3]]
    assert up.PAUSES[0] <= second - first
    assert up.PAUSES[1] <= third - second


def test_public_site_is_served_by_a_program_of_its_own_that_ends_calmly(tmp_path: Path) -> None:
    """No database runs here, and none is named: the part needs neither."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("<h1>News</h1>")
    listener = listen("site", f"127.0.0.1:{free_ports(1)[0]}")
    place = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    site = Part("site", lambda stop: become_server(tmp_path / "site", listener.fileno()))
    with listener, supervised(site):
        until(lambda: _page(place) == b"<h1>News</h1>", "the public site")
    with pytest.raises(OSError, match="refused"):
        urlopen(place, timeout=10)  # of this test


def _page(place: str) -> bytes:
    try:
        with urlopen(place, timeout=10) as answer:  # noqa: S310  # of this test
            return bytes(answer.read())
    except OSError:
        return b""


def test_public_site_is_no_part_of_a_node_that_names_no_address_for_it(tmp_path: Path) -> None:
    home = tmp_path / "node"
    pages, door = free_ports(2)
    ilex(home, "init", "--unit", "ilecu-rs", "--pages", f"127.0.0.1:{pages}", "--door", f"127.0.0.1:{door}")
    done = ilex(home, "up", "--only", "site")
    assert done.returncode == 1
    assert "names no address for the public site" in done.stderr
    assert is_one_sentence(done.stderr)
    done = ilex(home, "up", "--only", "site", ILEX_SITE="nowhere")
    assert "ILEX_SITE is not an address" in done.stderr
    assert is_one_sentence(done.stderr)


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@contextmanager
def supervised(part: Part) -> Iterator[None]:
    """A supervisor of this part alone, in a process of its own that is told to end and has to end well.

    It closes the sessions of the database that it inherits, and they would end for the tests too.
    """
    stop = Stop()
    supervisor = Supervisor([part], stop)
    connections.close_all()
    pid = os.fork()
    if not pid:
        try:
            stop.on_signals()
            supervisor.run()
            os._exit(0)
        finally:
            os._exit(1)  # a child of the test run never goes on with the tests
    try:
        yield
    finally:
        os.kill(pid, signal.SIGTERM)
        assert os.waitpid(pid, 0)[1] == 0
