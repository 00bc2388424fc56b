"""Ceca's node in Skopje: real keys, seals and receipts. What she says passes our gate as from another machine."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.utils.timezone import now

from ilex.exchange.messages import BODIES, AskedBody, RequestBody, SubjectBody
from ilex.exchange.models import Request, Way
from ilex.gate import seal
from ilex.gate.actions import accept, hand_over, take_receipts
from ilex.gate.header import Content
from ilex.gate.keys import KeyRing
from ilex.gate.models import Envelope, Peer
from ilex.gate.signing import import_jwk
from tests.gate.partners import header, open_key, receipt_of


class Ceca:
    """The officer of the other unit, and her node."""

    def __init__(self, ring: KeyRing, ours: KeyRing, peer: Peer) -> None:
        self.ring, self.ours, self.peer = ring, ours, peer
        self.unit = ring.unit
        self.sequence = 0

    def says(
        self,
        type: str,
        body: dict[str, Any],
        conversation: UUID,
        *,
        at: datetime | None = None,
        recipients: Sequence[str] = (),
        **members: Any,
    ) -> Envelope:
        """Seal a message, bring it to our gate, and let our room take it in."""
        at = at or now()
        line = self.seals(type, body, conversation, at=at, recipients=recipients, **members)
        answers = accept([line], None, at=at)
        assert b"receipt" in answers[0], answers
        hand_over(at=at)
        return Envelope.objects.get(way="in", sender=self.unit, sequence=self.sequence)

    def seals(
        self,
        type: str,
        body: dict[str, Any],
        conversation: UUID,
        *,
        at: datetime | None = None,
        recipients: Sequence[str] = (),
        **members: Any,
    ) -> bytes:
        """The sealed line of a message, which nobody has brought anywhere yet."""
        self.sequence += 1
        head = header(
            self.ring,
            [self.ours.unit, *recipients],
            type=type,
            conversation=conversation,
            sequence=self.sequence,
            issued=at or now(),
            **members,
        )
        BODIES[type].model_validate_json(_json(body))  # she writes what her own program would let her write
        return seal.seal(head, body, self.ring, [open_key(self.ours)]).line

    def asks(self, *, at: datetime | None = None, reference: str = "MK-2026-000077", **fields: Any) -> Request:
        """Send us a request; gives what our side made of it."""
        conversation, members = uuid4(), {}
        for name in ("recipients", "handling", "language", "attachments"):
            if name in fields:
                members[name] = fields.pop(name)
        others = members.get("recipients", ())
        asked = {unit: AskedBody(reference=reference, profile="bilateral") for unit in (self.ours.unit, *others)}
        body = RequestBody(**{**LETTER, "asked": asked, **fields})
        self.says("exchange.request", body.model_dump(mode="json"), conversation, at=at, **members)
        return Request.objects.get(inquiry=conversation, way=Way.IN)

    def mail(self, type: str = "") -> list[Content]:
        """Everything that we sealed for her, opened with her keys, oldest first."""
        found = Envelope.objects.filter(way="out", recipients__contains=[self.unit]).order_by("at", "sequence")
        opened = [self.opened(envelope) for envelope in found]
        return [content for content in opened if type in ("", content.type)]

    def opened(self, envelope: Envelope) -> Content:
        sealed = bytes(envelope.sealed or b"")
        signed = seal.open_sealed(sealed, self.ring) if sealed else envelope.signed
        return seal.check(signed, import_jwk(self.ours.seal.jwk))

    def stores(
        self, envelope: Envelope | None, at: datetime | None = None, kind: str = "stored", code: str = ""
    ) -> None:
        """Her node's signed receipt for one of our messages comes back."""
        assert envelope is not None
        line = receipt_of(self.ring, envelope, kind, at or now(), **({"code": code} if code else {}))
        answers = take_receipts([line], self.peer)
        assert b"noted" in answers[0], answers


def _json(body: dict[str, Any]) -> str:
    return json.dumps(body)


LETTER: dict[str, Any] = {
    "requested_information": "Дали возилото ја премина границата по 1 ноември?",
    "facts": "Возилото е украдено во Скопје на 31 октомври.",
    "underlying_offence": "Кражба на возило",
    "purpose": "Пронаоѓање на возилото.",
    "grounds_available": "Возилото е видено кај граничниот премин Табановце.",
    "link_explanation": "Осомничениот последен го возел возилото.",
    "subjects": [SubjectBody(kind="person", category="suspect", name="Ѓорѓи Измислен", language="mk", born="1985-03")],
}
