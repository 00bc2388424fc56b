"""The plan of shifts: who is on duty, the week with its gaps and overlaps, what waits to be taken over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.utils.timezone import now

from ilex.duty.models import Shift
from ilex.duty.rules import Overlap, Span, gaps, midnight, overlaps
from ilex.units.models import Officer

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Day:
    date: date
    shifts: tuple[Shift, ...]  # those that begin on it, and those that run into it


@dataclass(frozen=True)
class Week:
    monday: date
    days: tuple[Day, ...]
    gaps: tuple[Span, ...]  # nobody is on duty
    overlaps: tuple[Overlap, ...]  # more than one is


def on_duty(at: datetime | None = None) -> list[Officer]:
    """The active officers whose shift holds at the moment (now), by name."""
    shifts = _at(at or now()).filter(officer__is_active=True).select_related("officer").order_by("officer__name")
    return list({shift.officer_id: shift.officer for shift in shifts}.values())


def names_on_duty() -> list[str]:
    """For the identity bar: one small query on each page."""
    return list(_at(now()).filter(officer__is_active=True).order_by("begins").values_list("officer__name", flat=True))


def present_shift(officer: Officer, at: datetime | None = None) -> Shift | None:
    """The officer's own shift: the one that runs, else the last that he has not handed over."""
    at = at or now()
    running = _at(at).filter(officer=officer).first()
    if running:
        return running
    begun = Shift.objects.filter(officer=officer, begins__lte=at, handed_over_at=None, ends__gt=at - WEEK)
    return begun.order_by("-ends").first()


def to_take_over() -> QuerySet[Shift]:
    """Shifts that were handed over and that nobody has taken, oldest first."""
    waiting = Shift.objects.filter(handed_over_at__isnull=False, taken_at=None)
    return waiting.select_related("officer").order_by("handed_over_at")


def planned(since: datetime, until: datetime) -> list[Shift]:
    """All shifts that touch this time, in their order."""
    found = Shift.objects.filter(begins__lt=until, ends__gt=since).select_related("officer", "taken_by")
    return list(found.order_by("begins", "officer__name"))


def week(monday: date) -> Week:
    """The seven days from this Monday in the unit's zone."""
    zone = ZoneInfo(settings.TIME_ZONE)
    edges = [midnight(monday + timedelta(days=number), zone) for number in range(8)]
    shifts = planned(edges[0], edges[-1])
    spans = [Span(max(shift.begins, edges[0]), min(shift.ends, edges[-1]), shift.officer.name) for shift in shifts]
    days = tuple(_day(shifts, begins, ends) for begins, ends in pairwise(edges))
    return Week(monday, days, tuple(gaps(spans, edges[0], edges[-1])), tuple(overlaps(spans)))


def _day(shifts: Sequence[Shift], begins: datetime, ends: datetime) -> Day:
    return Day(begins.date(), tuple(shift for shift in shifts if shift.begins < ends and begins < shift.ends))


def _at(at: datetime) -> QuerySet[Shift]:
    return Shift.objects.filter(begins__lte=at, ends__gt=at)
