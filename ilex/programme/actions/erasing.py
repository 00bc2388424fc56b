"""Names of nominees go when their time is over; the numbers of those who came stay."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db.models import Value
from django.db.models.functions import Least
from django.utils.timezone import localdate, now

from ilex.gate.models import Delivery, Envelope
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.programme.actions.stepping import day_of
from ilex.programme.models import Certificate, Evaluation, Nomination, NominationStep, Travel

MOST = 500  # in one transaction
NAMING = tuple(
    f"programme.{name}" for name in ("nominations", "nominations-decided", "travel", "attendance", "evaluation")
)


def erase_due(at: datetime | None = None) -> int:
    """Empty names, travel data, notes and texts of nominations whose day has come; returns how many.

    The day is looked at again before: the activity may have been moved.
    """
    today = localdate(at or now())
    erased = 0
    while found := _erase_some(today, at or now()):
        erased += found
    return erased


def _erase_some(today: date, at: datetime) -> int:
    due = Nomination.objects.filter(erase_on__lte=today, erased_at=None)
    if not due.exists():
        return 0
    with act("nominations.erased", Operation.ERASURE, by=None, on=("nomination", "")) as this:
        rows = list(due.select_for_update(of=("self",), skip_locked=True).select_related("invitation__activity")[:MOST])
        later = {row.pk: day for row in rows if (day := day_of(row.invitation)) > today}
        for pk, day in later.items():
            Nomination.objects.filter(pk=pk).update(erase_on=day)
        gone = [row.pk for row in rows if row.pk not in later]
        Travel.objects.filter(nomination__in=gone).delete()
        Evaluation.objects.filter(nomination__in=gone).update(text="")
        Certificate.objects.filter(nomination__in=gone).update(signed="")  # it holds the name
        NominationStep.objects.filter(nomination__in=gone).update(text="")
        Nomination.objects.filter(pk__in=gone).update(
            name="", name_key="", function="", organisation="", languages=[], note="", answer="", erased_at=at
        )
        _forget({row.invitation.conversation for row in rows if row.pk not in later}, at)
        this.detail |= {"count": len(gone), "later": len(later)}
    return len(rows)


def _forget(conversations: Collection[UUID], at: datetime) -> None:
    """What was signed is kept as long as the record lives: the messages that named these people go with their names.

    Their digests and receipts stay. A partner who lost such a message is not sent it again: it has expired.
    """
    said = Envelope.objects.filter(conversation__in=conversations, type__in=NAMING).exclude(signed="")
    settled = said.exclude(deliveries__state=Delivery.State.WAITING).exclude(state=Envelope.State.WAITING)
    settled.update(signed="", sealed=None, expires=Least("expires", Value(at)))
