"""Doors and second nodes for tests: real processes with real TLS, forked from the test, each with its own keys."""

from __future__ import annotations

import multiprocessing
import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings
from django.db import connection, connections

from ilex.gate import keys
from ilex.gate.actions import confirm, fingerprint_with, take_card
from ilex.gate.carriers import Failure
from ilex.gate.carriers.https import Connection
from ilex.gate.certificates import certificate_digest, make_certificate
from ilex.gate.door import serve
from ilex.gate.keys import KeyRing, Line
from ilex.gate.models import Peer
from tests.gate.partners import card_of, make_ring, make_unit

FORK = multiprocessing.get_context("fork")
PATIENCE = 30.0  # seconds for a process to come up, or to end
_lines: list[Connection] = []  # open ones
_forked: list[Any] = []  # processes that run
T = TypeVar("T")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def process(work: Callable[[], object]) -> Iterator[Any]:
    """A forked process that is ended, and waited for, at the end of the block."""
    connections.close_all()
    child = FORK.Process(target=work)
    child.start()
    _forked.append(child)
    try:
        yield child
    finally:
        _forked.remove(child)
        child.terminate()
        child.join(PATIENCE)
        assert not child.is_alive()


@contextmanager
def door(as_node: Callable[[], None] = lambda: None, bind: str = "", port: int = 0) -> Iterator[int]:
    """A door of this node, or of the one that `as_node` makes of the forked process; gives its port."""
    port = port or free_port()

    def work() -> None:
        as_node()
        serve(bind or f"127.0.0.1:{port}")

    with process(work):
        if not bind:
            wait_until(lambda: _listens(port))
        try:
            yield port
        finally:
            while _lines:
                _lines.pop().close()


def _listens(port: int) -> bool:
    with socket.socket() as sock:
        return sock.connect_ex(("127.0.0.1", port)) == 0


def wait_until(true: Callable[[], object], seconds: float = PATIENCE) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert 1 not in [child.exitcode for child in _forked], "a forked process failed: see its output"
        assert time.monotonic() < until, "it did not come"
        time.sleep(0.02)


def line_to(port: int, ring: KeyRing | Line, ours: KeyRing) -> Connection:
    """A partner's line to our door, closed with it."""
    line = Connection(f"https://127.0.0.1:{port}", ring if isinstance(ring, Line) else ring.line, [ours.line.pem])
    _lines.append(line)
    return line


def let_in(line: Connection) -> bool:
    """Whether the door lets this line in; whoever was paired just now is known within a second."""
    try:
        return line.ask("GET", "/up").status == 200
    except Failure:
        return False


def made_line(folder: Path, unit: str, at: datetime) -> Line:
    """A key with a certificate that was made at another time, or by somebody else under the same name."""
    key = ec.generate_private_key(ec.SECP256R1())
    folder.mkdir(parents=True, exist_ok=True)
    certificate, private = folder / "made.crt", folder / "made.pem"
    certificate.write_bytes(make_certificate(key, unit, "https://127.0.0.1", at))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    pem = certificate.read_text()
    return Line(certificate, private, pem, certificate_digest(pem), retired=None)


@dataclass
class Node:
    """A second node: its own database on the same server, its own folder and keys. Works in forked processes."""

    unit: str
    folder: Path
    database: str
    port: int

    @property
    def endpoint(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    @property
    def ring(self) -> KeyRing:
        return keys.ring_of(self.folder / "keys")

    def become(self) -> None:
        settings.ILEX_UNIT = self.unit
        settings.ILEX_FOLDER = self.folder
        connections.close_all()
        connections["default"].settings_dict["NAME"] = self.database

    def call(self, work: Callable[[], T]) -> T:
        """Do something as that node, and give back what it returned."""
        connections.close_all()
        here, there = FORK.Pipe(duplex=False)

        def run() -> None:
            self.become()
            there.send(work())

        child = FORK.Process(target=run)
        child.start()
        there.close()
        try:
            return here.recv()  # type: ignore[no-any-return]
        except EOFError as error:
            raise AssertionError("the other node failed: see its output") from error
        finally:
            child.join(PATIENCE)

    @contextmanager
    def door(self) -> Iterator[int]:
        with door(self.become, port=self.port) as port:
            yield port

    def pair_with(self, ours: KeyRing, our_port: int) -> Peer:
        """Both sides take each other's card and compare the fingerprint; gives our peer."""
        theirs, card = card_of(self.ring, self.endpoint), card_of(ours, f"https://127.0.0.1:{our_port}")
        self.call(lambda: _confirmed(card, ours.unit).pk)
        return _confirmed(theirs, self.unit)


def _confirmed(card: str, unit: str) -> Peer:
    make_unit(settings.ILEX_UNIT)
    make_unit(unit)
    take_card(card)
    return confirm(unit, fingerprint_with(unit))


@contextmanager
def small_disk(place: Path, size: str) -> Iterator[None]:
    """A disk of that size at `place`, where this machine lets us make one; else the test is skipped."""
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "ilex-test", str(place)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("this user may not mount a small disk")
    try:
        yield
    finally:
        subprocess.run(["umount", str(place)], check=True)


@contextmanager
def empty_database(purpose: str, template: str = "template0") -> Iterator[str]:
    """Another database on the server of the test run; gives its name."""
    name = f"{connection.settings_dict['NAME']}_{purpose.replace('-', '_')}_{os.getpid()}"
    _on_the_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    _on_the_server(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield name
    finally:
        _on_the_server(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def second_node(unit: str, folder: Path) -> Iterator[Node]:
    """Made as a copy of the test database as it stands.

    A thread of a live server may still answer the last question of a browser that is gone: its session is ended,
    for a database in use is not copied.
    """
    _end_other_sessions(connection.settings_dict["NAME"])
    with empty_database(unit, template=connection.settings_dict["NAME"]) as name:
        node = Node(unit, folder, name, free_port())
        make_ring(folder / "keys", unit, node.endpoint)
        yield node


def _end_other_sessions(name: str) -> None:
    connections.close_all()
    with connection._nodb_cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity"
            " WHERE datname = %s AND pid <> pg_backend_pid()",
            [name],
        )


def _on_the_server(statement: str) -> None:
    connections.close_all()
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)
