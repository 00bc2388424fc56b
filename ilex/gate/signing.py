"""JSON Web Signatures as the gate uses them: ES256, three protected members, nothing else understood."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import Any, Final, Protocol

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from ilex.gate.canonical import Malformed, canonical, strict_canonical
from ilex.gate.fields import read_bytes, show_bytes

ALGORITHM: Final = "ES256"
LARGEST_PAYLOAD = 1_400_000  # base64url of 1 MiB; the outer line has the true limit

LONGEST_HEADER = 256
SIGNATURE = 86  # letters of base64url
ES256 = jws.JWSRegistry(algorithms=[ALGORITHM]).get_alg(ALGORITHM)


class BadSignature(Exception):
    """The text is not a signature of the kind asked for, or it does not hold."""


class Signer(Protocol):
    """What seals: the file key below, or a key that never leaves its hardware."""

    @property
    def kid(self) -> str: ...
    @property
    def jwk(self) -> dict[str, str]: ...
    def sign(self, typ: str, payload: bytes) -> str: ...


class SealKey:
    """A P-256 key kept in a file."""

    def __init__(self, key: ECKey) -> None:
        self._key = key
        self.jwk = public_jwk(key)
        self.kid = key.thumbprint()

    def sign(self, typ: str, payload: bytes) -> str:
        signed = f"{_segment(self.kid, typ)}.{show_bytes(payload)}"
        return f"{signed}.{show_bytes(ES256.sign(signed.encode('ascii'), self._key))}"


def public_jwk(key: ECKey) -> dict[str, str]:
    return {name: str(value) for name, value in key.as_dict(private=False).items() if name in {"kty", "crv", "x", "y"}}


def import_jwk(value: dict[str, Any]) -> ECKey:
    """A public P-256 key with its four members and no other. Raises ValueError."""
    if set(value) != {"kty", "crv", "x", "y"} or value["kty"] != "EC" or value["crv"] != "P-256":
        raise ValueError("not a P-256 public key")
    try:
        coordinates = [read_bytes(value[name]) for name in ("x", "y")]
        key = ECKey.import_key(value)
    except (JoseError, ValueError, TypeError) as error:
        raise ValueError("not a P-256 public key") from error
    if any(len(coordinate) != 32 for coordinate in coordinates):
        raise ValueError("not a P-256 public key")
    return key


@lru_cache(maxsize=512)
def key_of(text: str) -> ECKey:
    """The public key that a row of ours keeps as JSON."""
    return import_jwk(json.loads(text))


def name_of(key: ECKey) -> str:
    """The RFC 7638 thumbprint of a key, by which messages name it."""
    return _thumbprint(str(key["x"]), str(key["y"]))


@lru_cache(maxsize=512)  # of public keys
def _thumbprint(x: str, y: str) -> str:
    members = canonical({"crv": "P-256", "kty": "EC", "x": x, "y": y})
    return show_bytes(hashlib.sha256(members).digest())


def kid_of(text: str, typ: str) -> str:
    """Which key a signature claims, after its header has been found to be exactly the one we speak."""
    return _kid_in(text.partition(".")[0][: LONGEST_HEADER + 1], typ)


@lru_cache(maxsize=512)  # of our partners' few keys; what a stranger writes only makes it forget those for a while
def _kid_in(segment: str, typ: str) -> str:
    if len(segment) > LONGEST_HEADER:
        raise BadSignature("The header is too long.")
    try:
        header = json.loads(read_bytes(segment))
        kid = header["kid"]
        expected = _segment(str(kid), typ)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadSignature("The header cannot be read.") from error
    if segment != expected:
        raise BadSignature("The header is not one of this profile.")
    return str(kid)


def verify(text: str, key: ECKey, typ: str) -> bytes:
    """The payload under a signature of `key`; raises BadSignature.

    The header was compared letter by letter, so nothing in it is left for the library to read.
    """
    if kid_of(text, typ) != name_of(key):
        raise BadSignature("The signature names another key.")
    signed, _dot, signature = text.rpartition(".")
    if len(signature) != SIGNATURE or len(signed) > LONGEST_HEADER + 1 + LARGEST_PAYLOAD:
        raise BadSignature("The signature does not hold.")
    try:
        payload = payload_of(text)
        holds = ES256.verify(signed.encode("ascii"), read_bytes(signature), key)
    except (JoseError, ValueError, TypeError) as error:
        raise BadSignature("The signature does not hold.") from error
    if not holds:
        raise BadSignature("The signature does not hold.")
    return payload


def peek(text: str) -> Any:
    """What is signed, before anybody knows whether the signature holds. Raises Malformed."""
    return strict_canonical(payload_of(text))


def payload_of(text: str) -> bytes:
    """The bytes that are signed. Raises Malformed."""
    parts = text.split(".")
    if len(parts) != 3:
        raise Malformed("The text is not a compact signature.")
    try:
        return read_bytes(parts[1])
    except ValueError as error:
        raise Malformed("The text is not a compact signature.") from error


def _header(kid: str, typ: str) -> dict[str, str]:
    return {"alg": ALGORITHM, "kid": kid, "typ": typ}


@lru_cache(maxsize=512)
def _segment(kid: str, typ: str) -> str:
    return show_bytes(canonical(_header(kid, typ)))
