"""What the door answers, as a plain WSGI application: seven routes, everything bounded."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.db import close_old_connections
from django.utils.timezone import now

from ilex.gate import arrivals
from ilex.gate.actions import accept, take_receipts
from ilex.gate.arrivals import Turned, TurnedAway
from ilex.gate.canonical import canonical
from ilex.gate.codes import Code
from ilex.gate.door.visitor import Visitor, visitor
from ilex.gate.failures import kind_and_place
from ilex.gate.models import Peer
from ilex.journal.queries import heads
from ilex.journal.tree import TreeError

log = logging.getLogger(__name__)

LINES = 128  # in one request
BATCH = 16 * 2**20  # bytes
BLOB_PIECE = 8 * 2**20
CHUNK = 2**18
LARGEST_TREE = 2**53
NDJSON = "application/x-ndjson"
CANNOT_PROVE = "cannot-prove"

STATUS = {
    Turned.UNKNOWN: HTTPStatus.NOT_FOUND,
    Turned.SIZE: HTTPStatus.BAD_REQUEST,
    Turned.GAP: HTTPStatus.CONFLICT,
    Turned.BUSY: HTTPStatus.CONFLICT,
    Turned.DAMAGED: HTTPStatus.CONFLICT,
    Turned.QUOTA: HTTPStatus.INSUFFICIENT_STORAGE,
    Turned.FULL: HTTPStatus.INSUFFICIENT_STORAGE,
    Turned.STORE: HTTPStatus.SERVICE_UNAVAILABLE,
}


@dataclass(frozen=True)
class Answer:
    status: HTTPStatus = HTTPStatus.OK
    body: bytes = b""
    kind: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


class NotTaken(Exception):
    """The request is not one that the door can take."""

    def __init__(self, status: HTTPStatus, code: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(code)
        self.status, self.code, self.headers = status, code, headers or {}

    def answer(self) -> Answer:
        body = canonical({"error": {"code": self.code}})
        return Answer(self.status, body, headers={**self.headers, "Ilex-Code": self.code})


Environ = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], object]


def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    close_old_connections()
    try:
        answer = _answer(environ)
    except NotTaken as turned:
        answer = turned.answer()
    except (ConnectionError, TimeoutError):
        answer = NotTaken(HTTPStatus.REQUEST_TIMEOUT, "cut").answer()
    except Exception as error:
        log.error("The door failed: %s", kind_and_place(error))
        answer = NotTaken(HTTPStatus.INTERNAL_SERVER_ERROR, "failure").answer()
    finally:
        close_old_connections()
    body = b"" if environ["REQUEST_METHOD"] == "HEAD" else answer.body
    headers = {"Content-Type": answer.kind, "Content-Length": str(len(body)), **answer.headers}
    start_response(f"{answer.status.value} {answer.status.phrase}", list(headers.items()))
    return [body]


def _answer(environ: Environ) -> Answer:
    who = visitor(environ)
    if who is None:
        raise NotTaken(HTTPStatus.FORBIDDEN, Code.UNKNOWN_SENDER)
    _seen(who.peer)
    for method, pattern, view in ROUTES:
        found = re.fullmatch(pattern, environ["PATH_INFO"])
        if found and environ["REQUEST_METHOD"] == method:
            return view(who, environ, **found.groupdict())
    raise NotTaken(HTTPStatus.NOT_FOUND, "not-here")


def _seen(peer: Peer) -> None:
    at = now()
    if peer.last_up_at is None or (at - peer.last_up_at).total_seconds() > 30:
        Peer.objects.filter(pk=peer.pk).update(last_up_at=at)


def envelopes(who: Visitor, environ: Environ) -> Answer:
    return _lines(accept(_body_lines(environ), who.certificate))


def receipts(who: Visitor, environ: Environ) -> Answer:
    return _lines(take_receipts(_body_lines(environ), who.peer))


def blob_here(who: Visitor, environ: Environ, digest: str) -> Answer:
    arrival = _arrival(who, digest)
    try:
        arrivals.must_have_room(arrival)
        return _offset(arrival.here_at_rest())
    except TurnedAway as turned:
        raise _not_taken(turned, arrival) from turned


def blob_piece(who: Visitor, environ: Environ, digest: str) -> Answer:
    first, length, total = _range(environ)
    chunks = _chunks(environ, length)
    try:
        return _take_piece(who, digest, first, total, chunks)
    except NotTaken:
        for _chunk in chunks:
            pass  # or the visitor, still sending, sees a broken line and not why the piece was not taken
        raise


def _take_piece(who: Visitor, digest: str, first: int, total: int, chunks: Iterator[bytes]) -> Answer:
    if who.peer.state == Peer.State.PAUSED:
        raise NotTaken(HTTPStatus.CONFLICT, Code.PAUSED)
    arrival = _arrival(who, digest)
    try:
        return _offset(arrivals.take(arrival, first, total, chunks))
    except TurnedAway as turned:
        raise _not_taken(turned, arrival) from turned


def consistency(who: Visitor, environ: Environ) -> Answer:
    asked = parse_qs(environ.get("QUERY_STRING", ""), max_num_fields=2)
    first, second = (_size(asked.get(name, [""])[0]) for name in ("first", "second"))
    try:
        proof = heads.consistency(first, second)
    except TreeError as error:
        raise NotTaken(HTTPStatus.CONFLICT, CANNOT_PROVE) from error
    return Answer(body=canonical({"first": first, "second": second, "proof": [step.hex() for step in proof]}))


def head(who: Visitor, environ: Environ) -> Answer:
    return Answer(body=heads.head_note().encode(), kind="text/plain; charset=utf-8")


def up(who: Visitor, environ: Environ) -> Answer:
    return Answer(body=canonical({"unit": settings.ILEX_UNIT, "up": True}))


View = Callable[..., Answer]
ROUTES: tuple[tuple[str, str, View], ...] = (
    ("POST", r"/envelopes", envelopes),
    ("POST", r"/receipts", receipts),
    ("HEAD", r"/blobs/(?P<digest>[0-9a-f]{64})", blob_here),
    ("PUT", r"/blobs/(?P<digest>[0-9a-f]{64})", blob_piece),
    ("GET", r"/journal/consistency", consistency),
    ("GET", r"/journal/head", head),
    ("GET", r"/up", up),
)


def _lines(lines: list[bytes]) -> Answer:
    return Answer(body=b"".join(line + b"\n" for line in lines), kind=NDJSON)


def _offset(here: int) -> Answer:
    return Answer(headers={"Upload-Offset": str(here)})


def _not_taken(turned: TurnedAway, arrival: arrivals.Arrival) -> NotTaken:
    if turned.why == Turned.STORE:
        return NotTaken(STATUS[turned.why], turned.why)  # how much is here cannot be told
    return NotTaken(STATUS[turned.why], turned.why, {"Upload-Offset": str(arrival.here())})


def _arrival(who: Visitor, digest: str) -> arrivals.Arrival:
    try:
        return arrivals.expected(who.peer, bytes.fromhex(digest))
    except TurnedAway as turned:
        raise NotTaken(STATUS[turned.why], turned.why) from turned


def _body_lines(environ: Environ) -> list[bytes]:
    length = _length(environ, BATCH)
    body = b"".join(_chunks(environ, length))
    if len(body) < length:
        raise NotTaken(HTTPStatus.BAD_REQUEST, "cut")
    lines = body.removesuffix(b"\n").split(b"\n")
    if len(lines) > LINES:
        raise NotTaken(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, Code.TOO_LARGE)
    return lines


def _length(environ: Environ, most: int) -> int:
    length = environ.get("CONTENT_LENGTH") or ""
    if not re.fullmatch(r"\d{1,12}", length, re.ASCII):
        raise NotTaken(HTTPStatus.LENGTH_REQUIRED, Code.MALFORMED)
    if int(length) > most:
        raise NotTaken(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, Code.TOO_LARGE)
    return int(length)


def _chunks(environ: Environ, length: int) -> Iterator[bytes]:
    while length and (chunk := environ["wsgi.input"].read(min(CHUNK, length))):
        length -= len(chunk)
        yield chunk


def _range(environ: Environ) -> tuple[int, int, int]:
    """First byte, number of bytes, and size of the whole, of a piece."""
    found = re.fullmatch(r"bytes (\d{1,12})-(\d{1,12})/(\d{1,12})", environ.get("HTTP_CONTENT_RANGE", ""), re.ASCII)
    length = _length(environ, BLOB_PIECE)
    if not found:
        raise NotTaken(HTTPStatus.BAD_REQUEST, Code.MALFORMED)
    first, last, total = (int(number) for number in found.groups())
    if last - first + 1 != length or last >= total:
        raise NotTaken(HTTPStatus.BAD_REQUEST, Code.MALFORMED)
    return first, length, total


def _size(text: str) -> int:
    if not re.fullmatch(r"\d{1,16}", text, re.ASCII) or int(text) > LARGEST_TREE:
        raise NotTaken(HTTPStatus.BAD_REQUEST, Code.MALFORMED)
    return int(text)
