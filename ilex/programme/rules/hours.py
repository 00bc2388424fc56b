"""The hours of an activity on the clock of its own place, and the moments they are."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from ilex.words.edtf import When


@cache
def zones() -> frozenset[str]:
    """Those that a message can name too: Europe/Skopje, UTC."""
    return frozenset(one for one in available_timezones() if "/" in one or one.isalpha())


def moment(day: date, at: time, zone: str) -> datetime:
    """The moment at which clocks there show this. Where an hour comes twice, it is the first of them.

    Raises ValueError for an hour that clocks there leave out on that day.
    """
    there = datetime.combine(day, at, ZoneInfo(zone))
    read = there.astimezone(UTC)
    if read.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != there.replace(tzinfo=None):
        raise ValueError(f"Clocks in {zone} leave this hour out on {day}.")
    return read


def on_the_clock(at: datetime, zone: str) -> datetime:
    """What clocks there show at this moment."""
    return at.astimezone(ZoneInfo(zone))


@lru_cache(4096)
def exact_days(when: str) -> bool:
    """`exact` of what is written as EDTF: a calendar asks it for the same days again and again."""
    return exact(When.parse(when))


def exact(read: When) -> bool:
    """Whether its days are known, with nothing doubtful about them."""
    edges = [read.start] + ([read.end] if read.end else [])
    return all(edge.date is not None and edge.date.precision == "day" and not edge.sureness for edge in edges)
