"""Whose turn it is, on the organiser's side: on whom to decide, who may have come, who gets a certificate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.timezone import localdate

from ilex.programme.models import Invitation, Nomination
from ilex.programme.queries.nominations import nominated_of
from ilex.units.models import Officer

State = Nomination.State


def to_record(officer: Officer, invitation: Invitation) -> list[Nomination]:
    return [row for row in nominated_of(officer, invitation) if may_be_recorded(row)]


def to_certify(officer: Officer, invitation: Invitation) -> list[Nomination]:
    return [row for row in nominated_of(officer, invitation) if may_be_certified(row)]


def may_be_decided(row: Nomination) -> bool:
    return row.state in (State.SENT, State.WAITING, State.CONFIRMED) and row.erased_at is None


def may_be_recorded(row: Nomination) -> bool:
    expected = row.state in (State.CONFIRMED, State.ATTENDED, State.ABSENT)
    return expected and not hasattr(row, "certificate") and row.erased_at is None


def may_be_certified(row: Nomination) -> bool:
    return row.state == State.ATTENDED and not hasattr(row, "certificate") and row.erased_at is None


def has_begun(invitation: Invitation) -> bool:
    first = invitation.activity.first
    return first is None or first <= localdate()


@dataclass(frozen=True)
class Turn:
    """What waits for the organiser; the first that is not empty is the page's main next step."""

    decide: Sequence[Nomination]
    record: Sequence[Nomination]
    certify: Sequence[Nomination]

    @property
    def undecided(self) -> bool:
        """Whether somebody waits for a first word; another one can be said later on."""
        return any(row.state == State.SENT for row in self.decide)

    @property
    def expected(self) -> bool:
        """Whether somebody was expected of whom nothing is recorded yet."""
        return any(row.state == State.CONFIRMED for row in self.record)


def turn_of(invitation: Invitation, rows: Sequence[Nomination]) -> Turn:
    begun = has_begun(invitation)
    ended = invitation.state in (Invitation.State.DRAFT, Invitation.State.CANCELLED)
    return Turn(
        decide=[] if ended else [row for row in rows if may_be_decided(row)],
        record=[row for row in rows if begun and not ended and may_be_recorded(row)],
        certify=[row for row in rows if begun and may_be_certified(row)],
    )
