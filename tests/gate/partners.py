"""The other side of the gate in tests: a second ring of real keys, whose letters and receipts are written here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.utils import timezone
from joserfc.jwk import ECKey
from pydantic import BaseModel, ConfigDict

from ilex.gate import keys, registry
from ilex.gate.actions import confirm, fingerprint_with, take_card
from ilex.gate.cards import make_card
from ilex.gate.fields import to_the_millisecond
from ilex.gate.header import Header, Manifest
from ilex.gate.ids import uuid7
from ilex.gate.keys import KeyRing
from ilex.gate.models import Envelope, Peer, Receipt
from ilex.gate.receipts import make_receipt
from ilex.gate.seal import Sealed, seal
from ilex.gate.signing import import_jwk
from ilex.units.models import Officer, Organisation


class Words(BaseModel):
    """The body of the messages of these tests."""

    model_config = ConfigDict(extra="forbid")

    text: str


class Room:
    """A room of our own that takes in messages of the type `test.words` and remembers what it was given.

    A test may give it something to do with each message, or with each receipt, before that.
    """

    def __init__(self) -> None:
        self.effect: Callable[[registry.Arrived], None] | None = None
        self.echo: Callable[[Envelope, Receipt], None] | None = None
        self.arrived: list[registry.Arrived] = []
        self.receipts: list[tuple[UUID, str]] = []
        self.together: list[list[str]] = []  # the texts of each batch, in a room that takes several at once
        self.type = registry.MessageType("test.words", 1, Words, self.take_in, self.on_receipt)

    def take_in(self, arrived: registry.Arrived) -> None:
        if self.effect:
            self.effect(arrived)
        self.arrived.append(arrived)

    def on_receipt(self, envelope: Envelope, receipt: Receipt) -> None:
        if self.echo:
            self.echo(envelope, receipt)
        self.receipts.append((envelope.id, receipt.kind))

    @property
    def texts(self) -> list[str]:
        return [arrived.body.text for arrived in self.arrived]


def make_unit(unit: str) -> Organisation:
    made, _new = Organisation.objects.get_or_create(
        id=unit, defaults={"kind": Organisation.Kind.UNIT, "name": f"Unit {unit}"}
    )
    return made


def make_ana() -> Officer:
    return Officer.objects.create(sign_in="ana", name="Ana", organisation=make_unit(settings.ILEX_UNIT))


def make_ring(folder: Path, unit: str, endpoint: str = "https://127.0.0.1:9443") -> KeyRing:
    keys.make_keys(folder, unit=unit, endpoint=endpoint)
    return keys.ring_of(folder)


def card_of(ring: KeyRing, endpoint: str = "https://127.0.0.1:9443", **facts: Any) -> str:
    return make_card(ring, f"Unit {ring.unit}", "", endpoint, timezone.now(), **facts)


def pair(ring: KeyRing) -> Peer:
    """Take the partner's card and compare the fingerprint, as two persons do."""
    make_unit(settings.ILEX_UNIT)
    make_unit(ring.unit)
    take_card(card_of(ring))
    return confirm(ring.unit, fingerprint_with(ring.unit))


def header(ring: KeyRing, to: Sequence[str], **members: Any) -> Header:
    now = to_the_millisecond(timezone.now())
    usual: dict[str, Any] = {
        "id": uuid7(),
        "type": "test.words",
        "version": 1,
        "sender": ring.unit,
        "recipients": list(to),
        "conversation": uuid4(),
        "sequence": 1,
        "issued": now,
        "expires": members.get("issued", now) + timedelta(days=30),
        "handling": "H0",
        "language": "en",
    }
    return Header(**(usual | members))


def sealed(ring: KeyRing, ours: KeyRing, body: Any = None, **members: Any) -> Sealed:
    """A letter of the partner's to us, signed and sealed by the partner's real keys."""
    content = {"text": "Добар дан"} if body is None else body
    return seal(header(ring, [ours.unit], **members), content, ring, [open_key(ours)])


def letter(ring: KeyRing, ours: KeyRing, body: Any = None, **members: Any) -> bytes:
    return sealed(ring, ours, body, **members).line


def open_key(ring: KeyRing) -> ECKey:
    return import_jwk(ring.open_jwk)


def receipt_of(ring: KeyRing, envelope: Envelope, kind: str, at: datetime | None = None, **more: str) -> bytes:
    """The partner's signed word about a message of ours."""
    return make_receipt(ring, envelope, kind, at or timezone.now(), **more).encode("ascii")


def manifest(**members: Any) -> Manifest:
    usual: dict[str, Any] = {
        "id": uuid4(),
        "name": "annex.pdf",
        "media": "application/pdf",
        "size": 1000,
        "sha256": "ab" * 32,
        "sealed_size": 1056,
        "sealed_sha256": "cd" * 32,
        "key": b"k" * 32,
    }
    return Manifest(**(usual | members))
