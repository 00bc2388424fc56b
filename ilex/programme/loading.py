"""Brings the programme's seeds into the database: all or nothing; loading again changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils.timezone import now

from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.programme import index
from ilex.programme.models import (
    Action,
    Activity,
    Amount,
    Asset,
    Claim,
    Finding,
    Involvement,
    Objective,
    Outcome,
    Person,
    Remark,
    Session,
    Source,
)
from ilex.programme.rows import Rows, extra
from ilex.programme.seeds import OURS, Seeds, read_seeds
from ilex.programme.settling import settle
from ilex.units.loading import Counts
from ilex.units.models import Officer, Organisation, Place

ABOUT = ("action_id", "activity_id", "order")
PART = ("action_id", "activity_id", "role", "place_id", "organisation_id", "person_id")


def seeds_here(folder: Path = OURS) -> Seeds:
    """The seeds, checked against the directory of this node. Raises SeedError."""
    places = set(Place.objects.values_list("code", flat=True))
    return read_seeds(folder, places=places, organisations=set(Organisation.objects.values_list("id", flat=True)))


def load_programme(folder: Path = OURS, *, by: Officer | None = None) -> Counts:
    """Add and change what the files say, and take away what their sources no longer say. Raises SeedError.

    Rows of other sources, what officers wrote, and whatever a unit took over by changing it, stay as they are.
    """
    seeds = seeds_here(folder)
    counts = Counts()
    with act("programme.loaded", Operation.COLLECTION, by=by, on=("programme", "seeds")) as this:
        with connection.cursor() as cursor:  # a second load waits for the first
            cursor.execute("LOCK TABLE programme_source IN SHARE ROW EXCLUSIVE MODE")
        _load(Rows(seeds, now()), counts)
        this.detail |= {"added": counts.added, "changed": counts.changed, "removed": counts.removed}
    return counts


def _load(rows: Rows, counts: Counts) -> None:
    _know(rows)
    theirs = _Theirs.read()
    settle(Source.objects.all(), ("key",), rows.sources(), counts)
    sources = list(rows.seeds.sources)
    settle(Action.objects.filter(owner=None), ("key",), theirs.of(rows.actions()), counts)
    settle(Activity.objects.filter(owner=None), ("key",), theirs.of(rows.activities()), counts)
    settle(Person.objects.filter(name=""), ("function", "organisation_id", "place_id"), rows.people(), counts)
    settle(Finding.everything.exclude(key=""), ("key",), rows.findings(), counts)
    settle(Asset.objects.exclude(key=""), ("key",), rows.assets(), counts, change=False)  # they go their own way
    for said, key, wanted in _said(rows):
        kept = theirs.not_in(said.filter(source__in=sources).exclude(lines=[]))  # without lines: an officer wrote it
        settle(kept, key, theirs.of(wanted), counts, whole=True)
    _join(rows)
    index.renew_all()


def _said(rows: Rows) -> Iterator[tuple[QuerySet[Any], tuple[str, ...], Iterable[Any]]]:
    """What is said of actions and activities: the table, how its rows are told apart, and the rows that are wanted."""
    yield Involvement.everything.all(), PART, rows.involvements()
    yield Claim.everything.all(), ABOUT, rows.claims()
    yield Remark.everything.filter(of=None), ABOUT, rows.remarks()
    yield Objective.objects.all(), ("action_id", "order"), rows.objectives()
    yield Amount.objects.all(), ("action_id", "role"), rows.amounts()
    yield Session.objects.all(), ("activity_id", "order"), rows.sessions()
    yield Outcome.objects.all(), ("activity_id", "order"), rows.outcomes()


@dataclass(frozen=True)
class _Theirs:
    """Actions and activities that a unit took over: the seeds leave them, and all that is said of them, alone."""

    ids: frozenset[UUID]

    @classmethod
    def read(cls) -> _Theirs:
        owned = {"owner__isnull": False}
        actions = Action.objects.filter(**owned).values_list("pk", flat=True)
        return cls(frozenset([*actions, *Activity.objects.filter(**owned).values_list("pk", flat=True)]))

    def of(self, rows: Iterable[Any]) -> Iterator[Any]:
        """The wanted rows that are still the seeds' own."""
        return (row for row in rows if self.ids.isdisjoint(_belongs_to(row)))

    def not_in(self, kept: QuerySet[Any]) -> QuerySet[Any]:
        names = {field.name for field in kept.model._meta.get_fields()}
        for name in {"action", "activity"} & names:
            kept = kept.exclude(**{f"{name}__in": self.ids})
        return kept


def _belongs_to(row: Any) -> set[UUID | None]:
    if isinstance(row, Action | Activity):
        return {row.pk}
    return {getattr(row, name, None) for name in ("action_id", "activity_id")}


def _know(rows: Rows) -> None:
    """What is there keeps its id."""
    rows.ids |= {("action", key): pk for key, pk in Action.objects.values_list("key", "pk")}
    rows.ids |= {("activity", key): pk for key, pk in Activity.objects.values_list("key", "pk")}
    rows.ids |= {("finding", key): pk for key, pk in Finding.everything.exclude(key="").values_list("key", "pk")}
    rows.ids |= {("asset", key): pk for key, pk in Asset.objects.exclude(key="").values_list("key", "pk")}
    known = Person.objects.filter(name="").values_list("function", "organisation_id", "place_id", "pk")
    rows.persons |= {(function, organisation, place): pk for function, organisation, place, pk in known}


def _join(rows: Rows) -> None:
    for row in extra(rows.seeds):
        activity = Activity.objects.filter(key=row.key, owner=None).first()
        if activity is None:
            continue
        activity.also_in.set(Action.objects.filter(key__in=row.also_in))
        activity.even_over.set(Place.objects.filter(code__in=row.even_over))
