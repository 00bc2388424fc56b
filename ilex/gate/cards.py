"""A node's card: its unit, address and public keys, signed by itself; what two nodes exchange to pair."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal, Self

from django.utils import timezone
from django.utils.translation import gettext as _
from joserfc.jwk import ECKey, OKPKey
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from ilex.gate import keys
from ilex.gate.canonical import Malformed, canonical, strict_canonical
from ilex.gate.certificates import certificate_digest
from ilex.gate.errors import BadCard
from ilex.gate.fields import KeyId, Moment, UnitId, read_bytes
from ilex.gate.signing import BadSignature, Signer, import_jwk, kid_of, peek, verify
from ilex.units.models import Organisation

LIMIT = 64 * 1024  # characters
TYP = "ilex-card-1+jws"


def _p256(value: dict[str, str]) -> dict[str, str]:
    import_jwk(value)
    return value


def _ed25519(value: dict[str, str]) -> dict[str, str]:
    if set(value) != {"kty", "crv", "x"} or (value["kty"], value["crv"]) != ("OKP", "Ed25519"):
        raise ValueError("not an Ed25519 public key")
    if len(read_bytes(value["x"])) != 32:
        raise ValueError("not an Ed25519 public key")
    return value


def _certificate(value: str) -> str:
    certificate_digest(value)
    return value


P256 = Annotated[dict[str, str], AfterValidator(_p256)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Endpoint = Annotated[str, StringConstraints(max_length=200, pattern=r"^(https://[A-Za-z0-9.:\[\]_-]+)?$")]


class CardKeys(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    seal: P256
    open: P256
    log: Annotated[dict[str, str], AfterValidator(_ed25519)]
    tls: Annotated[str, AfterValidator(_certificate)]


class Card(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    format: Literal["ilex-card-1"] = "ilex-card-1"
    unit: UnitId
    name: Line
    place: Annotated[str, StringConstraints(max_length=24, pattern=r"^[A-Za-z0-9-]*$")]
    endpoint: Endpoint  # empty: this node is reached by file only
    serial: Annotated[int, Field(ge=1, le=2**31 - 1)]
    issued: Moment
    keys: CardKeys
    previous: KeyId | Literal[""]  # the seal key before this one

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if (self.serial == 1) != (self.previous == ""):
            raise ValueError("only the first card has no key before it")
        if self.keys.seal == self.keys.open:
            raise ValueError("one key cannot both seal and open")
        return self

    @property
    def seal_kid(self) -> str:
        return import_jwk(self.keys.seal).thumbprint()

    @property
    def thumbprints(self) -> Mapping[str, str]:
        """How each key is named: RFC 7638 thumbprints; of the certificate its SHA-256."""
        return {
            "seal": self.seal_kid,
            "open": import_jwk(self.keys.open).thumbprint(),
            "log": OKPKey.import_key(dict(self.keys.log)).thumbprint(),
            "tls": certificate_digest(self.keys.tls),
        }


def own_card() -> str:
    """The card of this node as it is handed out: made once for each generation of keys."""
    ring = keys.own()
    path = ring.folder / keys.CARD
    with keys.alone(keys.here()):
        if not path.exists():
            unit = Organisation.objects.get(pk=ring.unit)
            card = make_card(ring, unit.name[:200], unit.place_id or "", keys.door_address(), timezone.now())
            keys.write_file(path, card.encode("ascii"))
        return path.read_text("ascii")


def make_card(
    ring: keys.KeyRing, name: str, place: str, endpoint: str, at: datetime, before: Signer | None = None
) -> str:
    """A signed card of this ring; with `before`, the seal key that this one replaces, it bears both signatures."""
    card = Card(
        unit=ring.unit,
        name=name,
        place=place,
        endpoint=endpoint,
        serial=ring.serial,
        issued=at,
        keys=CardKeys(seal=ring.seal.jwk, open=ring.open_jwk, log=ring.log_jwk, tls=ring.tls_pem),
        previous=ring.previous,
    )
    payload = canonical(card.model_dump(mode="json"))
    own = ring.seal.sign(TYP, payload)
    return own if before is None else _joined(own, before.sign(TYP, payload))


def read_card(text: str) -> Card:
    """A card whose own signature holds. Raises BadCard with one sentence.

    That the owner of the key before agreed to a renewed card is for the caller to ask: `agreed`.
    """
    if len(text) > LIMIT:
        raise BadCard(_("The card is too large to be one."))
    signatures = _signatures(text.strip())
    try:
        card = Card.model_validate(peek(signatures[0]))
        wanted = [card.seal_kid] + ([card.previous] if card.previous else [])
        if [kid_of(signature, TYP) for signature in signatures] != wanted:
            raise BadCard(_("The card does not bear the signatures that it must bear."))
        verify(signatures[0], import_jwk(card.keys.seal), TYP)
    except BadSignature as error:
        raise BadCard(_("The signature of the card does not hold.")) from error
    except (Malformed, ValidationError) as error:
        raise BadCard(_("This is not the card of an Ilex node.")) from error
    return card


def agreed(text: str, before: ECKey) -> bool:
    """Whether a renewed card is signed by the seal key that it replaces."""
    signatures = _signatures(text.strip())
    try:
        verify(signatures[-1], before, TYP)
    except BadSignature:
        return False
    return len(signatures) == 2


def fingerprint(one: Card, other: Card) -> str:
    """What two persons compare by telephone: the same 32 digits on both sides, in groups of four.

    Whoever stands between two nodes chooses keys towards both sides, so any two that agree are enough for him:
    of 80 bits that is the work of 40. Hence 106 bits, and a hash that is slow and wants memory.
    """
    lines = sorted(" ".join([card.unit, *(card.thumbprints[use] for use in USES)]) for card in (one, other))
    digest = hashlib.scrypt("\n".join(lines).encode(), salt=b"ilex-fingerprint-1", n=2**15, r=8, p=1, maxmem=2**26)
    digits = f"{int.from_bytes(digest) % 10**32:032d}"
    return " ".join(digits[start : start + 4] for start in range(0, 32, 4))


USES = ("seal", "open", "log", "tls")


def _joined(own: str, before: str) -> str:
    parts = [signature.split(".") for signature in (own, before)]
    return canonical(
        {
            "payload": parts[0][1],
            "signatures": [{"protected": protected, "signature": mark} for protected, _same, mark in parts],
        }
    ).decode("ascii")


def _signatures(text: str) -> list[str]:
    """The compact form of each signature of a card: the node's own first, then that of the key before."""
    if not text.startswith("{"):
        return [text]
    try:
        message = strict_canonical(text.encode("utf-8"))
        payload = message["payload"]
        if set(message) != {"payload", "signatures"} or len(message["signatures"]) != 2:
            raise BadCard(_("The card does not bear the signatures that it must bear."))
        return [_compact(one, payload) for one in message["signatures"]]
    except (ValueError, KeyError, TypeError) as error:
        raise BadCard(_("This is not the card of an Ilex node.")) from error


def _compact(one: dict[str, str], payload: str) -> str:
    if set(one) != {"protected", "signature"}:
        raise TypeError
    return ".".join([one["protected"], payload, one["signature"]])
