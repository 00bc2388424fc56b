"""Who came, and what participants say of it afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.programme.actions.stepping import (
    agent,
    by_unit,
    is_ours,
    locked,
    must_organise,
    post,
    post_reached,
    settle_days,
    take_step,
)
from ilex.programme.messages import AttendanceBody, AttendedBody, EvaluationBody
from ilex.programme.models import Certificate, Evaluation, Invitation, Nomination
from ilex.programme.rules.errors import Invalid, NotNow, fitting
from ilex.programme.rules.nominations import QUESTIONS
from ilex.units import queries as units
from ilex.units.models import Officer
from ilex.units.rules import check

State = Nomination.State


def record_attendance(officer: Officer, invitation: Invitation, came: Mapping[UUID, bool]) -> list[Nomination]:
    """Whether each of these came; their units are told. Can be put right until a certificate is given.

    Raises Invalid, NotNow.
    """
    check(officer, "nomination.choose")
    if not came:
        raise Invalid({"people": _("Say of somebody whether he or she came.")})
    on = ("invitation", str(invitation.pk))
    with act("attendance.recorded", Operation.DISCLOSURE, by=officer, on=on) as this:
        row = locked(invitation)
        must_organise(row)
        _must_have_begun(row)
        found = list(row.nominations.filter(pk__in=came).order_by("pk"))
        if len(found) != len(came):
            raise Invalid({"people": _("Choose nominations of this invitation.")})
        if Certificate.objects.filter(nomination__in=found).exists():
            raise NotNow(_("A certificate is given already: it says that the person came."))
        changed = [one for one in found if one.state != (State.ATTENDED if came[one.pk] else State.ABSENT)]
        for one in changed:
            take_step([one], "attend" if came[one.pk] else "miss", officer)
        settle_days(row)
        for unit, theirs in by_unit(changed).items():
            people = [AttendedBody(nomination=one.pk, attended=came[one.pk]) for one in theirs]
            body = AttendanceBody(agent=agent(officer), number=row.pk, people=people)
            this.recipients = [*this.recipients, *post_reached("programme.attendance", body, row, [unit], officer)]
        this.detail |= {"came": sum(came.values()), "absent": len(came) - sum(came.values())}
    return found


def evaluate(officer: Officer, nomination: Nomination, marks: Mapping[str, int], text: str = "") -> Evaluation:
    """What one participant says, told to the organiser under the number of the nomination. Raises Invalid, NotNow."""
    check(officer, "nomination.propose")
    text = fitting("text", text, 4_000)
    _must_be_marks(marks)
    if not marks and not text:
        raise Invalid({"text": _("Give a mark, or write a sentence.")})
    on = ("nomination", str(nomination.pk))
    with act("nomination.evaluated", Operation.DISCLOSURE, by=officer, on=on) as this:
        row = locked(nomination.invitation)
        nomination = Nomination.objects.get(pk=nomination.pk)
        if nomination.unit_id != units.here().pk:
            raise NotNow(_("Only the unit that nominates can do this."))
        if nomination.state != State.ATTENDED:
            raise NotNow(_("Only who came can say how it was."))
        if Evaluation.objects.filter(nomination=nomination).exists():
            raise NotNow(_("This person's evaluation was given already."))
        made = Evaluation.objects.create(nomination=nomination, marks=dict(marks), text=text, at=now())
        if not is_ours(row):
            this.recipients = [row.organiser_id]
            body = EvaluationBody(
                agent=agent(officer), number=row.pk, nomination=nomination.pk, marks=dict(marks), text=text
            )
            post("programme.evaluation", body, row, this.recipients, officer)
    return made


def _must_have_begun(invitation: Invitation) -> None:
    if invitation.state in (Invitation.State.DRAFT, Invitation.State.CANCELLED):
        raise NotNow(_("This invitation is not open."))
    first = invitation.activity.first
    if first is not None and first > localdate():
        raise NotNow(_("The activity has not begun yet."))


def _must_be_marks(marks: Mapping[str, int]) -> None:
    if not set(marks) <= set(QUESTIONS) or any(not 1 <= mark <= 5 for mark in marks.values()):
        raise Invalid({"marks": _("A mark is a number from 1 to 5.")})
