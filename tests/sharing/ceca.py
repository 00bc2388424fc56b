"""Ceca's node again, which here gives and gets statements; it can also say what no honest program would."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.utils.timezone import now

from ilex.gate import seal
from ilex.gate.actions import accept, hand_over
from ilex.gate.fields import show_moment
from ilex.gate.models import Envelope
from ilex.sharing.models import Release
from tests.exchange.ceca import Ceca
from tests.gate.partners import header, open_key


class Partner(Ceca):
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
        self.sequence += 1
        at = at or now()
        head = header(
            self.ring,
            [self.ours.unit, *recipients],
            type=type,
            conversation=conversation,
            sequence=self.sequence,
            issued=at,
            **members,
        )
        line = seal.seal(head, body, self.ring, [open_key(self.ours)]).line
        answers = accept([line], None, at=at)
        assert b"receipt" in answers[0], answers
        hand_over(at=at)
        return Envelope.objects.get(way="in", id=head.id)

    def gives(self, *subjects: dict[str, Any], links: Sequence[dict[str, Any]] = (), **more: Any) -> Release:
        """A release of hers; gives what our side made of it."""
        conversation = uuid4()
        envelope = self.says("sharing.release", release(*subjects, links=links, **more), conversation)
        assert envelope.state == "taken", envelope.failure
        return Release.objects.get(way="in", conversation=conversation, partner=self.unit)

    def tries(self, *subjects: dict[str, Any], links: Sequence[dict[str, Any]] = (), **more: Any) -> str:
        """A release that our side must not take in; gives the code that she reads."""
        return self.refused("sharing.release", release(*subjects, links=links, **more), uuid4())

    def refused(self, type: str, body: dict[str, Any], conversation: UUID) -> str:
        envelope = self.says(type, body, conversation)
        assert envelope.state == "refused", envelope.state
        return envelope.receipts.get(way="out", kind="refused").code


def release(*subjects: dict[str, Any], links: Sequence[dict[str, Any]] = (), **more: Any) -> dict[str, Any]:
    usual = {"title": "Возило", "purpose": "Пронаоѓање на возилото.", "subjects": list(subjects), "links": list(links)}
    return usual | more


def person(*statements: dict[str, Any], category: str = "suspect", **more: Any) -> dict[str, Any]:
    said = list(statements) or [statement()]
    return {"id": str(uuid4()), "kind": "person", "category": category, "statements": said} | more


def statement(property: str = "name", value: str = "Ѓорѓи Измислен", **more: Any) -> dict[str, Any]:
    """One of hers; `owner` and everything else may be said differently."""
    usual = {
        "id": str(uuid4()),
        "owner": "ilecu-mk",
        "stated": show_moment(now()),
        "handling": "H0",
        "basis": "fact",
        "property": property,
        "value": value,
    }
    return usual | more


def instead(of: dict[str, Any], value: str, **more: Any) -> dict[str, Any]:
    """The same statement, corrected: with a new number and another value."""
    return of | {"id": str(uuid4()), "value": value, "stated": show_moment(now())} | more
