"""What may be told of an action outside of the house: these parts of its record and no others.

One list for whatever leaves: the page of the public site, its PDF and IATI are all written from what `outward` lets
through. What is not named here (findings, claims, remarks, equipment, persons, notes) stays inside.
"""

from __future__ import annotations

from typing import Any

CONTENT = (
    *("id", "key", "owner", "parent", "kind", "title", "summary", "language", "themes", "status"),
    *("when", "first", "last", "printed", "changed_at"),
)
TEXT = ("language", "title", "summary")
OBJECTIVE = ("level", "text")
AMOUNT = ("role", "value", "currency", "printed", "funding_printed")
INVOLVED = ("role", "state", "place", "organisation", "printed", "footnote_mark", "footnote", "order")
NO_PART = ("asked", "declined")  # who was only asked, or said no, takes no part

Record = dict[str, Any]


def outward(record: object) -> Record:
    """What anybody may know of the record of an action, as `programme.export` and a kept factsheet hold it.

    Persons are left out whole: they have a function at most, and are told to nobody outside.
    """
    kept = _only(record, CONTENT)
    kept["texts"] = [_only(one, TEXT) for one in _rows(record, "texts")]
    kept["objectives"] = [_only(one, OBJECTIVE) for one in _rows(record, "objectives")]
    kept["amounts"] = [_only(one, AMOUNT) for one in _rows(record, "amounts")]
    involved = (one for one in _rows(record, "involvements") if not one.get("person"))
    kept["involvements"] = [_only(one, INVOLVED) for one in involved if one.get("state") not in NO_PART]
    return kept


def _only(row: object, names: tuple[str, ...]) -> Record:
    return {name: row.get(name) for name in names} if isinstance(row, dict) else dict.fromkeys(names)


def _rows(record: object, name: str) -> list[Record]:
    found = record.get(name) if isinstance(record, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
