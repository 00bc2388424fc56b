"""The scanner for malware: a door into which any can be plugged, and the one that stands in it, ClamAV's daemon.

The daemon gets the plain bytes over its socket (INSTREAM), never a file. It is asked by the clock, not while a page is
made; a file that is too large for it, and a daemon that does not answer, leave a document unscanned, never clean.
"""

from __future__ import annotations

import re
import socket
import stat
import struct
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.conf import settings

REQUIRED = "required"
CONNECT = 5.0  # seconds until the daemon must have taken the call
PATIENCE = 120.0  # seconds for each step: reading, and the answer after the last byte
PIECE = 2**18  # bytes of one chunk
ANSWER = 4096  # bytes of an answer that are read
END = struct.pack("!L", 0)


class ScannerAway(Exception):
    """It does not answer. The document waits and is tried again."""


class CannotScan(Exception):
    """It answers that it cannot scan this file, as when it is too large. The sentence is the scanner's own."""


@dataclass(frozen=True)
class Verdict:
    """What a scanner says of a file: the names of what it found, none when it found nothing."""

    scanner: str  # name and version, and the date of its signatures
    found: tuple[str, ...] = ()


class Scanner(Protocol):
    """What can be plugged in here with `use`."""

    def is_here(self) -> bool:
        """Whether one is set up on this node; asked for every page, so it must not wait for anything."""

    def scan(self, chunks: Iterable[bytes]) -> Verdict:
        """Look at the plain bytes of one file. Raises ScannerAway or CannotScan."""


@dataclass(frozen=True)
class Clamd:
    """`at` is `unix:/path` or `host:port`."""

    at: str

    def is_here(self) -> bool:
        """A socket that lies there may still be a dead one; the job finds out."""
        if not self.at.startswith("unix:"):
            return bool(self.at)
        try:
            return stat.S_ISSOCK(Path(self.at.removeprefix("unix:")).stat().st_mode)
        except OSError:
            return False

    def scan(self, chunks: Iterable[bytes]) -> Verdict:
        version = self.version()
        with closing(self._call()) as line:
            answer = _stream(line, chunks)
        return Verdict(version, _found(answer))

    def version(self) -> str:
        """ "ClamAV 1.4.3/27800/Fri Nov 20 2026": with the number and day of its signatures."""
        with closing(self._call()) as line:
            try:
                line.sendall(b"zVERSION\0")
                return _answer(line)[:120]
            except OSError as error:
                raise ScannerAway(str(error)) from error

    def _call(self) -> socket.socket:
        unix = self.at.startswith("unix:")
        line = socket.socket(socket.AF_UNIX if unix else socket.AF_INET, socket.SOCK_STREAM)
        line.settimeout(CONNECT)
        try:
            line.connect(self.at.removeprefix("unix:") if unix else _host_and_port(self.at))
        except OSError as error:
            line.close()
            raise ScannerAway(str(error)) from error
        line.settimeout(PATIENCE)
        return line


def _host_and_port(at: str) -> tuple[str, int]:
    host, _colon, port = at.rpartition(":")
    return host.strip("[]"), int(port)


def _stream(line: socket.socket, chunks: Iterable[bytes]) -> str:
    """Send the file. A daemon that has had enough says why and hangs up: its word counts, not the broken line."""
    try:
        line.sendall(b"zINSTREAM\0")
        for chunk in chunks:
            for at in range(0, len(chunk), PIECE):
                piece = chunk[at : at + PIECE]
                line.sendall(struct.pack("!L", len(piece)) + piece)
        line.sendall(END)
    except (BrokenPipeError, ConnectionResetError):
        pass
    except OSError as error:
        raise ScannerAway(str(error)) from error
    try:
        return _answer(line)
    except OSError as error:
        raise ScannerAway(str(error)) from error


def _answer(line: socket.socket) -> str:
    said = b""
    while b"\0" not in said and len(said) < ANSWER:
        piece = line.recv(ANSWER - len(said))
        if not piece:
            break
        said += piece
    text = said.partition(b"\0")[0].decode("utf-8", "replace").strip()
    if not text:
        raise ScannerAway("it hung up without an answer")
    return text


FOUND = re.compile(r"^[^:]*: (?P<name>.+) FOUND$")
ERROR = re.compile(r"^(?:[^:]*: )?(?P<why>.+?)\.? ERROR$")


def _found(answer: str) -> tuple[str, ...]:
    """`stream: OK`, `stream: Name FOUND`, or an error. Anything else is no answer, and nothing is clean by it."""
    if answer == "stream: OK":
        return ()
    if found := FOUND.match(answer):
        return (found["name"][:120],)
    if failed := ERROR.match(answer):
        raise CannotScan(failed["why"][:120])
    raise ScannerAway("its answer cannot be understood")


# The door: who is asked. Standard is the daemon that the node's settings name.

_plugged: list[Callable[[], Scanner]] = []


def use(make: Callable[[], Scanner] | None) -> None:
    """Plug in another scanner; None goes back to ClamAV's daemon."""
    _plugged[:] = [make] if make else []


def scanner() -> Scanner:
    return _plugged[0]() if _plugged else Clamd(settings.ILEX_SCANNER_AT)


def is_set_up() -> bool:
    """Whether this node has a scanner, so that new files wait for it."""
    return scanner().is_here()


def is_required() -> bool:
    """The node opens only what was scanned."""
    return bool(settings.ILEX_SCANNER == REQUIRED)
