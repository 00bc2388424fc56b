"""Feeds are fetched from servers of strangers: within bounds of time, size and place, and only when they changed."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.utils.timezone import now

from ilex.journal.models import Line
from ilex.library import fetching
from ilex.library.actions.feeds import LEASE, add_feed, fetch_due, switch_feed
from ilex.library.fetching import NotFetched, fetch, is_public
from ilex.library.models import Feed, Item
from ilex.library.reading import MOST_BYTES
from ilex.units.models import Officer
from tests.library import feeding

Speak = Callable[[BaseHTTPRequestHandler], None]


def anywhere(address: str) -> bool:
    return True


@contextmanager
def server(speak: Speak) -> Iterator[str]:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            speak(self)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{listening.server_address[1]}/feed.xml"
        finally:
            listening.shutdown()


def said(answer: BaseHTTPRequestHandler, status: int, content: bytes = b"", **headers: str) -> None:
    answer.send_response(status)
    for name, value in {"Content-Length": str(len(content)), **headers}.items():
        answer.send_header(name.replace("_", "-"), value)
    answer.end_headers()
    answer.wfile.write(content)


def test_feed_comes_with_its_mark_and_is_not_sent_again_while_nothing_changed() -> None:
    def speak(answer: BaseHTTPRequestHandler) -> None:
        if answer.headers["If-None-Match"] == '"7"':
            said(answer, 304)
        else:
            said(answer, 200, b"<rss/>", ETag='"7"', Last_Modified="Thu, 21 Mar 2019 12:57:30 GMT")

    with server(speak) as address:
        first = fetch(address, allowed=anywhere)
        assert (first.content, first.etag, first.modified) == (b"<rss/>", '"7"', "Thu, 21 Mar 2019 12:57:30 GMT")
        assert fetch(address, etag=first.etag, modified=first.modified, allowed=anywhere).content is None


def test_moved_feed_is_found_and_one_that_moves_for_ever_is_given_up() -> None:
    def speak(answer: BaseHTTPRequestHandler) -> None:
        if answer.path == "/feed.xml":
            said(answer, 301, Location="/b")
        elif answer.path == "/b":
            said(answer, 200, b"found")
        else:
            said(answer, 302, Location=f"{answer.path}x")

    with server(speak) as address:
        assert fetch(address, allowed=anywhere).content == b"found"
        with pytest.raises(NotFetched, match="does not end"):
            fetch(address.replace("feed.xml", "c"), allowed=anywhere)


@pytest.mark.parametrize(
    ("speak", "says"),
    [
        (lambda answer: said(answer, 404), "404"),
        (lambda answer: said(answer, 200, b"a" * (MOST_BYTES + 1)), "longer than 10 MiB"),
        (lambda answer: said(answer, 200, b"x", Content_Encoding="gzip"), "packed"),
        (lambda answer: said(answer, 301, Location="file:///etc/passwd"), "no web address"),
        (lambda answer: answer.wfile.write(b"SSH-2.0-server\r\n"), "cannot be reached"),
    ],
    ids=["not there", "too long", "packed", "to a file", "another protocol"],
)
def test_what_cannot_be_a_feed_is_one_sentence(speak: Speak, says: str) -> None:
    with server(speak) as address, pytest.raises(NotFetched, match=says) as wrong:
        fetch(address, allowed=anywhere)
    assert str(wrong.value).endswith(".")


@pytest.mark.parametrize(
    "start",
    [(b"HTTP/1.0 200 OK\r\n", b"X: y\r\n"), (b"HTTP/1.0 200 OK\r\n\r\n<rss>", b"a")],
    ids=["head", "body"],
)
def test_server_that_drips_is_left_when_the_time_is_over(
    monkeypatch: pytest.MonkeyPatch, start: tuple[bytes, bytes]
) -> None:
    monkeypatch.setattr(fetching, "SECONDS", 0.5)
    gone = threading.Event()

    def speak(answer: BaseHTTPRequestHandler) -> None:
        begin, drop = start
        answer.wfile.write(begin)
        with suppress(OSError):
            while not gone.wait(0.1):
                answer.wfile.write(drop)

    with server(speak) as address:
        try:
            with pytest.raises(NotFetched, match="in time"):
                fetch(address, allowed=anywhere)
        finally:
            gone.set()


NOT_PUBLIC = "127.0.0.1 10.1.2.3 192.168.1.1 169.254.169.254 0.0.0.0"
NOT_PUBLIC_6 = "::1 fe80::1 fc00::1 ::ffff:10.0.0.1 2002:a00:1:: 64:ff9b::a00:1"


@pytest.mark.parametrize("address", [*NOT_PUBLIC.split(), *NOT_PUBLIC_6.split()])
def test_address_within_a_network_of_ours_is_not_asked(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_public(address)
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    found = [(family, socket.SOCK_STREAM, 6, "", (address, 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: found)
    with pytest.raises(NotFetched, match="not to the open internet"):
        fetch("http://news.example.org/feed.xml")


def test_feed_that_sends_us_on_into_a_network_of_ours_is_not_followed() -> None:
    """Only the machine of the first address counts as open here."""
    asked: list[str] = []

    def speak(answer: BaseHTTPRequestHandler) -> None:
        asked.append(answer.path)
        said(answer, 302, Location="http://169.254.169.254/latest/meta-data")

    with server(speak) as address, pytest.raises(NotFetched, match="not to the open internet"):
        fetch(address, allowed=lambda number: number == "127.0.0.1")
    assert asked == ["/feed.xml"]


def test_addresses_of_the_open_internet_may_be_asked() -> None:
    assert is_public("193.0.6.139")
    assert is_public("2001:67c:2e8:22::c100:68b")
    assert is_public("64:ff9b::c100:68b")


# --- with the clock ---


@pytest.mark.django_db
def test_clock_takes_a_feed_in_once_and_sets_the_next_time(eda: Officer) -> None:
    with server(lambda answer: said(answer, 200, feeding.rss(feeding.item(guid="7")), ETag='"7"')) as address:
        feed = add_feed(eda, title="News of Skopje", address=address)
        at = now()
        fetch_due(at, allowed=anywhere)
        feed.refresh_from_db()
        assert (Item.objects.count(), feed.etag, feed.failures) == (1, '"7"', 0)
        assert feed.next_try is not None
        assert feed.next_try > at + LEASE
        fetch_due(at, allowed=anywhere)  # it is not due
        fetch_due(at + timedelta(hours=2), allowed=anywhere)
        assert Item.objects.count() == 1
        assert Line.objects.filter(act="feed.taken").count() == 1


@pytest.mark.django_db
def test_feed_that_does_not_come_is_told_and_tried_with_growing_pauses(eda: Officer) -> None:
    with server(lambda answer: said(answer, 200, b"<rss><channel>")) as address:
        feed = add_feed(eda, title="News of Skopje", address=address)
        lines, at, pauses = Line.objects.count(), now(), []
        for _turn in range(3):
            fetch_due(at, allowed=anywhere)
            feed.refresh_from_db()
            assert feed.next_try is not None
            pauses.append(feed.next_try - at)
            at = feed.next_try
        assert pauses == [timedelta(hours=1), timedelta(hours=2), timedelta(hours=4)]
        assert "its XML is not whole" in feed.failure
        assert (Item.objects.count(), Line.objects.count()) == (0, lines)


@pytest.mark.django_db
def test_feed_that_is_off_is_not_fetched(eda: Officer) -> None:
    asked: list[str] = []
    with server(lambda answer: asked.append(answer.path)) as address:
        feed = add_feed(eda, title="News of Skopje", address=address)
        switch_feed(eda, feed, False)
        fetch_due(now(), allowed=anywhere)
    assert asked == []
    assert not Feed.objects.get().active
