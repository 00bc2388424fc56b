"""Profile ILEX-1: canonical JSON, signed by the sender's node, then encrypted for each recipient's.

Signed first and encrypted afterwards, with the recipients inside the signed part: nobody can pass a message on as
if it had been addressed to the next one. Algorithms come from the profile and never from what a header says.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from joserfc import jwe
from joserfc.jwk import ECKey
from pydantic import ValidationError

from ilex.gate.canonical import Malformed, canonical, strict, strict_canonical
from ilex.gate.codes import Code, Refused
from ilex.gate.fields import show_bytes
from ilex.gate.header import MOST_RECIPIENTS, PROFILE, Content, Header
from ilex.gate.keys import KeyRing
from ilex.gate.signing import BadSignature, kid_of, name_of, verify

LIMIT = 2**20  # bytes of a sealed line
SIGNED_TYP = "ilex-1+jws"
SEALED_TYP = "ilex-1+jwe"
KEY_ALGORITHM = "ECDH-ES+A256KW"
CONTENT_ALGORITHM = "A256GCM"
PROTECTED = {"enc": CONTENT_ALGORITHM, "typ": SEALED_TYP}
PROTECTED_SEGMENT = show_bytes(canonical(PROTECTED))

REGISTRY = jwe.JWERegistry(algorithms=[KEY_ALGORITHM, CONTENT_ALGORITHM])
REGISTRY.max_protected_header_length = len(PROTECTED_SEGMENT)
REGISTRY.max_encrypted_key_length = 64
REGISTRY.max_initialization_vector_length = 16
REGISTRY.max_ciphertext_length = LIMIT
REGISTRY.max_auth_tag_length = 22
REGISTRY.max_recipients = MOST_RECIPIENTS


class TooLarge(Exception):
    """The message does not fit into one sealed line; large content belongs into attachments."""


@dataclass(frozen=True)
class Sealed:
    signed: str
    digest: bytes
    line: bytes


def seal(header: Header, body: Mapping[str, Any], ring: KeyRing, keys: Iterable[ECKey]) -> Sealed:
    """Sign, and encrypt for these keys of the header's recipients. Raises TooLarge and Malformed."""
    payload = canonical(header.model_dump(mode="json") | {"body": dict(body)})
    signed = ring.seal.sign(SIGNED_TYP, payload)
    return Sealed(signed, digest_of(signed), wrap(signed, keys))


def wrap(signed: str, keys: Iterable[ECKey]) -> bytes:
    """The outer layer alone: also used to seal what was signed before for a recipient's newer key."""
    message = jwe.GeneralJSONEncryption(dict(PROTECTED), signed.encode("ascii"))
    for key in keys:
        message.add_recipient({"alg": KEY_ALGORITHM, "kid": name_of(key)}, key)
    line = json.dumps(jwe.encrypt_json(message, None, registry=REGISTRY), separators=(",", ":")).encode("ascii")
    if len(line) > LIMIT:
        raise TooLarge
    return line


def digest_of(signed: str) -> bytes:
    """What names a message's content: SHA-256 of header and payload as signed.

    Without the signature: ECDSA allows anybody to write a second valid one over the same content.
    """
    return hashlib.sha256(signed.rpartition(".")[0].encode("ascii")).digest()


def open_sealed(line: bytes, ring: KeyRing) -> str:
    """The signed text inside. Raises Refused: too-large, malformed or cannot-open."""
    if len(line) > LIMIT:
        raise Refused(Code.TOO_LARGE)
    message = _outer(line)
    ours = [one for one in message["recipients"] if one["header"]["kid"] in ring.opens]
    if not ours:
        raise Refused(Code.CANNOT_OPEN)
    key = ring.opens[ours[0]["header"]["kid"]]
    only_ours = cast(jwe.GeneralJSONSerialization, message | {"recipients": ours[:1]})
    try:
        opened = jwe.decrypt_json(only_ours, key, registry=REGISTRY).plaintext
        return (opened or b"").decode("ascii")
    except Exception as error:
        # Whatever the cryptography below says of hostile bytes, it means one thing here.
        raise Refused(Code.CANNOT_OPEN) from error


def sealed_by(signed: str) -> str:
    """The kid of the key that the signed text claims."""
    try:
        return kid_of(signed, SIGNED_TYP)
    except BadSignature as error:
        raise Refused(Code.BAD_SEAL) from error


def check(signed: str, key: ECKey) -> Content:
    """The content under a seal of `key`. Raises Refused: bad-seal, unsupported or malformed."""
    try:
        payload = verify(signed, key, SIGNED_TYP)
    except BadSignature as error:
        raise Refused(Code.BAD_SEAL) from error
    try:
        return _content(strict_canonical(payload))
    except (Malformed, ValidationError) as error:
        raise Refused(Code.MALFORMED) from error


def _content(value: Any) -> Content:
    if not isinstance(value, dict):
        raise Malformed("The payload is not an object.")
    if value.get("profile") != PROFILE:
        raise Refused(Code.UNSUPPORTED)
    return Content.model_validate(value)


def _outer(line: bytes) -> dict[str, Any]:
    """The encrypted message taken apart; every member is the one we know or the line is refused."""
    try:
        message = strict(line)
        proper = (
            isinstance(message, dict)
            and set(message) == {"protected", "recipients", "iv", "ciphertext", "tag"}
            and message["protected"] == PROTECTED_SEGMENT
            and all(isinstance(message[name], str) for name in ("iv", "ciphertext", "tag"))
            and isinstance(message["recipients"], list)
            and 1 <= len(message["recipients"]) <= MOST_RECIPIENTS
            and all(_is_recipient(one) for one in message["recipients"])
        )
    except Malformed as error:
        raise Refused(Code.MALFORMED) from error
    if not proper:
        raise Refused(Code.MALFORMED)
    return cast(dict[str, Any], message)


def _is_recipient(one: Any) -> bool:
    if not isinstance(one, dict) or set(one) != {"header", "encrypted_key"}:
        return False
    header, wrapped = one["header"], one["encrypted_key"]
    if not isinstance(wrapped, str) or not isinstance(header, dict) or set(header) != {"alg", "kid", "epk"}:
        return False
    epk = header["epk"]
    return (
        header["alg"] == KEY_ALGORITHM
        and isinstance(header["kid"], str)
        and isinstance(epk, dict)
        and set(epk) == {"kty", "crv", "x", "y"}
        and (epk["kty"], epk["crv"]) == ("EC", "P-256")
        and isinstance(epk["x"], str)
        and isinstance(epk["y"], str)
    )
