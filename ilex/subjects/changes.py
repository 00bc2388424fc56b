"""Who must know when a subject changes, or a statement or link is corrected or withdrawn.

Told by the higher rooms when the node starts; each is called in the transaction of the change.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from uuid import UUID

from ilex.subjects.models import Import, Link, Statement
from ilex.units.models import Officer

# The old one, what stands in its place (None: nothing), why, and who did it (None: its owner, or the law).
Change = Callable[[Statement | Link, Statement | Link | None, str, Officer | None], None]

# The ids of subjects of which something else is stated now than before: new ones, changed, merged and parted ones.
Renewed = Callable[[Collection[UUID]], None]

# A file of subjects that was taken in whole: those of its source that were made since it began.
Imported = Callable[[Import], None]

_told: list[Change] = []
_renewed: list[Renewed] = []
_imported: list[Imported] = []


def register(change: Change) -> None:
    """It is called in the transaction of the change, after the rows are written."""
    if change not in _told:
        _told.append(change)


def tell(old: Statement | Link, new: Statement | Link | None, why: str, by: Officer | None) -> None:
    for change in _told:
        change(old, new, why, by)


def register_renewed(renewed: Renewed, imported: Imported) -> None:
    """Both are called after the rows are written."""
    if renewed not in _renewed:
        _renewed.append(renewed)
        _imported.append(imported)


def tell_renewed(ids: Collection[UUID]) -> None:
    for renewed in _renewed if ids else ():
        renewed(ids)


def tell_imported(file: Import) -> None:
    for imported in _imported:
        imported(file)
