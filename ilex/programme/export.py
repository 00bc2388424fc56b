"""The programme in a form that any other system can read: one record a line, as docs/wire/programme-export.md says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import Model, Prefetch, QuerySet

from ilex.programme.models import Action, Activity, Asset, Finding, Involvement, Source
from ilex.units.models import Officer

FORMAT = "ilex-programme-1"
CHUNK = 500
# Ours alone: search words, what was taken back, and the ids of rows that nobody outside can ask for; officers too.
LEFT_OUT = {"id", "search", "action", "activity", "session", "source", "of", "taken_back_at", "taken_back_why"}
OF_ASSETS = {"stands_at", "need_kind", "changed_at"}  # where equipment stands never travels

Record = dict[str, Any]
INVOLVED = Prefetch("involvements", Involvement.objects.select_related("person").order_by("role", "order", "pk"))


def records() -> Iterator[Record]:
    """Sources, then actions with all that is said of them, then activities likewise. No person but by function."""
    for source in Source.objects.order_by("key").prefetch_related("remarks"):
        yield {
            "format": FORMAT,
            "record": "source",
            **row(source),
            "remarks": [row(one) for one in source.remarks.all()],
        }
    for action in _actions().iterator(chunk_size=CHUNK):
        yield {"format": FORMAT, "record": "action", **action_record(action)}
    for activity in _activities().iterator(chunk_size=CHUNK):
        yield {"format": FORMAT, "record": "activity", **activity_record(activity)}


def action_record(action: Action) -> Record:
    """One action; also what a frozen factsheet keeps. Its related rows are loaded with it: see `whole_action`."""
    return {
        **row(action),
        "id": str(action.pk),
        "parent": action.parent.key if action.parent else None,
        "predecessor": action.predecessor.key if action.predecessor else None,
        "texts": [row(one) for one in action.texts.all()],
        "objectives": [row(one) for one in action.objectives.all()],
        "involvements": [involvement_record(one) for one in action.involvements.all()],
        "amounts": [row(one) for one in action.amounts.all()],
        "claims": [row(one) for one in action.claims.all()],
        "findings": [_finding(one) for one in action.findings.all()],
        "remarks": [row(one) for one in action.remarks.all()],
        "assets": [_asset(one) for one in action.assets.all()],
        "activities": [one.key for one in action.activities.all()],
    }


def whole_action(id: UUID) -> Action:
    """With all rows of its record, in a number of statements that does not grow with them."""
    return _actions().get(pk=id)


def activity_record(activity: Activity) -> Record:
    return {
        **row(activity),
        "id": str(activity.pk),
        "action": activity.action.key if activity.action else None,
        "also_in": [one.key for one in activity.also_in.all()],
        "follows": activity.follows.key if activity.follows else None,
        "shaped_by": activity.shaped_by.key if activity.shaped_by else None,
        "even_over": [one.code for one in activity.even_over.all()],
        "sessions": [
            row(one) | {"involvements": [involvement_record(part) for part in one.involvements.all()]}
            for one in activity.sessions.all()
        ],
        "involvements": [involvement_record(one) for one in activity.involvements.all()],
        "outcomes": [row(one) for one in activity.outcomes.all()],
        "claims": [row(one) for one in activity.claims.all()],
        "findings": [_finding(one) for one in activity.findings.all()],
        "remarks": [row(one) for one in activity.remarks.all()],
    }


def involvement_record(one: Involvement) -> Record:
    """Who by code, and a person by function: the name stays at home."""
    made = row(one)
    if one.person is not None:
        made["person"] = {
            "function": one.person.function,
            "organisation": one.person.organisation_id,
            "place": one.person.place_id,
        }
    return made


def row(one: Model) -> Record:
    """Its own columns: other tables by their keys, what is empty as it is; never an officer of ours."""
    fields = [field for field in one._meta.concrete_fields if field.name not in LEFT_OUT]
    made = {field.name: field.value_from_object(one) for field in fields if field.related_model is not Officer}
    source = getattr(one, "source_id", None)
    return made | ({"source": source} if source else {})


def _asset(one: Asset) -> Record:
    made = {name: value for name, value in row(one).items() if name not in OF_ASSETS}
    return made | {"need": one.need.key or str(one.need_id)}


def _finding(one: Finding) -> Record:
    return row(one) | {"answers": one.answers.key if one.answers else None}


def _actions() -> QuerySet[Action]:
    said = ("texts", "objectives", "amounts", "claims", "findings__answers", "remarks", "assets__need", "activities")
    found = Action.objects.select_related("parent", "predecessor")
    return found.prefetch_related(*said, INVOLVED).order_by("key")


def _activities() -> QuerySet[Activity]:
    said = ("also_in", "even_over", "outcomes", "claims", "findings__answers", "remarks")
    found = Activity.objects.select_related("action", "follows", "shaped_by")
    return found.prefetch_related(*said, INVOLVED, "sessions__involvements__person").order_by("key")
