"""An action as it may be told outside of the house: its record by the list of `rules.outward`, with names for codes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from uuid import UUID

from ilex.programme.export import action_record, whole_action
from ilex.programme.models import Action
from ilex.programme.queries.people import Named, Names
from ilex.programme.rules.outward import Record, outward


def record_of(id: UUID) -> Record:
    """All that is on file about an action, as plain values; for a kept copy."""
    made: Record = json.loads(json.dumps(action_record(whole_action(id)), default=str))
    return made


def told(action: Action) -> Record:
    """What of it may be told outside."""
    return outward(record_of(action.pk))


def names_of(records: Iterable[Record], language: str) -> Names:
    """The names of all who take part in these."""
    named = {str(one["organisation"]) for kept in records for one in kept["involvements"] if one.get("organisation")}
    return Names.read(language, named)


def named(row: Record, names: Names) -> Named:
    """Who a row of the involvements names: as printed, with our own name beside it."""
    one = names.place(str(row["place"])) if row.get("place") else names.organisation(str(row.get("organisation") or ""))
    return Named(one.text, str(row.get("printed") or ""), one.footnote, one.code)
