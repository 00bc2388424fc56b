"""TLS 1.3 with pinned certificates on both sides, and sockets that never wait without end."""

from __future__ import annotations

import errno
import hashlib
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ilex.gate.keys import Line

HANDSHAKE = 10.0  # seconds for the whole handshake
IDLE = 30.0  # seconds in which a byte must move
REQUEST = 300.0  # seconds for a whole request to the door: 8 MiB at 28 KiB/s


class BoundedSocket(ssl.SSLSocket):
    """A TLS socket with an end to every wait: for each step, and for the whole request (`allow`).

    A partner that sends one byte now and then would otherwise hold a thread for ever.
    """

    until: float | None = None

    def allow(self, seconds: float) -> None:
        """From now on all reading and writing together may take this long."""
        self.until = time.monotonic() + seconds

    def setblocking(self, flag: bool) -> None:
        # The server calls this before each request; "blocking" means "with the bounds" here.
        super().setblocking(flag)
        if flag:
            self.settimeout(IDLE)
            self.allow(REQUEST)

    def do_handshake(self, block: bool = False) -> None:
        self.settimeout(HANDSHAKE)
        super().do_handshake(block)
        self.settimeout(IDLE)
        self.allow(REQUEST)

    def read(self, len: int = 1024, buffer: Any = None) -> Any:
        self._wait_no_longer()
        return super().read(len, buffer)

    def send(self, data: Any, flags: int = 0) -> int:
        self._wait_no_longer()
        return super().send(data, flags)

    def _wait_no_longer(self) -> None:
        if self.until is None or self.gettimeout() == 0:
            return
        rest = self.until - time.monotonic()
        if rest <= 0:
            raise TimeoutError("the request took too long")
        self.settimeout(min(IDLE, rest))


class VisitorSocket(BoundedSocket):
    """At the door: a visitor who takes too long is gone, and needs no more words than one who hung up."""

    def do_handshake(self, block: bool = False) -> None:
        with _hung_up():
            super().do_handshake(block)

    def read(self, len: int = 1024, buffer: Any = None) -> Any:
        with _hung_up():
            return super().read(len, buffer)

    def send(self, data: Any, flags: int = 0) -> int:
        with _hung_up():
            return super().send(data, flags)


@contextmanager
def _hung_up() -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise ConnectionResetError(errno.ECONNRESET, "took too long") from error


def door_context(line: Line, pins: Sequence[str]) -> ssl.SSLContext:
    """For the peers' door: only a client that shows one of the pinned certificates gets through the handshake."""
    context = _context(ssl.PROTOCOL_TLS_SERVER, line, pins)
    context.sslsocket_class = VisitorSocket
    context.num_tickets = 0  # a resumed session would outlive an unpairing
    return context


def line_context(line: Line, pins: Sequence[str]) -> ssl.SSLContext:
    """For the relay: only the peer's pinned certificates count, whatever this machine trusts otherwise."""
    return _context(ssl.PROTOCOL_TLS_CLIENT, line, pins)


def _context(side: int, line: Line, pins: Sequence[str]) -> ssl.SSLContext:
    context = ssl.SSLContext(side)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False  # the pin is the identity; a peer may move to another host
    context.verify_mode = ssl.CERT_REQUIRED
    # The pinned certificate itself is the anchor, also where a national authority issued it.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    if pins:
        context.load_verify_locations(cadata="".join(pins))
    context.load_cert_chain(line.certificate, line.key)
    context.sslsocket_class = BoundedSocket
    return context


def shown(sock: ssl.SSLSocket) -> str:
    """SHA-256 of the certificate that the other side showed, in hexadecimal; empty for none."""
    certificate = sock.getpeercert(binary_form=True)
    return hashlib.sha256(certificate).hexdigest() if certificate else ""
