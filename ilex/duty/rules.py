"""Plain reckoning with spans of time: where nobody is on duty, and where more than one is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

LONGEST_SHIFT = timedelta(hours=48)
LONGEST_ABSENCE = timedelta(days=366)


@dataclass(frozen=True)
class Span:
    begins: datetime
    ends: datetime
    who: str = ""


@dataclass(frozen=True)
class Overlap:
    begins: datetime
    ends: datetime
    who: tuple[str, ...]


def gaps(spans: Sequence[Span], since: datetime, until: datetime) -> list[Span]:
    """The times between `since` and `until` that no span covers, in their order."""
    found: list[Span] = []
    covered = since
    for span in sorted(spans, key=lambda span: span.begins):
        if span.begins > covered:
            found.append(Span(covered, min(span.begins, until)))
        covered = max(covered, span.ends)
        if covered >= until:
            break
    if covered < until:
        found.append(Span(covered, until))
    return [gap for gap in found if gap.begins < gap.ends]


def overlaps(spans: Sequence[Span]) -> list[Overlap]:
    """The times at which more than one person is on duty, with their names."""
    edges = sorted({edge for span in spans for edge in (span.begins, span.ends)})
    found: list[Overlap] = []
    for begins, ends in pairwise(edges):
        who = tuple(sorted(span.who for span in spans if span.begins < ends and begins < span.ends))
        if len(who) < 2:
            continue
        if found and found[-1].ends == begins and found[-1].who == who:
            found[-1] = Overlap(found[-1].begins, ends, who)
        else:
            found.append(Overlap(begins, ends, who))
    return found


def monday_of(week: str, today: date) -> date:
    """The Monday of an ISO week such as 2026-W47; of the present one when the text names none."""
    year, dash, number = week.partition("-W")
    try:
        return date.fromisocalendar(int(year), int(number), 1) if dash else _monday(today)
    except (ValueError, OverflowError):
        return _monday(today)


def week_name(monday: date) -> str:
    year, number, _day = monday.isocalendar()
    return f"{year:04}-W{number:02}"


def midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
