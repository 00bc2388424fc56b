"""Which activities wait for somebody: what the tiles of the desk count, and the calendar lists."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from ilex.programme.kinds import OutcomeKind, Waits
from ilex.programme.models import Activity, Claim, Outcome
from ilex.programme.queries.values import NAME_OF
from ilex.units.queries import here

State = Activity.State
SOON = timedelta(days=7)
A_MONTH = timedelta(days=31)


def waiting(found: QuerySet[Activity], what: str, today: date) -> QuerySet[Activity]:
    """Of these activities those that wait in this way."""
    match what:
        case Waits.SOON:
            return _soon(found, today)
        case Waits.HELD:
            return found.filter(owner=here(), state=State.ANNOUNCED, last__lt=today)
        case Waits.OUTCOMES:
            return found.filter(pk__in=_due(today).values("activity"))
        case Waits.UNDECIDED:
            return found.filter(Q(owner=here()) | Q(owner=None), pk__in=_open_claims())
    return found


def _soon(found: QuerySet[Activity], today: date) -> QuerySet[Activity]:
    """It begins within a week. Of what is only known to lie in a year nobody can say so."""
    near = found.filter(first__range=(today, today + SOON), last__lte=today + SOON + A_MONTH)
    return near.exclude(state__in=[State.CANCELLED, State.HELD])


def _due(today: date) -> QuerySet[Outcome]:
    """What was agreed, is not done, and is to be done within a week."""
    return Outcome.objects.filter(kind=OutcomeKind.AGREED, done_at=None, due_on__lte=today + SOON).order_by()


def overdue(found: QuerySet[Activity], today: date) -> bool:
    """Whether the day of something agreed at one of these has gone by."""
    return _due(today).filter(due_on__lt=today, activity__in=found).exists()


def _open_claims() -> QuerySet[Claim, Any]:
    """The ids of activities of which sources state different values of one field, while none is followed."""
    claims = Claim.objects.filter(activity__isnull=False).exclude(field__startswith=NAME_OF).order_by()
    said, followed = Count("value", distinct=True), Count("pk", filter=Q(preferred=True))
    fields = claims.values("activity", "field").annotate(said=said, followed=followed)
    return fields.filter(said__gt=1, followed=0).values("activity")
