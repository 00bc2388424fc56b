"""When two items may tell of one event. The machine only says why; a person says whether they do."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from rapidfuzz import fuzz

NEAR_TITLE = 80  # of 100: the same words, in another order or with another beginning


@dataclass(frozen=True)
class Facts:
    title: str = ""  # folded words: see addresses.title_key
    activities: Collection[object] = field(default_factory=frozenset)
    days: Collection[date] = field(default_factory=frozenset)
    places: Collection[str] = field(default_factory=frozenset)


def reasons(one: Facts, other: Facts) -> tuple[str, ...]:
    """What speaks for one event: same-activity, near-title, same-day, same-place. Empty where it is not enough."""
    found = [
        code
        for code, mine, theirs in (
            ("same-activity", one.activities, other.activities),
            ("same-day", one.days, other.days),
            ("same-place", one.places, other.places),
        )
        if set(mine) & set(theirs)
    ]
    if one.title and other.title and fuzz.token_sort_ratio(one.title, other.title) >= NEAR_TITLE:
        found.append("near-title")
    enough = "same-activity" in found or "near-title" in found or {"same-day", "same-place"} <= set(found)
    return tuple(found) if enough else ()
