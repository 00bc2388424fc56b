"""The line to a partner: what it trusts, how much it waits for, and how clearly it tells why it failed."""

from __future__ import annotations

import errno
import os
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils.timezone import now

from ilex.gate import tls
from ilex.gate.bench.wire import Wire
from ilex.gate.carriers import BlobRefused, Failure, https
from ilex.gate.carriers.https import Connection, HttpsCarrier
from ilex.gate.keys import KeyRing, Line
from ilex.gate.models import Peer
from tests.gate.lines import free_port, made_line

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n"


@contextmanager
def server(line: Line, trusted: str, say: Callable[[ssl.SSLSocket], None]) -> Iterator[int]:
    """A partner's machine that does anything but what it should."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                plain, _address = listening.accept()
            except OSError:
                return
            context = tls.door_context(line, [trusted])
            with context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False) as sock:
                try:
                    sock.do_handshake()
                    say(sock)
                except OSError:
                    _hang_up_politely(sock)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with listening:
        yield int(listening.getsockname()[1])
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(10)


def _hang_up_politely(sock: ssl.SSLSocket) -> None:
    """As the door does, or the kernel would throw away the word that says why."""
    with suppress(OSError):
        sock.shutdown(socket.SHUT_WR)
        while sock.recv(65536):
            pass


def answers(text: bytes) -> Callable[[ssl.SSLSocket], None]:
    def say(sock: ssl.SSLSocket) -> None:
        while sock.recv(65536):
            sock.sendall(text)

    return say


def asked(port: int, ours: KeyRing, *pinned: str, seconds: float = 10.0) -> https.Answer:
    with closing(Connection(f"https://127.0.0.1:{port}", ours.line, pinned)) as line:
        return line.ask("GET", "/up", seconds=seconds)


def failure(port: int, ours: KeyRing, *pinned: str, seconds: float = 10.0) -> str:
    with pytest.raises(Failure) as raised:
        asked(port, ours, *pinned, seconds=seconds)
    return str(raised.value)


def test_pinned_partner_is_heard(ours: KeyRing, partner: KeyRing) -> None:
    with server(partner.line, ours.line.pem, answers(OK)) as port:
        assert asked(port, ours, partner.line.pem).lines() == [b"ok"]


def test_partner_may_move_to_another_host_with_its_certificate(ours: KeyRing, tmp_path: Path) -> None:
    elsewhere = made_line(tmp_path / "elsewhere", "ilecu-mk", now())  # made for 127.0.0.1
    with server(elsewhere, ours.line.pem, answers(OK)) as port:
        line = Connection(f"https://localhost:{port}", ours.line, [elsewhere.pem])
        with closing(line):
            assert line.ask("GET", "/up").status == 200


def test_either_certificate_is_good_while_the_partner_renews(ours: KeyRing, partner: KeyRing, tmp_path: Path) -> None:
    renewed = made_line(tmp_path / "new", "ilecu-mk", now())
    for shown in (partner.line, renewed):
        with server(shown, ours.line.pem, answers(OK)) as port:
            assert asked(port, ours, partner.line.pem, renewed.pem).status == 200


def test_certificate_that_is_not_the_pinned_one_is_told_with_both_marks(
    ours: KeyRing, partner: KeyRing, tmp_path: Path
) -> None:
    rogue = made_line(tmp_path / "rogue", "ilecu-mk", now())
    with server(rogue, ours.line.pem, answers(OK)) as port:
        sentence = failure(port, ours, partner.line.pem)

    assert "shows another certificate" in sentence
    for digest in (rogue.sha256, partner.line.sha256):
        assert " ".join(digest[at : at + 4] for at in range(0, 16, 4)) in sentence


def test_expired_certificate_is_told_with_its_date(ours: KeyRing, tmp_path: Path) -> None:
    expired = made_line(tmp_path, "ilecu-mk", now() - timedelta(days=400))
    with server(expired, ours.line.pem, answers(OK)) as port:
        sentence = failure(port, ours, expired.pem)

    assert sentence.startswith(f"The partner's certificate expired on {now() - timedelta(days=3):%Y-%m-%d}")
    assert "renew" in sentence


def test_certificate_that_is_not_yet_valid_is_told_with_its_date(ours: KeyRing, tmp_path: Path) -> None:
    early = made_line(tmp_path, "ilecu-mk", now() + timedelta(days=3, hours=1))
    with server(early, ours.line.pem, answers(OK)) as port:
        sentence = failure(port, ours, early.pem)

    assert f"valid only from {now() + timedelta(days=3):%Y-%m-%d}" in sentence


def test_partner_that_does_not_know_our_certificate_is_told_as_such(
    ours: KeyRing, partner: KeyRing, tmp_path: Path
) -> None:
    another = made_line(tmp_path, "ilecu-rs", now())
    with server(partner.line, another.pem, answers(OK)) as port:
        sentence = failure(port, ours, partner.line.pem)

    assert sentence.startswith("The partner's door does not accept our certificate")
    assert "unknown ca" in sentence


def test_machine_trusts_nothing_but_the_pins(ours: KeyRing, partner: KeyRing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(partner.line.certificate))
    with server(partner.line, ours.line.pem, answers(OK)) as port:
        assert "shows another certificate" in failure(port, ours)


def test_closed_port_is_told(ours: KeyRing, partner: KeyRing) -> None:
    port = free_port()

    assert failure(port, ours, partner.line.pem) == f"Nobody listens at 127.0.0.1:{port} (connection refused)."


def test_unknown_name_is_told(ours: KeyRing, partner: KeyRing) -> None:
    with pytest.raises(Failure, match=r"The name no-such-unit\.invalid is not known"):
        Connection("https://no-such-unit.invalid:9000", ours.line, [partner.line.pem]).ask("GET", "/up")


def test_port_without_tls_is_told(ours: KeyRing, partner: KeyRing) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def plain() -> None:
            client, _address = listening.accept()
            with client:
                client.recv(1000)
                client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        threading.Thread(target=plain, daemon=True).start()
        assert "does not speak TLS 1.3" in failure(listening.getsockname()[1], ours, partner.line.pem)


def test_partner_that_swallows_everything_is_told_in_time(
    ours: KeyRing, partner: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tls, "HANDSHAKE", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as black_hole:
        port = black_hole.getsockname()[1]
        assert failure(port, ours, partner.line.pem) == f"127.0.0.1:{port} did not answer in time."


def test_answer_that_trickles_is_given_up_in_time(ours: KeyRing, partner: KeyRing) -> None:
    def trickles(sock: ssl.SSLSocket) -> None:
        sock.recv(65536)
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _byte in range(1000):
            sock.sendall(b"x")
            threading.Event().wait(0.05)

    with server(partner.line, ours.line.pem, trickles) as port:
        assert "did not answer in time" in failure(port, ours, partner.line.pem, seconds=0.5)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", "did not answer in time"),
        (b"SMTP ready\r\n\r\n", "did not answer as a peers' door does"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: " + b"x" * 70_000 + b"\r\n\r\n", "did not answer as a peers' door does"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5000000\r\n\r\n" + b"x" * 5_000_000, "did not answer as a peers' door"),
    ],
)
def test_answer_that_is_none_is_told(ours: KeyRing, partner: KeyRing, text: bytes, sentence: str) -> None:
    with server(partner.line, ours.line.pem, answers(text)) as port:
        seconds = 2 if sentence == "did not answer in time" else 30
        assert sentence in failure(port, ours, partner.line.pem, seconds=seconds)


def test_line_that_breaks_in_the_answer_is_told(ours: KeyRing, partner: KeyRing) -> None:
    def half(sock: ssl.SSLSocket) -> None:
        sock.recv(65536)
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")

    with server(partner.line, ours.line.pem, half) as port:
        assert "broke before the answer was whole" in failure(port, ours, partner.line.pem)


def test_redirect_is_not_followed(ours: KeyRing, partner: KeyRing, peer: Peer) -> None:
    text = b"HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    with server(partner.line, ours.line.pem, answers(text)) as port, closing(HttpsCarrier()) as carrier:
        peer.endpoint = f"https://127.0.0.1:{port}"
        with pytest.raises(Failure, match=r"not as a peers' door does \(302\)"):
            carrier.up(peer)


def test_failure_of_the_partners_node_is_told(ours: KeyRing, partner: KeyRing, peer: Peer) -> None:
    text = b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"
    with server(partner.line, ours.line.pem, answers(text)) as port, closing(HttpsCarrier()) as carrier:
        peer.endpoint = f"https://127.0.0.1:{port}"
        with pytest.raises(Failure, match=r"a failure of its own \(503\)"):
            carrier.deliver(peer, [b"{}"])


def test_proxy_of_the_environment_is_not_used(ours: KeyRing, partner: KeyRing, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with server(partner.line, ours.line.pem, answers(OK)) as port:
        assert asked(port, ours, partner.line.pem).status == 200


def test_connection_is_kept_and_taken_up_again_after_the_door_closed_it(
    ours: KeyRing, partner: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(https, "IDLE", 0.0)
    met: list[int] = []

    def twice(sock: ssl.SSLSocket) -> None:
        met.append(0)
        for _request in range(2):
            sock.recv(65536)
            met[-1] += 1
            sock.sendall(OK)

    with (
        server(partner.line, ours.line.pem, twice) as port,
        closing(Connection(f"https://127.0.0.1:{port}", ours.line, [partner.line.pem])) as line,
    ):
        assert [line.ask("GET", "/up").status for _ in range(3)] == [200, 200, 200]

    assert met[0] == 2


def test_more_answers_than_lines_are_cut(ours: KeyRing, partner: KeyRing, peer: Peer) -> None:
    text = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\na\nb\nc\n"
    with server(partner.line, ours.line.pem, answers(text)) as port, closing(HttpsCarrier()) as carrier:
        peer.endpoint = f"https://127.0.0.1:{port}"
        assert carrier.deliver(peer, [b"1", b"2"]) == [b"a", b"b"]


def test_partner_that_keeps_nothing_of_a_blob_does_not_hold_us(
    ours: KeyRing, partner: KeyRing, peer: Peer, tmp_path: Path
) -> None:
    path = tmp_path / "blob"
    path.write_bytes(os.urandom(1000))
    text = b"HTTP/1.1 200 OK\r\nUpload-Offset: 0\r\nContent-Length: 0\r\n\r\n"
    with server(partner.line, ours.line.pem, answers(text)) as port, closing(HttpsCarrier()) as carrier:
        peer.endpoint = f"https://127.0.0.1:{port}"
        with pytest.raises(Failure, match="keeps nothing of the attachment"):
            carrier.send_blob(peer, "ab" * 32, path, 1000, lambda here: True)


def test_code_of_a_refused_blob_is_handed_on(ours: KeyRing, partner: KeyRing, peer: Peer, tmp_path: Path) -> None:
    text = b"HTTP/1.1 507 Full\r\nIlex-Code: quota\r\nContent-Length: 0\r\n\r\n"
    with server(partner.line, ours.line.pem, answers(text)) as port, closing(HttpsCarrier()) as carrier:
        peer.endpoint = f"https://127.0.0.1:{port}"
        with pytest.raises(BlobRefused) as raised:
            carrier.send_blob(peer, "ab" * 32, tmp_path / "none", 1000, lambda here: True)

    assert raised.value.code == "quota"


def test_wire_that_is_cut_is_a_failure_and_no_more(ours: KeyRing, partner: KeyRing) -> None:
    with server(partner.line, ours.line.pem, answers(OK)) as port:
        wire = Wire(port, [700])
        assert "broke" in failure(wire.port, ours, partner.line.pem)
        assert asked(wire.port, ours, partner.line.pem).status == 200
        wire.close()


def test_other_failures_of_the_network_are_told(
    ours: KeyRing, partner: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_arguments: object, **_named: object) -> None:
        raise OSError(errno.ENETUNREACH, "Network is unreachable")

    monkeypatch.setattr(socket, "create_connection", unreachable)

    assert failure(1, ours, partner.line.pem) == "No way to 127.0.0.1:1: Network is unreachable."
