"""Named reads: an officer's choices, and the sign-ins that failed."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Max, Q, QuerySet

from ilex.journal.models import Line
from ilex.units.models import Officer
from ilex.web.models import Preference

FAILURES = 5  # after so many the door stays shut
WINDOW = timedelta(minutes=15)


def preference_of(officer: Officer) -> Preference:
    return Preference.objects.filter(officer=officer).first() or Preference(officer=officer)


def shut_until(sign_in: str, address: str, at: datetime) -> datetime | None:
    """Until when nobody can sign in under this name or from this address; None when the door is open."""
    moments = [_shut_until(lines, at) for lines in (_of_name(sign_in), _of_address(address, at))]
    return max((moment for moment in moments if moment), default=None)


def _shut_until(lines: QuerySet[Line], at: datetime) -> datetime | None:
    recent = lines.filter(at__gt=at - WINDOW)
    # A sign-in that went well starts the count anew: one office stands behind one address.
    accepted = recent.filter(act="sign-in.accepted").aggregate(last=Max("id"))["last"] or 0
    failures = recent.filter(act="sign-in.refused", id__gt=accepted).order_by("-at").values_list("at", flat=True)
    newest = list(failures[:FAILURES])
    return newest[-1] + WINDOW if len(newest) == FAILURES else None


def _of_name(sign_in: str) -> QuerySet[Line]:
    return Line.objects.filter(object_kind="sign-in", object_id=sign_in)


def _of_address(address: str, at: datetime) -> QuerySet[Line]:
    # Bounded by the index on `at`; the condition on the detail is tried on these few lines only.
    return Line.objects.filter(Q(act__startswith="sign-in."), at__gt=at - WINDOW, detail__address=address)
