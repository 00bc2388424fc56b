"""Who stands in for whom."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils.timezone import now

from ilex.duty.models import Delegation
from ilex.units.models import Officer

SHOWN = 100


def deputies(officer: Officer, at: datetime | None = None) -> list[Officer]:
    """Those who stand in for this officer at the moment (now); empty while he is here himself."""
    found = _holding(at).filter(absent=officer, deputy__is_active=True).select_related("deputy")
    return list({row.deputy_id: row.deputy for row in found.order_by("deputy__name")}.values())


def stands_in_for(officer: Officer, at: datetime | None = None) -> list[Officer]:
    """Those whose work this officer sees to at the moment (now), besides his own."""
    if not officer.is_active:
        return []
    found = _holding(at).filter(deputy=officer).select_related("absent")
    return list({row.absent_id: row.absent for row in found.order_by("absent__name")}.values())


def delegations(officer: Officer, *, everybody: bool, at: datetime | None = None) -> list[Delegation]:
    """What holds now or will, soonest first: the officer's own both ways, or those of everybody."""
    found = Delegation.objects.filter(ended_at=None, ends__gt=at or now()).select_related("absent", "deputy", "made_by")
    if not everybody:
        found = found.filter(absent=officer) | found.filter(deputy=officer)
    return list(found.order_by("begins", "absent__name")[:SHOWN])


def _holding(at: datetime | None) -> QuerySet[Delegation]:
    at = at or now()
    return Delegation.objects.filter(ended_at=None, begins__lte=at, ends__gt=at)
