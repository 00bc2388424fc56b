"""Profile ILEX-1 with real keys on both sides: what is sealed opens, and what was touched does not."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as some
from joserfc import jwe, jws
from joserfc.jwk import ECKey

from ilex.gate import store
from ilex.gate.canonical import canonical
from ilex.gate.codes import Code, Refused
from ilex.gate.header import LARGEST_FILE, LARGEST_SEALED
from ilex.gate.ids import uuid7
from ilex.gate.keys import KeyRing
from ilex.gate.receipts import check_receipt
from ilex.gate.seal import (
    LIMIT,
    REGISTRY,
    SIGNED_TYP,
    TooLarge,
    check,
    digest_of,
    open_sealed,
    seal,
    wrap,
)
from ilex.gate.signing import import_jwk
from tests.gate.partners import header, letter, manifest, open_key, sealed

texts = some.text(some.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=300)


def key_of(ring: KeyRing) -> ECKey:
    return import_jwk(ring.seal.jwk)


def encode(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def payload_of(signed: str) -> bytes:
    part = signed.split(".")[1]
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def refusal(what: Callable[..., Any], *given: Any) -> Code:
    with pytest.raises(Refused) as caught:
        what(*given)
    return caught.value.code


def resealed(ours: KeyRing, signed: str) -> str:
    return open_sealed(wrap(signed, [open_key(ours)]), ours)


@hypothesis_settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(body=some.dictionaries(texts, texts | some.integers(0, 2**50) | some.lists(texts, max_size=3), max_size=5))
def test_what_the_partner_seals_we_open_word_for_word(ours: KeyRing, partner: KeyRing, body: Any) -> None:
    made = sealed(partner, ours, body)
    signed = open_sealed(made.line, ours)
    assert signed == made.signed
    assert check(signed, key_of(partner)).body == body
    assert digest_of(signed) == made.digest
    assert b"\n" not in made.line


def test_each_of_several_recipients_opens_the_same_signed_text(ours: KeyRing, partner: KeyRing) -> None:
    both = header(partner, [ours.unit, partner.unit])
    made = seal(both, {"text": "x"}, partner, [open_key(ours), open_key(partner)])
    assert open_sealed(made.line, ours) == open_sealed(made.line, partner) == made.signed


def test_whole_header_comes_back_as_it_was_sealed(ours: KeyRing, partner: KeyRing) -> None:
    written = header(partner, [ours.unit], attachments=[manifest()], handling="H2", language="mk")
    made = seal(written, {}, partner, [open_key(ours)])
    content = check(open_sealed(made.line, ours), key_of(partner))
    assert content.model_dump(exclude={"body"}) == written.model_dump()


def test_ids_are_of_version_7_and_sort_by_time() -> None:
    made = [uuid7() for _ in range(50)]
    assert all(one.version == 7 and one.variant == UUID(int=0x8 << 60).variant for one in made)
    assert [one.int >> 80 for one in made] == sorted(one.int >> 80 for one in made)


def test_largest_attachment_is_the_one_that_the_store_can_hold() -> None:
    assert (LARGEST_FILE, LARGEST_SEALED) == (store.LIMIT, store.SEALED_LIMIT)


# The outer layer


@pytest.mark.parametrize("part", ["protected", "iv", "ciphertext", "tag", "encrypted_key", "x", "y", "kid"])
@pytest.mark.parametrize("place", [0, 7, -1])
def test_one_changed_letter_anywhere_in_the_envelope_keeps_it_shut(
    ours: KeyRing, partner: KeyRing, part: str, place: int
) -> None:
    message = json.loads(letter(partner, ours))
    recipient = message["recipients"][0]
    holder = next(
        holder for holder in (message, recipient, recipient["header"], recipient["header"]["epk"]) if part in holder
    )
    letters = list(holder[part])
    letters[place] = "A" if letters[place] != "A" else "Q"
    holder[part] = "".join(letters)
    assert refusal(lambda: open_sealed(json.dumps(message).encode(), ours)) in {Code.MALFORMED, Code.CANNOT_OPEN}


@pytest.mark.parametrize(
    "change",
    [
        {"unprotected": {"crit": ["x"]}},
        {"aad": "eA"},
        {"recipients": []},
        {"recipients": None},
        {"recipients": [{}] * 10_000},
        {"recipients": ["x"]},
        {"iv": 12},
        {"protected": "A" * 65536},
        {"protected": encode(b'{"enc":"A256GCM", "typ":"ilex-1+jwe"}')},
        {"protected": encode(b'{"enc":"A128GCM","typ":"ilex-1+jwe"}')},
        {"protected": encode(b'{"enc":"A256GCM","typ":"ilex-2+jwe"}')},
        {"protected": encode(b'{"crit":["x"],"enc":"A256GCM","typ":"ilex-1+jwe"}')},
        {"protected": encode(b'{"enc":"A256GCM","typ":"ilex-1+jwe","zip":"DEF"}')},
    ],
    ids=str,
)
def test_envelope_with_an_unknown_or_missing_member_is_malformed(
    ours: KeyRing, partner: KeyRing, change: dict[str, Any]
) -> None:
    message = json.loads(letter(partner, ours)) | change
    assert refusal(lambda: open_sealed(json.dumps(message).encode(), ours)) is Code.MALFORMED


@pytest.mark.parametrize(
    "change",
    [
        {"alg": "ECDH-ES"},
        {"alg": "dir"},
        {"alg": "RSA1_5"},
        {"apu": "eA"},
        {"crit": ["x"]},
        {"epk": {"kty": "EC", "crv": "P-384", "x": "", "y": ""}},
        {"epk": {"kty": "EC", "crv": "P-256", "x": encode(b"\1" * 32), "y": encode(b"\1" * 32)}},
        {"epk": "x"},
    ],
    ids=str,
)
def test_recipient_entry_of_another_kind_is_refused(ours: KeyRing, partner: KeyRing, change: dict[str, Any]) -> None:
    message = json.loads(letter(partner, ours))
    message["recipients"][0]["header"] |= change
    code = refusal(lambda: open_sealed(json.dumps(message).encode(), ours))
    assert code in {Code.MALFORMED, Code.CANNOT_OPEN}


def test_sixty_five_recipients_are_too_many(ours: KeyRing, partner: KeyRing) -> None:
    message = json.loads(letter(partner, ours))
    message["recipients"] *= 65
    assert refusal(lambda: open_sealed(json.dumps(message).encode(), ours)) is Code.MALFORMED


def test_swapped_recipients_open_for_nobody(ours: KeyRing, partner: KeyRing) -> None:
    both = header(partner, [ours.unit, partner.unit])
    message = json.loads(seal(both, {}, partner, [open_key(ours), open_key(partner)]).line)
    first, second = message["recipients"]
    first["encrypted_key"], second["encrypted_key"] = second["encrypted_key"], first["encrypted_key"]
    assert refusal(lambda: open_sealed(json.dumps(message).encode(), ours)) is Code.CANNOT_OPEN


def test_message_for_another_key_cannot_be_opened(ours: KeyRing, partner: KeyRing) -> None:
    line = seal(header(ours, [partner.unit]), {}, ours, [open_key(partner)]).line
    assert refusal(lambda: open_sealed(line, ours)) is Code.CANNOT_OPEN


@pytest.mark.parametrize(
    "line",
    [b"", b"x", b"null", b"[]", b"{}", b"\xff", b'{"protected":1}', b"[" * 5000, b'{"iv":1,"iv":2}', b"0" * LIMIT],
    ids=lambda line: str(line[:20]),
)
def test_bytes_that_are_no_envelope_are_malformed(ours: KeyRing, line: bytes) -> None:
    assert refusal(lambda: open_sealed(line, ours)) is Code.MALFORMED


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(line=some.binary(max_size=400))
def test_any_bytes_at_all_end_in_a_code_and_not_in_a_crash(ours: KeyRing, line: bytes) -> None:
    assert refusal(lambda: open_sealed(line, ours)) is Code.MALFORMED


def test_one_byte_over_the_limit_is_too_large(ours: KeyRing) -> None:
    assert refusal(lambda: open_sealed(b"x" * (LIMIT + 1), ours)) is Code.TOO_LARGE


def test_message_that_would_not_fit_is_not_sealed(ours: KeyRing, partner: KeyRing) -> None:
    with pytest.raises(TooLarge):
        letter(partner, ours, {"text": "x" * 700_000})


def test_message_of_half_a_mebibyte_travels(ours: KeyRing, partner: KeyRing) -> None:
    made = sealed(partner, ours, {"text": "x" * 500_000})
    assert check(open_sealed(made.line, ours), key_of(partner)).body["text"] == "x" * 500_000


def test_plaintext_that_is_no_text_cannot_be_opened(ours: KeyRing) -> None:
    message = jwe.GeneralJSONEncryption({"enc": "A256GCM", "typ": "ilex-1+jwe"}, b"\xff\xfe")
    message.add_recipient({"alg": "ECDH-ES+A256KW", "kid": ours.open_kid}, open_key(ours))
    line = json.dumps(jwe.encrypt_json(message, None, registry=REGISTRY)).encode()
    assert refusal(lambda: open_sealed(line, ours)) is Code.CANNOT_OPEN


def test_another_program_that_speaks_jose_reads_what_we_sign(partner: KeyRing) -> None:
    signed = partner.seal.sign(SIGNED_TYP, b'{"text":"\xd1\x83\xd0\xbf\xd0\xb8\xd1\x82"}')
    read = jws.deserialize_compact(signed, key_of(partner), algorithms=["ES256"])
    assert read.payload == payload_of(signed)
    assert read.headers() == {"alg": "ES256", "kid": partner.seal.kid, "typ": SIGNED_TYP}


# The signed part


@pytest.mark.parametrize("part", [0, 1, 2])
@pytest.mark.parametrize("place", [0, 5, -1])
def test_one_changed_letter_in_the_signed_part_breaks_the_seal(
    ours: KeyRing, partner: KeyRing, part: int, place: int
) -> None:
    parts = sealed(partner, ours).signed.split(".")
    letters = list(parts[part])
    letters[place] = "A" if letters[place] != "A" else "Q"
    parts[part] = "".join(letters)
    assert refusal(lambda: check(resealed(ours, ".".join(parts)), key_of(partner))) is Code.BAD_SEAL


@pytest.mark.parametrize(
    "protected",
    [
        b'{"alg":"none","kid":"%s","typ":"ilex-1+jws"}',
        b'{"alg":"HS256","kid":"%s","typ":"ilex-1+jws"}',
        b'{"alg":"ES384","kid":"%s","typ":"ilex-1+jws"}',
        b'{"alg":"RS256","kid":"%s","typ":"ilex-1+jws"}',
        b'{"alg":"ES256","kid":"%s","typ":"ilex-2+jws"}',
        b'{"alg":"ES256","kid":"%s","typ":"ilex-receipt-1+jws"}',
        b'{"alg":"ES256","kid":"%s"}',
        b'{"alg":"ES256","typ":"ilex-1+jws"}',
        b'{"alg":"ES256","crit":["x"],"kid":"%s","typ":"ilex-1+jws","x":1}',
        b'{"alg":"ES256","b64":false,"crit":["b64"],"kid":"%s","typ":"ilex-1+jws"}',
        b'{"alg":"ES256","jku":"https://example.org/keys","kid":"%s","typ":"ilex-1+jws"}',
        b'{"alg":"ES256","alg":"none","kid":"%s","typ":"ilex-1+jws"}',
        b'{"kid":"%s","alg":"ES256","typ":"ilex-1+jws"}',
        b'{"alg":"ES256", "kid":"%s","typ":"ilex-1+jws"}',
        b"[]",
        b"x",
    ],
    ids=lambda protected: protected.decode(),
)
def test_header_that_is_not_exactly_the_profiles_breaks_the_seal_even_when_well_signed(
    ours: KeyRing, partner: KeyRing, protected: bytes
) -> None:
    name = partner.seal.kid.encode()
    segment = encode(protected.replace(b"%s", name))
    payload = sealed(partner, ours).signed.split(".")[1]
    signing_input = f"{segment}.{payload}".encode()
    key = ECKey.import_key((partner.folder / "seal.pem").read_bytes())
    mark = encode(jws.JWSRegistry.algorithms["ES256"].sign(signing_input, key))
    signed = f"{segment}.{payload}.{mark}"
    assert refusal(lambda: check(resealed(ours, signed), key_of(partner))) is Code.BAD_SEAL


def test_header_of_64_kib_breaks_the_seal(ours: KeyRing, partner: KeyRing) -> None:
    _protected, payload, mark = sealed(partner, ours).signed.split(".")
    signed = f"{encode(b'x' * 65536)}.{payload}.{mark}"
    assert refusal(lambda: check(resealed(ours, signed), key_of(partner))) is Code.BAD_SEAL


def test_stripped_signature_breaks_the_seal(ours: KeyRing, partner: KeyRing) -> None:
    protected, payload, mark = sealed(partner, ours).signed.split(".")
    for signed in (f"{protected}.{payload}.", f"{protected}.{payload}", f"{protected}..{mark}", payload, ""):
        assert refusal(lambda text: check(resealed(ours, text), key_of(partner)), signed) is Code.BAD_SEAL


def test_second_signature_beside_the_first_breaks_the_seal(ours: KeyRing, partner: KeyRing) -> None:
    signed = sealed(partner, ours).signed
    assert refusal(lambda: check(f"{signed}.{signed}", key_of(partner))) is Code.BAD_SEAL


def test_signature_of_another_key_breaks_the_seal(ours: KeyRing, partner: KeyRing) -> None:
    assert refusal(lambda: check(sealed(partner, ours).signed, key_of(ours))) is Code.BAD_SEAL


def test_public_key_used_as_a_shared_secret_breaks_the_seal(ours: KeyRing, partner: KeyRing) -> None:
    head = encode(canonical({"alg": "HS256", "kid": partner.seal.kid, "typ": SIGNED_TYP}))
    payload = sealed(partner, ours).signed.split(".")[1]
    secret = key_of(partner).as_pem(private=False)
    mark = encode(hmac.digest(secret, f"{head}.{payload}".encode(), "sha256"))
    signed = f"{head}.{payload}.{mark}"
    assert refusal(lambda: check(signed, key_of(partner))) is Code.BAD_SEAL


def test_second_valid_signature_over_the_same_content_has_the_same_digest(ours: KeyRing, partner: KeyRing) -> None:
    signed = sealed(partner, ours).signed
    again = partner.seal.sign(SIGNED_TYP, payload_of(signed))
    assert again != signed
    assert digest_of(again) == digest_of(signed)


# The payload


def signed_payload(ring: KeyRing, payload: bytes) -> str:
    return ring.seal.sign(SIGNED_TYP, payload)


def test_payload_that_is_not_canonical_is_malformed(ours: KeyRing, partner: KeyRing) -> None:
    value = json.loads(payload_of(sealed(partner, ours).signed))
    for text in (json.dumps(value), json.dumps(dict(reversed(value.items())), separators=(",", ":"))):
        signed = signed_payload(partner, text.encode())
        assert refusal(lambda text: check(text, key_of(partner)), signed) is Code.MALFORMED


def test_payload_that_says_a_thing_twice_is_malformed(ours: KeyRing, partner: KeyRing) -> None:
    payload = payload_of(sealed(partner, ours).signed).replace(b'{"attach', b'{"sender":"ilecu-hu","attach', 1)
    assert refusal(lambda: check(signed_payload(partner, payload), key_of(partner))) is Code.MALFORMED


@pytest.mark.parametrize("payload", [b"[]", b"1", b'"x"', b"null", b'{"a":1.5}', b"\xff", b"[" * 2000])
def test_signed_nonsense_is_malformed(partner: KeyRing, payload: bytes) -> None:
    assert refusal(lambda: check(signed_payload(partner, payload), key_of(partner))) is Code.MALFORMED


def test_another_profile_is_unsupported(ours: KeyRing, partner: KeyRing) -> None:
    value = json.loads(payload_of(sealed(partner, ours).signed)) | {"profile": "ilex-2"}
    assert refusal(lambda: check(signed_payload(partner, canonical(value)), key_of(partner))) is Code.UNSUPPORTED


@pytest.mark.parametrize(
    "change",
    [
        {"id": "0192f3c1-0000-4000-8000-000000000000"},
        {"id": "0192F3C1-0000-7000-8000-000000000000"},
        {"type": "Request"},
        {"type": "request"},
        {"type": "a." + "b" * 70},
        {"version": 0},
        {"version": "1"},
        {"version": True},
        {"sender": "Ilecu RS"},
        {"sender": "ilecu-rs\n"},
        {"recipients": []},
        {"recipients": ["ilecu-rs", "ilecu-rs"]},
        {"recipients": [f"unit-{number}" for number in range(10_000)]},
        {"sequence": 0},
        {"sequence": 2**40},
        {"issued": "2026-11-21T12:00:00Z"},
        {"issued": "2026-11-21T12:00:00.000+01:00"},
        {"issued": "2026-13-21T12:00:00.000Z"},
        {"expires": "2001-01-01T00:00:00.000Z"},
        {"handling": "secret please"},
        {"language": "x"},
        {"journal_head": "x" * 1001},
        {"body": []},
        {"body": None},
        {"more": 1},
        {"conversation": "1"},
        {"attachments": [{}]},
        {"attachments": [manifest().model_dump(mode="json") | {"size": -1}]},
        {"attachments": [manifest().model_dump(mode="json") | {"size": 2**31 + 1}]},
        {"attachments": [manifest().model_dump(mode="json") | {"sealed_size": 2**33}]},
        {"attachments": [manifest().model_dump(mode="json") | {"key": "AAAA"}]},
        {"attachments": [manifest().model_dump(mode="json") | {"sha256": "ab"}]},
        {"attachments": [manifest().model_dump(mode="json") | {"media": "text/плаин"}]},
        {"attachments": [manifest().model_dump(mode="json")] * 51},
    ],
)
def test_header_outside_its_bounds_is_malformed(ours: KeyRing, partner: KeyRing, change: dict[str, Any]) -> None:
    value = json.loads(payload_of(sealed(partner, ours).signed)) | change
    assert refusal(lambda: check(signed_payload(partner, canonical(value)), key_of(partner))) is Code.MALFORMED


def test_missing_member_is_malformed(ours: KeyRing, partner: KeyRing) -> None:
    value = json.loads(payload_of(sealed(partner, ours).signed))
    for name in set(value) - {"attachments", "journal_head", "profile"}:
        short = canonical({key: part for key, part in value.items() if key != name})
        assert refusal(lambda text: check(signed_payload(partner, text), key_of(partner)), short) is Code.MALFORMED


# The example for other implementations


def test_example_in_the_documents_opens_and_holds(ours: KeyRing) -> None:
    example = json.loads((settings.HOUSE.parent / "docs" / "wire" / "example.json").read_text(encoding="utf-8"))
    opener = ECKey.import_key(example["recipient"]["open"])
    ring = replace(ours, opens={opener.thumbprint(): opener})
    signed = open_sealed(example["sealed"].encode(), ring)
    assert signed == example["signed"]
    assert digest_of(signed).hex() == example["digest"]
    sender = ECKey.import_key(example["sender"]["seal"])
    assert check(signed, sender).model_dump(mode="json") == example["payload"]
    receipt = check_receipt(example["receipt"], ECKey.import_key(example["recipient"]["seal"]))
    assert (receipt.digest, receipt.kind) == (example["digest"], "stored")
