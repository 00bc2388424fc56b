"""Legal time: when a limit ends, and when its warnings are due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ilex.words.entries import LawError, Limit


class Warnings(NamedTuple):
    half: datetime  # half of the time is used
    late: datetime  # four fifths of the time are used


def deadline(limit: Limit, received: datetime, zone: str) -> datetime:
    """The moment (UTC) at which the limit ends for a request received at `received` by a unit that lives in `zone`.

    Hours are hours. Days are calendar days: the same wall-clock time that many days later. When the clocks change,
    that time may come twice, or never; then the earlier reading counts, because a deadline shown too early costs an
    hour and one shown too late breaks the law.
    """
    if received.tzinfo is None:
        raise ValueError("The moment of receipt must say its time zone.")
    received = received.astimezone(UTC)
    if limit.hours:
        return received + timedelta(hours=limit.hours)
    there = _zone(zone)
    wall = received.astimezone(there).replace(tzinfo=None) + timedelta(days=limit.days)
    return min(wall.replace(tzinfo=there, fold=fold).astimezone(UTC) for fold in (0, 1))


def warnings(start: datetime, due: datetime) -> Warnings:
    """When a clock that runs from `start` to `due` must warn.

    After a suspension hand in the start moved by the time for which the clock stood: `due` was moved by the same.
    """
    length = due - start
    return Warnings(half=start + length / 2, late=start + length * 4 / 5)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as problem:
        raise LawError(f"The time zone {name!r} is not known.") from problem
