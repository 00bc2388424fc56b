"""Clashes in the calendar: the same person, host, place or unit in two activities at one time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

Reason = Literal["person", "host", "unit", "place"]
REASONS: tuple[Reason, ...] = ("person", "host", "unit", "place")
A_DAY = timedelta(days=1)
TOO_VAGUE = timedelta(days=31)  # dates that are only known to lie within more than this say too little


@dataclass(frozen=True)
class Slot:
    """What of an activity can clash. `exact`: its days are known, with nothing doubtful about them."""

    key: str
    first: date | None
    last: date | None
    exact: bool = True
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    person: frozenset[str] = frozenset()
    host: frozenset[str] = frozenset()
    unit: frozenset[str] = frozenset()
    place: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Clash:
    """Two activities, and what both need at one time, by its codes. Not `sure` where a date is vague."""

    one: str
    other: str
    shared: tuple[tuple[Reason, frozenset[str]], ...]
    sure: bool


def clashes(slots: Iterable[Slot], among: Collection[str] | None = None) -> list[Clash]:
    """Each pair once, in the order of the slots; `among`: only those in which one of these keys has a part."""
    ordered = list(slots)
    pairs = {pair for group in _sharing(ordered) for pair in _at_once(ordered, group)}
    found = []
    for place, other_place in sorted(pairs):
        one, other = ordered[place], ordered[other_place]
        asked = among is None or one.key in among or other.key in among
        if asked and overlap(one, other):
            found.append(Clash(one.key, other.key, _shared(one, other), one.exact and other.exact))
    return found


def _sharing(slots: Sequence[Slot]) -> Iterable[Sequence[int]]:
    """The places of those that need one and the same: few do, of all that lie in a month."""
    groups: dict[tuple[Reason, str], list[int]] = defaultdict(list)
    for place, slot in enumerate(slots):
        for reason in REASONS if _says_enough(slot) else ():
            for code in getattr(slot, reason):
                groups[reason, code].append(place)
    return groups.values()


def _at_once(slots: Sequence[Slot], places: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The places of each two whose days meet, give or take the day between two clocks."""
    begun: list[tuple[date, int]] = []  # the last day of each that may still go on
    days = [(slots[place].first, slots[place].last, place) for place in places]
    for first, last, place in sorted((first, last, place) for first, last, place in days if first and last):
        begun = [(until, before) for until, before in begun if until >= first - A_DAY]
        yield from ((min(place, before), max(place, before)) for _until, before in begun)
        begun.append((last, place))


def overlap(one: Slot, other: Slot) -> bool:
    """By the hour where both have hours, else by the day. Who ends as the other begins is not in its way."""
    if one.starts_at and one.ends_at and other.starts_at and other.ends_at:
        return one.starts_at < other.ends_at and other.starts_at < one.ends_at
    if one.first is None or one.last is None or other.first is None or other.last is None:
        return False
    return one.first <= other.last and other.first <= one.last


def _says_enough(slot: Slot) -> bool:
    if slot.first is None or slot.last is None:
        return False
    return slot.exact or slot.last - slot.first <= TOO_VAGUE


def _shared(one: Slot, other: Slot) -> tuple[tuple[Reason, frozenset[str]], ...]:
    both = ((reason, getattr(one, reason) & getattr(other, reason)) for reason in REASONS)
    return tuple((reason, codes) for reason, codes in both if codes)
