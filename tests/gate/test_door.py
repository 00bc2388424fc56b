"""The peers' door: who is let in, what is taken, and what an answer never tells."""

from __future__ import annotations

import json
import logging
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils.timezone import now
from pytest_django import Settings

from ilex.gate import keys, tls
from ilex.gate.actions import pause, remove
from ilex.gate.carriers import Failure
from ilex.gate.carriers.https import Connection
from ilex.gate.door import answers
from ilex.gate.keys import KeyRing, Line
from ilex.gate.models import Envelope, Peer, PeerKey, Receipt
from ilex.journal.actions import act, grow
from ilex.journal.models import Head, Operation
from ilex.journal.models import Line as JournalLine
from ilex.journal.tree import proves_consistency
from tests.gate.lines import door, let_in, line_to, made_line, wait_until
from tests.gate.partners import letter, make_ring, pair

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def line(peer: Peer, partner: KeyRing, ours: KeyRing) -> Iterator[Connection]:
    """The paired partner's line to our open door."""
    with door() as port:
        yield line_to(port, partner, ours)


def post(line: Connection, *lines: bytes) -> list[dict[str, object]]:
    answer = line.ask("POST", "/envelopes", b"".join(one + b"\n" for one in lines))
    assert answer.status == 200
    return [json.loads(one) for one in answer.lines()]


def test_paired_partner_gets_a_receipt_for_each_envelope(line: Connection, partner: KeyRing, ours: KeyRing) -> None:
    given = post(line, letter(partner, ours), b"not an envelope", letter(partner, ours))

    assert [list(answer) for answer in given] == [["receipt"], ["error"], ["receipt"]]
    assert Envelope.objects.filter(state=Envelope.State.WAITING).count() == 2
    assert Receipt.objects.filter(way="out", sent_at__isnull=False).count() == 2


def test_repeat_gets_the_very_same_receipt(line: Connection, partner: KeyRing, ours: KeyRing) -> None:
    envelope = letter(partner, ours)

    assert post(line, envelope) == post(line, envelope)
    assert Envelope.objects.count() == 1


def test_visit_is_noted_for_the_network_board(line: Connection, peer: Peer) -> None:
    line.ask("GET", "/up")

    peer.refresh_from_db()
    assert peer.last_up_at is not None


def test_stranger_without_certificate_is_turned_away(line: Connection) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE

    with pytest.raises(ssl.SSLError, match="CERTIFICATE_REQUIRED"):
        _say(context, line, b"GET /up HTTP/1.1\r\nHost: x\r\n\r\n")


def test_older_tls_is_turned_away(line: Connection, partner: KeyRing) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(partner.line.certificate, partner.line.key)

    with pytest.raises(ssl.SSLError, match="PROTOCOL_VERSION"):
        _say(context, line, b"GET /up HTTP/1.1\r\nHost: x\r\n\r\n")


def _say(context: ssl.SSLContext, line: Connection, text: bytes) -> bytes:
    with (
        socket.create_connection(("127.0.0.1", int(line.endpoint.rpartition(":")[2])), timeout=5) as plain,
        context.wrap_socket(plain) as sock,
    ):
        sock.sendall(text)
        return sock.recv(4096)


def port_of(line: Connection) -> int:
    return int(line.endpoint.rpartition(":")[2])


def test_certificate_of_the_same_name_that_is_not_pinned_is_turned_away(
    line: Connection, ours: KeyRing, tmp_path: Path
) -> None:
    rogue = made_line(tmp_path / "rogue", "ilecu-mk", now())

    with pytest.raises(Failure, match="does not accept our certificate"):
        line_to(port_of(line), rogue, ours).ask("GET", "/up")


def pinned(peer: Peer, line: Line) -> None:
    PeerKey.objects.create(peer=peer, use=PeerKey.Use.TLS, kid=line.sha256, key=line.pem, since=now())


def test_expired_certificate_is_turned_away_though_it_is_pinned(
    line: Connection, peer: Peer, ours: KeyRing, tmp_path: Path
) -> None:
    expired = made_line(tmp_path / "old", "ilecu-mk", now() - timedelta(days=500))
    pinned(peer, expired)

    with pytest.raises(Failure, match="Our own certificate expired on 20"):
        line_to(port_of(line), expired, ours).ask("GET", "/up")


def test_certificate_of_tomorrow_is_turned_away_though_it_is_pinned(
    line: Connection, peer: Peer, ours: KeyRing, tmp_path: Path
) -> None:
    early = made_line(tmp_path / "early", "ilecu-mk", now() + timedelta(days=1))
    pinned(peer, early)

    with pytest.raises(Failure, match="does not accept our certificate"):
        line_to(port_of(line), early, ours).ask("GET", "/up")


def test_both_certificates_are_let_in_while_the_partner_renews_its_keys(
    line: Connection, peer: Peer, ours: KeyRing, tmp_path: Path
) -> None:
    renewed = made_line(tmp_path / "new", "ilecu-mk", now())
    pinned(peer, renewed)

    wait_until(lambda: let_in(line_to(port_of(line), renewed, ours)))
    assert let_in(line)


def test_our_renewed_certificate_is_shown_without_a_restart(line: Connection, partner: KeyRing, ours: KeyRing) -> None:
    folder = keys.here()
    renewed = keys.prepare_next(folder, "https://127.0.0.1:9000", now())
    pem = renewed.tls_pem
    keys.use_next(folder, now())
    keys.use_newest_line(folder)

    new = Connection(line.endpoint, partner.line, [pem])
    with closing(new):
        wait_until(lambda: let_in(new))
    line.close()
    with pytest.raises(Failure, match="another certificate"):
        line.ask("GET", "/up")


def test_pairing_and_removal_take_effect_while_the_door_is_open(
    line: Connection, ours: KeyRing, tmp_path: Path
) -> None:
    newcomer = make_ring(tmp_path / "third", "ilecu-hu")
    theirs = line_to(port_of(line), newcomer, ours)
    assert not let_in(theirs)

    pair(newcomer)
    wait_until(lambda: let_in(theirs))

    remove("ilecu-hu", by=None)
    assert not let_in(theirs)  # on the connection that stands: each request asks again
    assert let_in(line)


def test_paused_partner_hears_that_it_is_paused(line: Connection, peer: Peer, partner: KeyRing, ours: KeyRing) -> None:
    pause(peer.pk, by=None)

    (answer,) = post(line, letter(partner, ours))

    assert answer["error"]["code"] == "paused"  # type: ignore[index]


def test_partner_cannot_bring_the_letter_of_another(line: Connection, ours: KeyRing, tmp_path: Path) -> None:
    third = make_ring(tmp_path / "third", "ilecu-hu")
    pair(third)

    (answer,) = post(line, letter(third, ours))

    assert answer["error"]["code"] == "wrong-line"  # type: ignore[index]
    assert Envelope.objects.count() == 0


def test_journal_is_proven_to_the_witness(line: Connection) -> None:
    for _round in range(2):
        with act("test.act", Operation.OPERATION, by=None):
            pass
        grow()
    first, second = Head.objects.order_by("size").values_list("size", flat=True)

    assert line.ask("GET", "/journal/head").body.decode() == Head.objects.get(size=second).note
    answer = json.loads(line.ask("GET", f"/journal/consistency?first={first}&second={second}").body)
    old, new = (bytes(head.root) for head in Head.objects.order_by("size"))
    assert proves_consistency(first, second, old, new, [bytes.fromhex(step) for step in answer["proof"]])

    ahead = line.ask("GET", f"/journal/consistency?first={second}&second={second + 1}")
    assert (ahead.status, ahead.code) == (409, "cannot-prove")


@pytest.mark.parametrize(
    "query", ["", "first=1", "first=-1&second=2", "first=1&second=x", "first=1&second=" + "9" * 30]
)
def test_unclear_question_about_the_journal_is_turned_away(line: Connection, query: str) -> None:
    assert line.ask("GET", f"/journal/consistency?{query}").status == 400


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/envelopes"),
        ("DELETE", "/envelopes"),
        ("POST", "/up"),
        ("GET", "/blobs/" + "0" * 64),
        ("PUT", "/blobs/0123"),
        ("GET", "/blobs/../../keys/ring.json"),
        ("GET", "/%2e%2e/keys/ring.json"),
        ("GET", "/static/css/app.css"),
    ],
)
def test_nothing_else_is_here(line: Connection, method: str, path: str) -> None:
    answer = line.ask(method, path)

    assert (answer.status, answer.code) == (404, "not-here")


def test_too_many_lines_are_turned_away_whole(line: Connection) -> None:
    answer = line.ask("POST", "/envelopes", b"x\n" * 129)

    assert (answer.status, answer.code) == (413, "too-large")
    assert not JournalLine.objects.filter(act="line.refused").exists()


def test_too_large_body_is_turned_away_before_it_is_read(line: Connection) -> None:
    answer = line.ask("POST", "/envelopes", b"", {"Content-Length": str(16 * 2**20 + 1)}, seconds=20)

    assert (answer.status, answer.code) == (413, "too-large")


def test_body_of_unknown_length_is_turned_away(line: Connection) -> None:
    answer = line.ask("POST", "/envelopes", b"", {"Transfer-Encoding": "chunked"})

    assert answer.status == 411


def test_one_line_over_a_mebibyte_is_refused_and_its_neighbour_is_kept(
    line: Connection, partner: KeyRing, ours: KeyRing
) -> None:
    large, small = post(line, b"{" + b"x" * 2**20, letter(partner, ours))

    assert large["error"]["code"] == "too-large"  # type: ignore[index]
    assert "receipt" in small


@pytest.mark.parametrize("headers", [{"X-Long": "x" * 65_536}, {f"X-{at}": "x" for at in range(60)}])
def test_swollen_headers_are_turned_away(line: Connection, headers: dict[str, str]) -> None:
    assert line.ask("GET", "/up", b"", headers).status in {400, 431}


def test_half_a_body_changes_nothing(line: Connection, partner: KeyRing, ours: KeyRing) -> None:
    envelope = letter(partner, ours)
    context = tls.line_context(partner.line, [ours.line.pem])
    head = b"POST /envelopes HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (2 * len(envelope))

    with (
        socket.create_connection(("127.0.0.1", port_of(line)), timeout=5) as plain,
        context.wrap_socket(plain) as sock,
    ):
        sock.sendall(head + envelope + b"\n")

    assert let_in(line)
    assert Envelope.objects.count() == 0


def test_failure_inside_tells_nothing_about_itself(peer: Peer, partner: KeyRing, ours: KeyRing, tmp_path: Path) -> None:
    def fails(*_arguments: object) -> answers.Answer:
        raise RuntimeError("Марко Пример")

    def broken() -> None:
        answers.ROUTES = (("GET", "/journal/head", fails),)
        logging.getLogger("ilex").addHandler(logging.FileHandler(tmp_path / "log"))

    with door(broken) as port:
        answer = line_to(port, partner, ours).ask("GET", "/journal/head")

    assert answer.status == 500
    assert b"RuntimeError" not in answer.body
    assert b"Traceback" not in answer.body
    logged = (tmp_path / "log").read_text()
    assert "RuntimeError" in logged
    assert "Марко" not in logged


def test_silent_strangers_do_not_close_the_door(line: Connection) -> None:
    """More of them than the door has threads: those that say nothing, and those that stop in the middle."""
    strangers = [socket.create_connection(("127.0.0.1", port_of(line))) for _ in range(40)]
    try:
        assert line.ask("GET", "/up", seconds=30).status == 200
    finally:
        for stranger in strangers:
            stranger.close()


def test_stranger_that_stops_in_the_handshake_is_let_go(peer: Peer, partner: KeyRing, ours: KeyRing) -> None:
    with door(lambda: setattr(tls, "HANDSHAKE", 3)) as port:
        strangers = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(10)]
        for stranger in strangers:
            stranger.sendall(b"\x16\x03\x01\x02")  # the first bytes of a ClientHello

        assert line_to(port, partner, ours).ask("GET", "/up", seconds=30).status == 200
        assert all(not stranger.recv(100) for stranger in strangers)
        for stranger in strangers:
            stranger.close()


def test_partner_that_trickles_is_let_go(peer: Peer, partner: KeyRing, ours: KeyRing) -> None:
    context = tls.line_context(partner.line, [ours.line.pem])
    with (
        door(lambda: setattr(tls, "REQUEST", 0.5)) as port,
        socket.create_connection(("127.0.0.1", port), timeout=10) as plain,
        context.wrap_socket(plain) as sock,
    ):
        sock.sendall(b"POST /envelopes HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
        sock.sendall(b"x")
        assert sock.recv(1000) == b""  # it is over, while the other 999 bytes are still to come


def test_proxy_may_name_the_certificate_only_where_the_operator_said_so(
    settings: Settings, peer: Peer, partner: KeyRing, tmp_path: Path
) -> None:
    path = tmp_path / "door"
    with door(bind=f"unix:{path}"):
        wait_until(path.exists)
        wait_until(lambda: b"403" in _over_unix(path, partner.line.sha256))

    settings.ILEX_CERTIFICATE_HEADER = "X-Client-Certificate"
    with door(bind=f"unix:{path}"):
        wait_until(lambda: b"200 OK" in _over_unix(path, partner.line.sha256))
        assert b"403" in _over_unix(path, "0" * 64)


def _over_unix(path: Path, certificate: str) -> bytes:
    try:
        with socket.socket(socket.AF_UNIX) as sock:
            sock.connect(str(path))
            sock.sendall(b"GET /up HTTP/1.1\r\nHost: x\r\nX-Client-Certificate: " + certificate.encode() + b"\r\n\r\n")
            return sock.recv(1000)
    except (ConnectionRefusedError, FileNotFoundError):
        return b""


def test_over_tls_no_header_can_name_another_certificate(
    settings: Settings, peer: Peer, partner: KeyRing, ours: KeyRing, tmp_path: Path
) -> None:
    settings.ILEX_CERTIFICATE_HEADER = "X-Client-Certificate"
    third = make_ring(tmp_path / "third", "ilecu-hu")
    pair(third)
    with door() as port:
        line = line_to(port, third, ours)
        answer = line.ask("POST", "/envelopes", letter(partner, ours), {"X-Client-Certificate": partner.line.sha256})

    assert b"wrong-line" in answer.body
