"""What the record says in the words of the law in force, in the words of the forms of 2006: our own reading."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from ilex.words import law

FORMS = "fd-2006-960"  # the profile whose annexes the forms are

# Directive (EU) 2023/977 Art. 6(1) -> form A, point 13. Grounds b, d, e, f.iii and g.ii have no box there: the form
# names them in words. Ground f.ii is one sentence in the directive and two in the form's single box B.
REASONS: Mapping[str, tuple[str, ...]] = {
    "a": ("E",),
    "c": ("A.1",),
    "f.i": ("B.1",),
    "f.ii": ("B.2", "B.3"),
    "g.i": ("D",),
    "h": ("F",),
}
LENGTHS: Mapping[str, timedelta] = {"8H": timedelta(hours=8), "1W": timedelta(days=7), "14D": timedelta(days=14)}
CLOCK_CHANGE = timedelta(hours=1)  # a week across the change of the clocks is an hour longer or shorter


def reasons(profile: str, grounds: Iterable[str]) -> tuple[str, ...]:
    """The boxes of form A for the grounds of a refusal under a profile."""
    if profile == FORMS:
        return tuple(grounds)
    return tuple(dict.fromkeys(box for ground in grounds for box in REASONS.get(ground, ())))


def limit(received: datetime | None, due: datetime | None) -> str:
    """The time limit of form A with the length of this one; none of them is 3 days long."""
    if received is None or due is None:
        return ""
    length = due - received
    return next((code for code, known in LENGTHS.items() if abs(length - known) <= CLOCK_CHANGE), "")


def expected(noticed: datetime, until: datetime | None) -> str:
    """How form A says when a late answer will come."""
    if until is None:
        return ""
    days = math.ceil((until - noticed) / timedelta(days=1))
    if days <= 3:
        return f"{max(days, 1)}D"
    return "1M" if 28 <= days <= 31 else "WEEKS"


def weeks(noticed: datetime, until: datetime | None) -> int | None:
    return None if until is None else max(math.ceil((until - noticed) / timedelta(weeks=1)), 0)


def grade(entries: Iterable[law.Grade], code: str) -> str:
    """A grade of the 4x4 system in the words of form A."""
    return next((entry.form_a for entry in entries if entry.code == code), "")


def grade_of(entries: Iterable[law.Grade], word: str) -> str:
    """And back."""
    return next((entry.code for entry in entries if entry.form_a == word), "")


def channel(code: str) -> str:
    """A channel of ours as form B names it."""
    return next((entry.form_b for entry in law.channels() if entry.code == code), "OTHER")
