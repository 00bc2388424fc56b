"""Many activities as a factsheet tells them, read together: the statements do not grow with their number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from ilex.programme.kinds import Level
from ilex.programme.models import Activity, Claim, Finding, Involvement, Outcome, Remark, Session
from ilex.programme.queries import values
from ilex.programme.queries.activities import ShownOutcome, ShownSession, outcome_of, place_of, sessions_of
from ilex.programme.queries.hours import hours_there
from ilex.programme.queries.parts import RoleGroup, involved
from ilex.programme.queries.people import Named, Names, in_words
from ilex.programme.queries.said import Said, shown_fields, shown_finding

Rows = Mapping[UUID, Sequence[Any]]  # by their activity


@dataclass(frozen=True)
class Told:
    activity: Activity
    when: str
    duration: str
    agrees: bool | None  # whether the printed duration is that of the dates
    hours: str
    place: Named | None
    capacity: str
    attended: str
    signatories: str
    levels: Sequence[str]
    patrol_levels: Sequence[str]
    even_over: Sequence[Named]
    involved: Sequence[RoleGroup]
    sessions: Sequence[ShownSession]
    outputs: Sequence[ShownOutcome]
    agreed: Sequence[ShownOutcome]
    said: Said


def told_of(ids: Iterable[UUID]) -> list[Told]:
    """These activities in their order, in the active language."""
    ids = list(ids)
    if not ids:
        return []
    beside = ("place", "follows", "shaped_by", "source")
    rows = Activity.objects.select_related(*beside).prefetch_related("even_over").defer("search").in_bulk(ids)
    found = _Found.of(ids)
    return [found.tell(rows[id]) for id in ids]


@dataclass(frozen=True)
class _Found:
    """All that is on file about the activities, each kind by its activity."""

    names: Names
    involved: Rows
    sessions: Rows
    spoken: Rows
    outcomes: Rows
    claims: Rows
    findings: Rows
    remarks: Rows

    @classmethod
    def of(cls, ids: Sequence[UUID]) -> _Found:
        parts = list(Involvement.objects.filter(activity__in=ids).select_related("person", "source"))
        in_sessions = Involvement.objects.filter(session__activity__in=ids)
        spoken = list(in_sessions.select_related("person", "source", "session"))
        outcomes = list(Outcome.objects.filter(activity__in=ids).select_related("source"))
        findings = _said(Finding.objects.filter(activity__in=ids).select_related("answers", "raised_by"))
        named = {one.responsible_id for one in outcomes if one.responsible_id}
        return cls(
            Names.of([*parts, *spoken], values.language(), named),
            _by_activity(parts),
            _by_activity(Session.objects.filter(activity__in=ids).select_related("source")),
            _by_activity(spoken, of_session=True),
            _by_activity(outcomes),
            _by_activity(_said(Claim.objects.filter(activity__in=ids))),
            _by_activity(findings.prefetch_related("places")),
            _by_activity(_said(Remark.objects.filter(activity__in=ids))),
        )

    def tell(self, activity: Activity) -> Told:
        id, names = activity.pk, self.names
        shown = [outcome_of(one, names) for one in self.outcomes[id]]
        return Told(
            activity=activity,
            when=in_words(activity.when, names.language),
            duration=values.duration(activity.duration),
            agrees=activity.period.agrees,
            hours=hours_there(activity),
            place=place_of(activity, names),
            capacity=values.quantity(activity.capacity),
            attended=values.quantity(activity.attended),
            signatories=values.quantity(activity.signatories),
            levels=activity.levels,
            patrol_levels=[str(Level(one).label) for one in activity.patrol_levels],
            even_over=[names.place(one.code) for one in sorted(activity.even_over.all(), key=lambda one: one.code)],
            involved=involved(self.involved[id], names),
            sessions=sessions_of(activity, self.sessions[id], self.spoken[id], names),
            outputs=[one for one in shown if one.row.kind == "output"],
            agreed=[one for one in shown if one.row.kind != "output"],
            said=Said(
                shown_fields(self.claims[id], names),
                [shown_finding(one, names) for one in self.findings[id]],
                list(self.remarks[id]),
            ),
        )


def _said(found: QuerySet[Any]) -> QuerySet[Any]:
    """`select_related` after another one adds to it."""
    return found.select_related("source").order_by("order", "pk")


def _by_activity(rows: Iterable[Any], *, of_session: bool = False) -> Rows:
    gathered: dict[UUID, list[Any]] = defaultdict(list)
    for one in rows:
        gathered[one.session.activity_id if of_session else one.activity_id].append(one)
    return gathered
