"""Who must know when a statement or link is corrected or withdrawn: told by the higher rooms when the node starts."""

from __future__ import annotations

from collections.abc import Callable

from ilex.subjects.models import Link, Statement
from ilex.units.models import Officer

# The old one, what stands in its place (None: nothing), why, and who did it (None: its owner, or the law).
Change = Callable[[Statement | Link, Statement | Link | None, str, Officer | None], None]

_told: list[Change] = []


def register(change: Change) -> None:
    """It is called in the transaction of the change, after the rows are written."""
    if change not in _told:
        _told.append(change)


def tell(old: Statement | Link, new: Statement | Link | None, why: str, by: Officer | None) -> None:
    for change in _told:
        change(old, new, why, by)
