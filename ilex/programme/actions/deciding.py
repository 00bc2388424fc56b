"""The organiser's word on whom units nominate: confirmed, waiting or declined; a person decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.utils.translation import gettext as _

from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.programme.actions.stepping import agent, by_unit, locked, must_organise, post_reached, take_step
from ilex.programme.messages import DecisionBody, NominationsDecidedBody
from ilex.programme.models import Invitation, Nomination
from ilex.programme.rules.errors import Invalid, NotNow, fitting
from ilex.units.models import Officer
from ilex.units.rules import check
from ilex.words.quantities import Quantity

State = Nomination.State
Word = Literal["confirmed", "waiting", "declined"]
STEPS: dict[Word, str] = {"confirmed": "confirm", "waiting": "wait", "declined": "decline"}


@dataclass(frozen=True)
class Decision:
    """What becomes of one nomination; who is declined is told why, by a code and perhaps in words."""

    decision: Word
    reason: Literal["", "over-quota", "capacity", "too-late", "other"] = ""
    text: str = ""


def decide(officer: Officer, invitation: Invitation, decisions: Mapping[UUID, Decision]) -> list[Nomination]:
    """For nominations by their ids. Each unit is told of its own people. Raises Invalid, NotNow."""
    check(officer, "nomination.choose")
    decisions = {pk: _checked(decision) for pk, decision in decisions.items()}
    if not decisions:
        raise Invalid({"decisions": _("Decide on somebody.")})
    with act("nominations.decided", Operation.DISCLOSURE, by=officer, on=("invitation", str(invitation.pk))) as this:
        row = locked(invitation)
        must_organise(row)
        if row.state in (Invitation.State.DRAFT, Invitation.State.CANCELLED):
            raise NotNow(_("This invitation is not open."))
        found = list(row.nominations.filter(pk__in=decisions).select_related("unit").order_by("pk"))
        if len(found) != len(decisions):
            raise Invalid({"decisions": _("Choose nominations of this invitation.")})
        for one in found:
            decision = decisions[one.pk]
            take_step(
                [one], STEPS[decision.decision], officer, decision.text, reason=decision.reason, answer=decision.text
            )
        _must_have_room(row)
        this.recipients = tell(row, found, decisions, officer)
        this.detail |= {word: sum(one.decision == word for one in decisions.values()) for word in STEPS}
    return found


def tell(
    invitation: Invitation, rows: Sequence[Nomination], decisions: Mapping[UUID, Decision], by: Officer | None
) -> list[str]:
    """A message to each unit about its own people alone; returns the units that were told."""
    told: list[str] = []
    for unit, theirs in by_unit(rows).items():
        said = [DecisionBody(nomination=one.pk, **vars(decisions[one.pk])) for one in theirs]
        body = NominationsDecidedBody(agent=agent(by), number=invitation.pk, decisions=said)
        told += post_reached("programme.nominations-decided", body, invitation, [unit], by)
    return told


def _checked(decision: Decision) -> Decision:
    if decision.decision not in STEPS or (decision.reason and decision.reason not in Nomination.Reason.values):
        raise Invalid({"decisions": _("Choose one from the list.")})
    if decision.decision != "declined":
        return Decision(decision.decision)
    text = fitting("decisions", decision.text, 300)
    if not decision.reason or (decision.reason == "other" and not text):
        raise Invalid({"decisions": _("Say why somebody is declined.")})
    return Decision("declined", decision.reason, text)


def _must_have_room(invitation: Invitation) -> None:
    if not invitation.activity.capacity:
        return
    capacity = Quantity.parse(invitation.activity.capacity)
    coming = invitation.nominations.filter(state=State.CONFIRMED).count()
    if capacity.high is not None and coming > capacity.high:
        sentence = _("There is room for %(room)s, and %(count)s people would be confirmed.")
        raise Invalid({"decisions": sentence % {"room": int(capacity.high), "count": coming}})
