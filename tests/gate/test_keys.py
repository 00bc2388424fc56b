from __future__ import annotations

import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.utils import timezone
from pytest_django import Settings

from ilex.gate import keys
from ilex.gate.certificates import certificate_digest, make_certificate, read_certificate
from ilex.gate.errors import BadKeys
from ilex.gate.keys import KeyRing
from ilex.gate.seal import open_sealed
from tests.gate.partners import letter, make_ring


def test_keys_are_made_once_and_readable_by_their_owner_alone(ours: KeyRing) -> None:
    assert keys.make_keys() is False
    folder = keys.here()
    assert folder.stat().st_mode & 0o777 == 0o700
    private = [path for path in folder.rglob("*") if path.is_file()]
    assert {path.name for path in private} >= {"seal.pem", "open.pem", "log.pem", "tls.pem", "ring.json"}
    assert all(path.stat().st_mode & 0o077 == 0 for path in private)
    assert not [path for path in private if path.name.startswith(".")]


def test_seal_key_is_not_the_key_that_opens(ours: KeyRing) -> None:
    assert ours.seal.jwk != ours.open_jwk
    assert ours.seal.kid not in ours.opens


def test_node_without_keys_says_what_to_do(settings: Settings, tmp_path: Path) -> None:
    settings.ILEX_FOLDER = tmp_path / "nothing"
    with pytest.raises(BadKeys, match="ilex init"):
        keys.own()


@pytest.mark.parametrize("text", [b"", b"{", b'{"format":"ilex-ring-9"}', b"[]"])
def test_damaged_ring_is_told_in_one_sentence(ours: KeyRing, text: bytes) -> None:
    keys.write_file(keys.here() / "ring.json", text)
    with pytest.raises(BadKeys, match=r"ring\.json"):
        keys.own()


@pytest.mark.parametrize("name", ["seal.pem", "open.pem", "log.pem"])
def test_missing_or_broken_key_is_told_in_one_sentence(ours: KeyRing, name: str) -> None:
    (ours.folder / name).write_bytes(b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
    with pytest.raises(BadKeys, match=name):
        keys.ring_of(keys.here())


def test_key_of_another_kind_is_not_taken(ours: KeyRing) -> None:
    shutil.copy(ours.folder / "log.pem", ours.folder / "seal.pem")
    with pytest.raises(BadKeys, match=r"seal\.pem"):
        keys.ring_of(keys.here())


def test_folder_that_others_can_read_is_not_used(ours: KeyRing) -> None:
    os.chmod(keys.here(), 0o755)  # noqa: S103  # the fault of this test
    with pytest.raises(BadKeys, match="chmod 700"):
        keys.ring_of(keys.here())


def test_renewal_by_another_process_is_seen_at_the_next_call(ours: KeyRing) -> None:
    keys.prepare_next(keys.here(), "https://127.0.0.1:9000", timezone.now())
    assert keys.own().serial == 1
    keys.use_next(keys.here(), timezone.now())
    renewed = keys.own()
    assert renewed.serial == 2
    assert renewed.previous == ours.seal.kid
    assert renewed.seal.kid != ours.seal.kid


def test_prepared_generation_opens_before_it_seals(ours: KeyRing, partner: KeyRing) -> None:
    prepared = keys.prepare_next(keys.here(), "https://127.0.0.1:9000", timezone.now())
    again = keys.prepare_next(keys.here(), "https://127.0.0.1:9000", timezone.now())
    assert again.seal.kid == prepared.seal.kid
    assert open_sealed(letter(partner, prepared), keys.own())
    assert keys.own().seal.kid == ours.seal.kid


def test_mail_for_a_retired_key_opens_for_ninety_days(ours: KeyRing, partner: KeyRing) -> None:
    folder, now = keys.here(), timezone.now()
    late = letter(partner, ours)
    keys.prepare_next(folder, "https://127.0.0.1:9000", now)
    keys.use_next(folder, now)
    keys.use_newest_line(folder)
    assert keys.drop_retired(folder, now + timedelta(days=89)) == []
    assert open_sealed(late, keys.own())
    assert keys.drop_retired(folder, now + timedelta(days=91)) == [1]
    assert ours.open_kid not in keys.own().opens
    assert not list((folder / "0001").glob("*.pem"))


def test_certificate_on_the_line_is_never_dropped(ours: KeyRing) -> None:
    folder, now = keys.here(), timezone.now()
    keys.prepare_next(folder, "https://127.0.0.1:9000", now)
    keys.use_next(folder, now)
    assert keys.drop_retired(folder, now + timedelta(days=91)) == []
    assert keys.own().line.sha256 == ours.line.sha256
    assert keys.own().line.retired is not None


def test_heads_signed_by_earlier_keys_stay_provable(ours: KeyRing) -> None:
    keys.prepare_next(keys.here(), "https://127.0.0.1:9000", timezone.now())
    keys.use_next(keys.here(), timezone.now())
    raw = [key.public_bytes_raw() for key in keys.own().logs]
    assert raw == [key.public_key().public_bytes_raw() for key in (ours.log, keys.own().log)]


def test_renewal_without_a_prepared_generation_changes_nothing(ours: KeyRing) -> None:
    before = (keys.here() / "ring.json").read_bytes()
    keys.use_next(keys.here(), timezone.now())
    assert keys.use_newest_line(keys.here()) is False
    assert (keys.here() / "ring.json").read_bytes() == before


@pytest.mark.parametrize(
    ("endpoint", "name"),
    [
        ("https://127.0.0.1:9000", "127.0.0.1"),
        ("https://[::1]:9000", "::1"),
        ("https://gate.example.org", "gate.example.org"),
    ],
)
def test_certificate_names_the_host_of_the_door(tmp_path: Path, endpoint: str, name: str) -> None:
    ring = make_ring(tmp_path / "ring", "ilecu-hu", endpoint)
    certificate = read_certificate(ring.tls_pem)
    alternatives = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(one.value) for one in alternatives] == [name]
    assert certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == "ilecu-hu"
    usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert set(usage) == {ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH}
    assert certificate.not_valid_after_utc - certificate.not_valid_before_utc == timedelta(days=397, hours=1)


def test_node_that_is_reached_by_file_only_has_a_certificate_without_a_host(ours: KeyRing) -> None:
    key = keys._private(ours.folder / "tls.pem")
    pem = make_certificate(key, "ilecu-rs", "", timezone.now()).decode()
    with pytest.raises(x509.ExtensionNotFound):
        read_certificate(pem).extensions.get_extension_for_class(x509.SubjectAlternativeName)


def test_certificate_with_anything_around_it_is_not_taken(ours: KeyRing) -> None:
    for text in (ours.tls_pem * 2, "x" + ours.tls_pem, ours.tls_pem + "x", "", ours.tls_pem + " " * 9000):
        with pytest.raises(ValueError):  # noqa: PT011  # several libraries say it in their own words
            certificate_digest(text)
