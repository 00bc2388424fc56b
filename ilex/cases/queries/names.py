"""The numbers of cases and tasks by their ids, remembered: a number never changes, and lists of papers ask for many."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from ilex.cases.models import Case, Task

MOST = 50_000

_known: dict[UUID, str] = {}


def remember(pairs: Iterable[tuple[UUID, str]]) -> list[UUID]:
    """Keep these, and give their ids."""
    if len(_known) > MOST:
        _known.clear()
    rows = dict(pairs)
    _known.update(rows)
    return list(rows)


def case_number(id: UUID) -> str:
    """Empty for one that is not there."""
    if id not in _known:
        remember(Case.objects.filter(pk=id).values_list("pk", "number"))
    return _known.get(id, "")


def task_number(id: UUID) -> str:
    if id not in _known:
        remember(Task.objects.filter(pk=id).values_list("pk", "number"))
    return _known.get(id, "")
