"""The line: HTTPS with our certificate and the peer's pinned one, kept open between rounds.

The standard library's client, not a pool: we check the pin before the first byte, bound every answer and every
wait, follow nothing, and can tell the real cause of a failure. It reads no proxy from the environment.
"""

from __future__ import annotations

import http.client
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from ilex.gate import keys
from ilex.gate.arrivals import Turned
from ilex.gate.canonical import Malformed, strict
from ilex.gate.carriers import BlobRefused, Failure
from ilex.gate.carriers.causes import cause, status_sentence
from ilex.gate.certificates import certificate_digest
from ilex.gate.models import Peer
from ilex.gate.queries import pins
from ilex.gate.tls import BoundedSocket, line_context, shown

CONNECT = 10.0  # seconds
IDLE = 1.0  # seconds after which a kept connection may have been closed by the door
SMALL = 45.0  # seconds for a request with lines; the relay's lease is longer
BLOB = 280.0  # seconds for one piece; the door stops a little later
ANSWER_LIMIT = 4 * 2**20
BLOB_PIECE = 8 * 2**20
PROOF_LIMIT = 130  # hashes; a tree of 2^64 leaves needs fewer
CANNOT_PROVE = "cannot-prove"


Body = bytes | memoryview


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    here: int | None  # bytes of a blob that the peer has
    code: str  # why a piece of a blob was not taken

    def lines(self) -> list[bytes]:
        return self.body.split(b"\n")[:-1]


class HttpsCarrier:
    """Serves one peer at a time; the relay gives each peer's thread its own."""

    def __init__(self) -> None:
        self._line: Connection | None = None

    def deliver(self, peer: Peer, lines: Sequence[bytes]) -> list[bytes]:
        return self._post(peer, "/envelopes", lines)

    def receipts(self, peer: Peer, lines: Sequence[bytes]) -> list[bytes]:
        return self._post(peer, "/receipts", lines)

    def send_blob(self, peer: Peer, digest: str, path: Path, size: int, progress: Callable[[int], bool]) -> int:
        return send_blob(self._open(peer), digest, path, size, progress)

    def proof(self, peer: Peer, first: int, second: int) -> list[bytes] | None:
        answer = self._open(peer).ask("GET", f"/journal/consistency?first={first}&second={second}")
        return None if answer.code == CANNOT_PROVE else _proof(_good(answer).body)

    def up(self, peer: Peer) -> None:
        _good(self._open(peer).ask("GET", "/up"))

    def close(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None

    def _post(self, peer: Peer, path: str, lines: Sequence[bytes]) -> list[bytes]:
        body = b"".join(line + b"\n" for line in lines)
        return _good(self._open(peer).ask("POST", path, body)).lines()[: len(lines)]

    def _open(self, peer: Peer) -> Connection:
        ours, theirs = keys.own().line, tuple(sorted(pins(peer)))
        if self._line is None or not self._line.fits(peer.endpoint, ours, theirs):
            self.close()
            self._line = Connection(peer.endpoint, ours, theirs)
        return self._line


class Connection:
    """One kept-alive connection to one door."""

    def __init__(self, endpoint: str, ours: keys.Line, theirs: Sequence[str]) -> None:
        self.endpoint, self.ours, self.theirs = endpoint, ours, tuple(theirs)
        parts = urlsplit(endpoint)
        self._host, self._port = parts.hostname or "", parts.port or 443
        self._pinned = {certificate_digest(pem) for pem in theirs}
        self._http: http.client.HTTPSConnection | None = None
        self._used_at = 0.0

    def fits(self, endpoint: str, ours: keys.Line, theirs: Sequence[str]) -> bool:
        return (endpoint, ours.sha256, tuple(theirs)) == (self.endpoint, self.ours.sha256, self.theirs)

    def ask(
        self,
        method: str,
        path: str,
        body: Body = b"",
        headers: dict[str, str] | None = None,
        seconds: float = SMALL,
    ) -> Answer:
        """One request and its answer within `seconds`. Raises Failure with the cause."""
        idle = self._http is not None and time.monotonic() - self._used_at > IDLE
        try:
            return self._ask(method, path, body, headers or {}, seconds)
        except (http.client.RemoteDisconnected, ConnectionError, ssl.SSLEOFError) as error:
            # The door closes a connection that was idle for long. Everything we ask may be asked twice.
            if not idle:
                raise Failure(self._cause(error)) from error
        except (OSError, http.client.HTTPException) as error:
            raise Failure(self._cause(error)) from error
        try:
            return self._ask(method, path, body, headers or {}, seconds)
        except (OSError, http.client.HTTPException) as error:
            raise Failure(self._cause(error)) from error

    def close(self) -> None:
        if self._http is not None:
            self._http.close()
            self._http = None

    def _ask(self, method: str, path: str, body: Body, headers: dict[str, str], seconds: float) -> Answer:
        whole = False
        try:
            connection = self._connected()
            assert isinstance(connection.sock, BoundedSocket)  # noqa: S101
            connection.sock.allow(seconds)
            connection.request(method, path, body if len(body) else None, headers)
            answer = self._read(connection.getresponse())
            whole, self._used_at = True, time.monotonic()
            return answer
        finally:
            if not whole:
                self.close()  # what else would come on it is not known

    def _read(self, response: http.client.HTTPResponse) -> Answer:
        body = response.read(ANSWER_LIMIT + 1)
        if len(body) > ANSWER_LIMIT:
            raise http.client.HTTPException("too large")
        if response.length or (response.length is None and not response.chunked):
            raise http.client.IncompleteRead(body)  # `read` with a limit says nothing when the line breaks
        if response.will_close:
            self.close()
        here = response.headers.get("Upload-Offset", "")
        size = int(here) if here.isascii() and here.isdecimal() and len(here) < 20 else None
        return Answer(response.status, body, size, response.headers.get("Ilex-Code", "")[:40])

    def _connected(self) -> http.client.HTTPSConnection:
        if self._http is None:
            context = line_context(self.ours, self.theirs)
            connection = http.client.HTTPSConnection(
                self._host, self._port, timeout=CONNECT, context=context, blocksize=2**18
            )
            connection.connect()
            # The context trusts what a pinned certificate signed, too; we want the certificate itself.
            if shown(connection.sock) not in self._pinned:
                connection.close()
                raise ssl.SSLCertVerificationError("not the pinned certificate")
            self._http = connection
        return self._http

    def _cause(self, error: Exception) -> str:
        return cause(error, self._host, self._port, self.ours, self.theirs)


def send_blob(line: Connection, digest: str, path: Path, size: int, progress: Callable[[int], bool]) -> int:
    """As `Carrier.send_blob`, over one open line."""
    here = _here(line.ask("HEAD", f"/blobs/{digest}", seconds=BLOB))
    buffer = memoryview(bytearray(min(BLOB_PIECE, size)))
    with path.open("rb", buffering=0) as file:
        while progress(here) and here < size:
            file.seek(here)
            piece = buffer[: file.readinto(buffer)]
            headers = {"Content-Range": f"bytes {here}-{here + len(piece) - 1}/{size}"}
            before, here = here, _here(line.ask("PUT", f"/blobs/{digest}", piece, headers, seconds=BLOB))
            if here == before:
                raise Failure(_("The partner's node keeps nothing of the attachment."))
    return here


def _good(answer: Answer) -> Answer:
    if answer.status != HTTPStatus.OK:
        raise Failure(status_sentence(answer.status))
    return answer


def _here(answer: Answer) -> int:
    """How much of the blob the peer has, by its answer to HEAD or PUT."""
    if answer.here is not None and (answer.status == HTTPStatus.OK or answer.code == Turned.GAP):
        return answer.here
    if answer.code:
        raise BlobRefused(answer.code)
    raise Failure(status_sentence(answer.status))


def _proof(body: bytes) -> list[bytes]:
    try:
        steps = [bytes.fromhex(step) for step in strict(body)["proof"]]
    except (Malformed, ValueError, KeyError, TypeError) as error:
        raise Failure(_("The partner's proof of its journal cannot be read.")) from error
    if len(steps) > PROOF_LIMIT:
        raise Failure(_("The partner's proof of its journal cannot be read."))
    return steps
