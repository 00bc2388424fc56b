"""Fetches a feed from a server of strangers: http and https only, never an address inside our own network."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Timer
from urllib.parse import urljoin, urlsplit

from django.utils.translation import gettext as _

from ilex.library.reading import MOST_BYTES
from ilex.library.rules.addresses import mended

SECONDS = 20.0  # for the whole of it, however slowly the other side speaks
REDIRECTS = 3
PIECE = 2**16
MOVED = (301, 302, 303, 307, 308)
TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: by a gateway to the older internet
ACCEPT = "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"

Allowed = Callable[[str], bool]


class NotFetched(Exception):
    """One sentence: why nothing came."""


@dataclass(frozen=True)
class Answer:
    content: bytes | None  # None: nothing new since the last time
    etag: str = ""
    modified: str = ""


def is_public(address: str) -> bool:
    """Whether the address (of a machine) is one of the open internet."""
    number = ipaddress.ip_address(address.partition("%")[0])
    inner = _inner(number)
    return number.is_global and not number.is_multicast and (inner is None or inner.is_global)


def _inner(number: ipaddress.IPv4Address | ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The older address that stands in a newer one and is what is really asked."""
    if isinstance(number, ipaddress.IPv4Address):
        return None
    if number in TRANSLATED:
        return ipaddress.IPv4Address(int(number) & 0xFFFFFFFF)
    return number.ipv4_mapped or number.sixtofour


def fetch(address: str, *, etag: str = "", modified: str = "", allowed: Allowed = is_public) -> Answer:
    """What stands there now. Raises NotFetched."""
    for _turn in range(REDIRECTS + 1):
        try:
            with _asked(address, etag, modified, allowed) as answer:
                if answer.status not in MOVED:
                    return _read(answer)
                address = _onward(address, answer)
        except TimeoutError as error:
            raise NotFetched(_("The server did not answer in time.")) from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise NotFetched(_("The server cannot be reached, or does not speak HTTP as it should.")) from error
    raise NotFetched(_("The server sends us on from one address to the next, and does not end."))


def _onward(address: str, answer: http.client.HTTPResponse) -> str:
    try:
        return mended(urljoin(address, answer.getheader("Location") or ""))
    except ValueError as error:
        raise NotFetched(_("The server sends us on to something that is no web address.")) from error


def _read(answer: http.client.HTTPResponse) -> Answer:
    etag, modified = (answer.getheader("ETag") or "")[:200], (answer.getheader("Last-Modified") or "")[:60]
    if answer.status == 304:
        return Answer(None, etag, modified)
    if answer.status != 200:
        raise NotFetched(_("The server answers %(status)d instead of a feed.") % {"status": answer.status})
    if (answer.getheader("Content-Encoding") or "identity").lower() != "identity":
        raise NotFetched(_("The server sends the feed packed, which was not asked for."))
    content = bytearray()
    while piece := answer.read(PIECE):
        content += piece
        if len(content) > MOST_BYTES:
            raise NotFetched(_("The feed is longer than 10 MiB. Nothing of it was taken in."))
    return Answer(bytes(content), etag, modified)


@contextmanager
def _asked(address: str, etag: str, modified: str, allowed: Allowed) -> Iterator[http.client.HTTPResponse]:
    parts = urlsplit(address)
    line = _Line(parts.scheme == "https", parts.hostname or "", parts.port, allowed)
    watch = Timer(SECONDS, line.cut)
    watch.daemon = True
    watch.start()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        line.request("GET", path, headers=_headers(etag, modified))
        with line.getresponse() as answer:
            yield answer
    except (OSError, http.client.HTTPException, AttributeError, ValueError) as error:
        if line.late:
            raise TimeoutError from error
        raise
    finally:
        watch.cancel()
        line.end()
    if line.late:  # what was cut off looks like an end
        raise TimeoutError


def _headers(etag: str, modified: str) -> dict[str, str]:
    usual = {"User-Agent": "Ilex", "Accept": ACCEPT, "Accept-Encoding": "identity", "Connection": "close"}
    known = {"If-None-Match": etag, "If-Modified-Since": modified}
    return usual | {name: value for name, value in known.items() if value and value.isprintable()}


class _Line(http.client.HTTPConnection):
    """Connects to the very address that was looked at: a name that changes its mind in between leads nowhere."""

    late = False
    wire: socket.socket | None = None  # http.client forgets its own as soon as it has the head of the answer

    def __init__(self, secure: bool, host: str, port: int | None, allowed: Allowed) -> None:
        super().__init__(host, port or (443 if secure else 80), timeout=SECONDS)
        self.secure, self.allowed = secure, allowed

    def connect(self) -> None:
        places = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        addresses = [str(place[4][0]) for place in places]
        if not addresses or not all(map(self.allowed, addresses)):
            raise NotFetched(
                _("This address leads into a network of ours or of somebody's own, not to the open internet.")
            )
        self.wire = self.sock = socket.create_connection((addresses[0], self.port), SECONDS)
        if self.secure:
            context = ssl.create_default_context()
            self.wire = self.sock = context.wrap_socket(
                self.sock, server_hostname=self.host, do_handshake_on_connect=False
            )
            self.sock.do_handshake()

    def cut(self) -> None:
        """The time is over: whoever waits for this line goes on."""
        self.late = True
        if self.wire is not None:
            with suppress(OSError):
                self.wire.shutdown(socket.SHUT_RDWR)

    def end(self) -> None:
        self.close()
        if self.wire is not None:
            self.wire.close()
