"""Certificates at running doors: what is not the pinned one stays outside, what is renewed loses no mail."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID
from django.utils.timezone import now

from ilex.gate import keys
from ilex.gate.certificates import certificate_digest, make_certificate
from ilex.gate.keys import Line
from tests.faults.books import LONG, Books, assert_clean, assert_journals_whole, settle
from tests.faults.say import say
from tests.faults.speaker import Speaker
from tests.gate.lines import made_line
from tests.network import Network, until

MAIL = 60  # messages that flow while keys are renewed


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    with Network(tmp_path_factory.mktemp("certificates"), ["RS", "MK"]) as network:
        yield network


@pytest.fixture
def skopje(network: Network) -> Speaker:
    return Speaker(network, "MK", "RS")


def failure(network: Network, at: str, about: str) -> str:
    """What the board at one node says of the line to another."""
    query = "SELECT last_failure FROM gate_peer WHERE unit_id = %s"
    return str(Books(network.node(at)).rows(query, network.node(about).unit)[0][0])


def pin(network: Network, line: Line) -> None:
    """Belgrade takes this for a certificate of Skopje's, as if it stood in its card."""
    Books(network.node("RS")).change(
        "INSERT INTO gate_peerkey (peer_id, use, kid, key, since) VALUES ('ilecu-mk', 'tls', %s, %s, now())",
        line.sha256,
        line.pem,
    )


def signed_by_another(folder: Path, unit: str) -> Line:
    """A certificate over the partner's names, from an authority that somebody made up."""
    authority, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    honest = x509.load_pem_x509_certificate(make_certificate(key, unit, "https://127.0.0.1", now()))
    builder = (
        x509.CertificateBuilder()
        .subject_name(honest.subject)
        .issuer_name(honest.issuer)
        .public_key(key.public_key())
        .serial_number(honest.serial_number)
        .not_valid_before(honest.not_valid_before_utc)
        .not_valid_after(honest.not_valid_after_utc)
    )
    forged = builder.sign(authority, hashes.SHA256()).public_bytes(Encoding.PEM)
    line = made_line(folder, unit, now())
    line.certificate.write_bytes(forged)
    line.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return line


def for_another_use(folder: Path, unit: str) -> Line:
    """The partner's own hand and names, in a certificate that is made to sign programs."""
    line = made_line(folder, unit, now())
    key = load_pem_private_key(line.key.read_bytes(), password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    honest = x509.load_pem_x509_certificate(line.pem.encode())
    builder = (
        x509.CertificateBuilder()
        .subject_name(honest.subject)
        .issuer_name(honest.issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(honest.not_valid_before_utc)
        .not_valid_after(honest.not_valid_after_utc)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), critical=True)
    )
    pem = builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    line.certificate.write_bytes(pem)
    return replace(line, pem=pem.decode(), sha256=certificate_digest(pem.decode()))


def test_visitor_without_a_certificate_is_not_let_in(network: Network) -> None:
    host, _, port = network.node("RS").door.rpartition(":")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection((host, int(port))) as plain, context.wrap_socket(plain) as line:
        line.sendall(b"GET /up HTTP/1.1\r\nHost: x\r\n\r\n")
        with pytest.raises(ssl.SSLError, match="CERTIFICATE_REQUIRED"):
            line.recv(1)


def test_own_hand_under_the_partners_name_is_not_let_in(network: Network, skopje: Speaker, tmp_path: Path) -> None:
    assert skopje.is_let_in()
    assert not skopje.is_let_in(made_line(tmp_path, "ilecu-mk", now()))


def test_made_up_authority_with_the_same_names_is_not_let_in(skopje: Speaker, tmp_path: Path) -> None:
    assert not skopje.is_let_in(signed_by_another(tmp_path, "ilecu-mk"))


def test_certificate_for_another_use_is_not_let_in_though_it_is_pinned(
    network: Network, skopje: Speaker, tmp_path: Path
) -> None:
    good, bad = made_line(tmp_path / "good", "ilecu-mk", now()), for_another_use(tmp_path / "bad", "ilecu-mk")
    pin(network, good)
    pin(network, bad)
    until(lambda: skopje.is_let_in(good), "the door to learn the pins")
    assert not skopje.is_let_in(bad)


@pytest.mark.parametrize("age", [timedelta(days=500), timedelta(days=-2)], ids=["expired", "of the day after tomorrow"])
def test_certificate_out_of_its_time_is_not_let_in_though_it_is_pinned(
    network: Network, skopje: Speaker, tmp_path: Path, age: timedelta
) -> None:
    good, bad = (made_line(tmp_path / name, "ilecu-mk", at) for name, at in (("good", now()), ("bad", now() - age)))
    pin(network, good)
    pin(network, bad)
    until(lambda: skopje.is_let_in(good), "the door to learn the pins")
    assert not skopje.is_let_in(bad)


def test_expired_certificate_is_told_on_both_boards_and_got_over_by_a_stick(tmp_path: Path) -> None:
    """Skopje slept through a year; nobody gets a line to it, until its new card was carried by hand."""
    with Network(tmp_path, ["RS", "MK"], paired=False, started=False) as network:
        cards = {"RS": network.run("RS", "peer", "card").stdout, "MK": with_an_old_certificate(network)}
        network.pair_all(cards)
        say(network, "RS", "inform", 2, ["ilecu-mk"])
        say(network, "MK", "inform", 2, ["ilecu-rs"])
        network.start("RS", "MK")
        until(
            lambda: "partner's certificate expired on" in failure(network, "RS", "MK"), "Belgrade's board", seconds=LONG
        )
        until(lambda: "Our own certificate expired on" in failure(network, "MK", "RS"), "Skopje's board", seconds=LONG)

        network.run("MK", "peer", "renew")
        there, back = tmp_path / "there.stick", tmp_path / "back.stick"
        network.run("MK", "seal", "--to", "ilecu-rs", "--out", str(there))
        network.run("RS", "open", str(there))
        until(
            lambda: Books(network.node("RS")).lines("peer.renewed") != [], "Belgrade to take in the card", seconds=LONG
        )
        network.run("RS", "seal", "--to", "ilecu-mk", "--out", str(back))
        network.run("MK", "open", str(back))
        settle(network)
        assert_clean(network, ("RS", "MK"), ("MK", "RS"), at_least=2)
        for pair in (("RS", "MK"), ("MK", "RS")):
            until(partial(_sees_none, network, *pair), "the boards to say that the line is good", seconds=LONG)


def _sees_none(network: Network, one: str, other: str) -> bool:
    return failure(network, one, other) == ""


def with_an_old_certificate(network: Network) -> str:
    """Skopje's card with a certificate that ended some days ago."""
    generation = network.node("MK").folder / "keys" / "0001"
    key = load_pem_private_key((generation / "tls.pem").read_bytes(), password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    old = make_certificate(key, "ilecu-mk", "https://127.0.0.1", now() - timedelta(days=400))
    keys.write_file(generation / "tls.crt", old)
    (generation / keys.CARD).unlink()
    return network.run("MK", "peer", "card").stdout


def test_keys_renewed_on_both_sides_while_messages_flow(network: Network) -> None:
    before = {code: keys.ring_of(network.node(code).folder / "keys").line.sha256 for code in network.nodes}
    with ThreadPoolExecutor(2) as officers:
        writing = [
            officers.submit(say, network, "RS", "write", MAIL, ["ilecu-mk"]),
            officers.submit(say, network, "MK", "write", MAIL, ["ilecu-rs"]),
        ]
        for code in ("RS", "MK", "RS"):
            network.run(code, "peer", "renew")
        for written in writing:
            written.result()
    say(network, "RS", "inform", 3, ["ilecu-mk"])
    settle(network)
    assert_clean(network, ("RS", "MK"), ("MK", "RS"), at_least=MAIL)
    for code, old in before.items():
        folder = network.node(code).folder / "keys"
        until(lambda folder=folder, old=old: keys.ring_of(folder).line.sha256 != old, f"{code}'s new certificate")  # type: ignore[misc]
    say(network, "RS", "inform", 3, ["ilecu-mk"])  # and the new certificates are the ones pinned
    say(network, "MK", "inform", 3, ["ilecu-rs"])
    settle(network)
    assert_clean(network, ("RS", "MK"), ("MK", "RS"), at_least=MAIL + 3)
    assert_journals_whole(network)
