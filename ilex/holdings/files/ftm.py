"""FollowTheMoney, one entity a line, and OpenSanctions' exports of it. https://followthemoney.tech

Which of their properties is what stands in `ilex/words/data/ftm.toml`. What a holding has no use for is passed over;
schemata that are neither persons nor things (ownerships, sanctions, addresses) are left out and counted.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ilex.holdings.files.bounds import (
    BROKEN,
    LONGEST_KEY,
    LONGEST_ROW,
    MOST_VALUES,
    NO_ID,
    NO_PROPERTIES,
    NO_SCHEMA,
    TOO_LONG_A_ROW,
    TOO_MANY,
    Bad,
    LeftOut,
    text,
)
from ilex.holdings.files.said import Said
from ilex.matching.facts import Facts
from ilex.words import kinds, law

NOT_HELD = frozenset({"place", "event"})
# Beyond what the file of words says: numbers that a subject keeps as a note, and whatever tells a country.
EVERYWHERE: Mapping[str, str] = {
    **dict.fromkeys(("country", "jurisdiction", "mainCountry", "nationality", "citizenship", "flag"), "country"),
    **dict.fromkeys(("birthPlace", "address"), "place"),
    **dict.fromkeys(("firstName", "givenName"), "given"),
    **dict.fromkeys(("lastName", "surname"), "family"),
    **dict.fromkeys(("secondName", "middleName"), "second"),
    "fatherName": "father",
    "swiftBic": "id:bic",
    "leiCode": "id:lei",
    "imoNumber": "id:imo",
    **dict.fromkeys(("innCode", "vatCode"), "id:tax"),
    **dict.fromkeys(
        ("ogrnCode", "okpoCode", "dunsCode", "uscCode", "cikCode", "jibCode", "mbsCode", "uniqueEntityId"), "id:number"
    ),
}
FIELDS = {
    "name": "name",
    "surname": "family",
    "forename": "given",
    "father": "father",
    **dict.fromkeys(("born", "founded"), "born"),
    **dict.fromkeys(("nationality", "country", "flag"), "country"),
    **dict.fromkeys(("birthplace", "address", "city"), "place"),
    "sex": "sex",
}
WEAK = ("nickname", "short")  # kinds of names that many may have

JSON = json.JSONDecoder()
BLANKS = " \t\n\r"  # of JSON
SHORTEST_VALUE = 2  # bytes, with its comma


@dataclass(frozen=True)
class Schemata:
    fields: Mapping[str, tuple[str, Mapping[str, str]]]  # of a schema: our kind, and what each property is
    left_out: frozenset[str]


def read(raw: bytes, names: Schemata) -> tuple[str, Facts]:
    """Id and facts of one line. Raises Bad and LeftOut."""
    entity = _object(raw)
    key = key_of(entity)
    kind, fields = _schema(entity.get("schema"), names)
    said = Said(kind)
    for name, values in _properties(entity, len(raw)).items():
        if field := fields.get(name):
            for value in values if isinstance(values, list) else (values,):
                if not isinstance(value, dict):  # a nested entity: not a value of this one
                    said.add(field, text(value, name), name)
    return key, said.facts()


def _schema(value: Any, names: Schemata) -> tuple[str, Mapping[str, str]]:
    schema = text(value, "schema")
    if schema in names.left_out:
        raise LeftOut(schema)
    if schema not in names.fields:
        raise Bad("schema", NO_SCHEMA, name=schema[:60])
    return names.fields[schema]


def _object(raw: bytes) -> dict[str, Any]:
    if len(raw) > LONGEST_ROW:
        raise Bad("", TOO_LONG_A_ROW, limit=LONGEST_ROW)
    try:
        line = raw.decode("utf-8-sig" if raw[:1] == b"\xef" else "utf-8").strip(BLANKS)
        entity, end = JSON.raw_decode(line)
    except (ValueError, RecursionError):
        raise Bad("", BROKEN) from None
    if end != len(line) or not isinstance(entity, dict):
        raise Bad("", BROKEN)
    return entity


def key_of(entity: Mapping[str, Any]) -> str:
    if entity.get("id") is None:
        raise Bad("id", NO_ID)
    key = text(entity["id"], "id", longest=LONGEST_KEY)
    if not key:
        raise Bad("id", NO_ID)
    return key


def known_key(raw: bytes) -> str:
    """The id of a line that was refused, where it can be read."""
    try:
        return key_of(_object(raw))
    except Bad:
        return ""


def _properties(entity: Mapping[str, Any], length: int) -> dict[str, Any]:
    properties = entity.get("properties", {})
    if not isinstance(properties, dict):
        raise Bad("properties", NO_PROPERTIES)
    if length > SHORTEST_VALUE * MOST_VALUES and _count(properties) > MOST_VALUES:
        raise Bad("properties", TOO_MANY, limit=MOST_VALUES)
    return properties


def _count(properties: Mapping[str, Any]) -> int:
    return sum([len(values) if isinstance(values, list) else 1 for values in properties.values()])


def schemata() -> Schemata:
    """As the file of words has them; a unit's own file goes before ours."""
    return _schemata(os.environ.get("ILEX_LAW", ""))


@cache
def _schemata(theirs: str) -> Schemata:
    path = law.files(Path(theirs) if theirs else None)["ftm.toml"]
    file = tomllib.loads(path.read_text(encoding="utf-8"))
    groups = {group["code"]: group for group in file["groups"]}
    left_out = {*file["left_out"], *(edge["schema"] for edge in file["links"])}
    fields = {}
    for one in file["schemata"]:
        if one["kind"] in NOT_HELD:
            left_out.add(one["schema"])
        else:
            fields[one["schema"]] = (one["kind"], dict(_fields(one, groups)))
    return Schemata(fields, frozenset(left_out))


def _fields(schema: Mapping[str, Any], groups: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from EVERYWHERE.items()
    parts = [schema, *(groups[code] for code in schema.get("groups", ()))]
    properties = kinds.kind(schema["kind"]).properties
    own = set(EVERYWHERE)
    if "registrationNumber" not in {rule["ftm"] for part in parts for rule in part.get("properties", ())}:
        yield "registrationNumber", "id:number"
    for part in parts:
        for rule in part.get("properties", ()):
            prop = properties.get(rule.get("to", ""))
            if prop is None or rule["ftm"] in own:
                continue
            field = f"id:{prop.check}" if prop.check and prop.check != "url" else FIELDS.get(prop.code, "")
            if rule.get("name_kind") in WEAK:
                field = "weak"
            if field:
                own.add(rule["ftm"])
                yield rule["ftm"], field
