"""Makes rows in the database like the rows of a file: adds, changes, leaves alone, takes away what nobody wants."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from django.db.models import Model, QuerySet

from ilex.units.loading import Counts

Kept = TypeVar("Kept", bound=Model)
Key = tuple[object, ...]

# What the house itself writes in a row, and no file says.
OURS = {
    *("made_by", "made_at", "changed_at", "search", "version", "owner", "public", "shared", "state", "withdrawn_why"),
    *("starts_at", "ends_at", "zone", "languages", "series", "cancelled_why"),  # of an activity that is planned here
    *("raised_by", "raised_on", "settled_at", "settled_why"),
    *("taken_back_at", "taken_back_why", "taken_back_by"),
    *("responsible", "due_on", "done_at", "done_by"),
    *("address", "active", "etag", "modified", "next_try", "failures", "failure"),
}


def settle(
    kept: QuerySet[Kept],
    key: tuple[str, ...],
    wanted: Iterable[Kept],
    counts: Counts,
    *,
    whole: bool = False,
    change: bool = True,
) -> None:
    """Make the kept rows like the wanted ones, told apart by `key`; with `whole`, rows that nobody wants go.

    A row that is there keeps its primary key and what the house wrote in it; without `change`, and when somebody took
    it back as a mistake, it stays as it is.
    """
    model = kept.model
    fields = [
        field
        for field in model._meta.concrete_fields
        if not field.primary_key and field.attname not in key and field.name not in OURS
    ]
    there = {_values(row, key): row for row in kept}
    added: list[Kept] = []
    changed: list[Kept] = []
    for row in wanted:
        old = there.pop(_values(row, key), None)
        if old is None:
            added.append(row)
        elif (
            change
            and getattr(old, "taken_back_at", None) is None
            and _copy([field.attname for field in fields], row, old)
        ):
            changed.append(old)
        else:
            counts.same += 1
    if whole and there:
        counts.removed += len(there)
        kept.filter(pk__in=[row.pk for row in there.values()]).delete()
    model._base_manager.bulk_create(added, batch_size=2000)
    if changed and fields:
        model._base_manager.bulk_update(changed, [field.name for field in fields], batch_size=500)
    counts.added += len(added)
    counts.changed += len(changed)


def _values(row: Model, key: Sequence[str]) -> Key:
    return tuple(getattr(row, name) for name in key)


def _copy(names: Sequence[str], source: Model, target: Model) -> bool:
    """Copy the columns; True when any was different."""
    different = [name for name in names if getattr(source, name) != getattr(target, name)]
    for name in different:
        setattr(target, name, getattr(source, name))
    return bool(different)
