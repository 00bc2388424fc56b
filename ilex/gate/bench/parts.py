"""The parts of a message's way, each measured alone in this process."""

from __future__ import annotations

import socket
import ssl
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from django.db import connection, transaction
from django.utils.timezone import now
from joserfc.jwk import ECKey

from ilex.gate import keys
from ilex.gate.carriers.https import Connection
from ilex.gate.fields import to_the_millisecond
from ilex.gate.header import Header
from ilex.gate.ids import uuid7
from ilex.gate.keys import KeyRing, Line
from ilex.gate.seal import check, open_sealed, seal
from ilex.gate.tls import door_context

BATCH = 100
TABLE = "gate_bench"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n"


@dataclass(frozen=True)
class Parts:
    """How often each part was done in a second, by one process."""

    body: int  # bytes of a message's text
    line: int  # bytes of the sealed message
    seal: float
    open: float  # opened, and its signature checked
    commit: float  # one row, on the disk
    commit_batched: float  # rows, a hundred in one commit, on the disk
    handshake: float  # TLS 1.3 with both certificates
    round_trip: float  # one sealed message over an open line and an answer


def parts(n: int = 1000, size: int = 4096) -> Parts:
    """Measure with `n` messages of `size` bytes. Writes and removes a table of its own in this node's database."""
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = (_ring(Path(folder) / name, name) for name in ("bench-a", "bench-b"))
        lines: list[bytes] = []
        sealed = _rate(n, lambda: lines.append(_sealed(ours, theirs, size)))
        opened = _rate(n, lambda: _open(lines.pop(), ours, theirs))
        line = _sealed(ours, theirs, size)
        one, batched = _commits(n, line)
        handshake, trip = _line(n, line, ours, theirs)
    return Parts(size, len(line), sealed, opened, one, batched, handshake, trip)


def _rate(n: int, work: Callable[[], object]) -> float:
    start = time.perf_counter()
    for _turn in range(n):
        work()
    return n / (time.perf_counter() - start)


def _ring(folder: Path, unit: str) -> KeyRing:
    keys.make_keys(folder, unit=unit, endpoint="https://127.0.0.1")
    return keys.ring_of(folder)


def _sealed(ours: KeyRing, theirs: KeyRing, size: int) -> bytes:
    at = to_the_millisecond(now())
    header = Header(
        id=uuid7(),
        type="bench.message",
        version=1,
        sender=ours.unit,
        recipients=[theirs.unit],
        conversation=uuid4(),
        sequence=1,
        issued=at,
        expires=at + timedelta(days=1),
        handling="H0",
        language="en",
    )
    return seal(header, {"text": "x" * size}, ours, [ECKey.import_key(dict(theirs.open_jwk))]).line


def _open(line: bytes, ours: KeyRing, theirs: KeyRing) -> None:
    check(open_sealed(line, theirs), ECKey.import_key(dict(ours.seal.jwk)))


def _commits(n: int, line: bytes) -> tuple[float, float]:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")
        cursor.execute(f"CREATE TABLE {TABLE} (id bigserial PRIMARY KEY, sealed bytea)")
        try:
            one = _rate(n, lambda: _commit([line]))
            batched = BATCH * _rate(max(1, n // BATCH), lambda: _commit([line] * BATCH))
        finally:
            cursor.execute(f"DROP TABLE {TABLE}")
    return one, batched


def _commit(lines: list[bytes]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {TABLE} (sealed) VALUES (%s)", [[line] for line in lines])  # noqa: S608


def _line(n: int, line: bytes, ours: KeyRing, theirs: KeyRing) -> tuple[float, float]:
    with _answering(theirs.line, ours.line.pem) as port:

        def connected() -> Connection:
            return Connection(f"https://127.0.0.1:{port}", ours.line, [theirs.line.pem])

        def greet() -> None:
            with closing(connected()) as door:
                door.ask("GET", "/up")

        with closing(connected()) as door:
            door.ask("GET", "/up")
            trip = _rate(n, lambda: door.ask("POST", "/envelopes", line))
        return _rate(max(1, n // 10), greet), trip


@contextmanager
def _answering(shown: Line, trusted: str) -> Iterator[int]:
    """A server that says OK to everything."""
    context = door_context(shown, [trusted])
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    plain, _address = listening.accept()
                    threading.Thread(target=_say_ok, args=(plain, context), daemon=True).start()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield int(listening.getsockname()[1])
        listening.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def _say_ok(plain: socket.socket, context: ssl.SSLContext) -> None:
    with suppress(OSError), context.wrap_socket(plain, server_side=True) as sock, sock.makefile("rb") as file:
        while head := file.readline():
            length = 0
            while (header := file.readline()) != b"\r\n":
                if header.lower().startswith(b"content-length:"):
                    length = int(header.partition(b":")[2])
            file.read(length)
            if head:
                sock.sendall(OK)
