"""FollowTheMoney: one entity a line, as JSON. https://followthemoney.tech

What their schemata cannot say (handling codes, sources, categories of persons) Ilex writes beside the properties of an
entity, under `ilex`, and reads from there again; others ignore it.
"""

from __future__ import annotations

import json
import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from ilex.subjects.files import own
from ilex.subjects.files.crosswalk import NOTE, Crosswalk, Edge, Rule, Schema, crosswalk
from ilex.subjects.files.entries import (
    LONGEST_KEY,
    LONGEST_ROW,
    MOST_ROWS,
    MOST_VALUES,
    Bad,
    Drawn,
    DrawnLink,
    Entries,
    Entry,
    Fault,
    FileRefused,
    LeftOut,
    Line,
    text,
)
from ilex.words import kinds
from ilex.words.countries import alpha2
from ilex.words.kinds import Kind

ROLE = 200
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]", re.ASCII)


def read(file: BinaryIO, category: str = "") -> Entries:
    """Every entity of the file; persons get this category where the line names none."""
    names = crosswalk()
    for row, raw in enumerate(_lines(file), 1):
        if row > MOST_ROWS:
            raise FileRefused(_("The file has more than %(limit)d rows.") % {"limit": MOST_ROWS})
        try:
            yield from _entity(names, row, raw, category)
        except Bad as bad:
            yield Fault(row, bad.column, bad.reason)


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Each line, of one that is too long no more than shows it."""
    while line := file.readline(4 * LONGEST_ROW):
        whole = line
        while not line.endswith(b"\n") and line:
            line = file.readline(LONGEST_ROW)
            whole = whole if len(whole) > 4 * LONGEST_ROW else whole + line[:1]
        yield whole


def _entity(names: Crosswalk, row: int, raw: bytes, category: str) -> Iterator[Entry]:
    if not raw.strip():
        return
    entity = _object(raw)
    key = _key(entity.get("id"), "id")
    if "ilex" in entity:
        yield from own.read(row, key, entity["ilex"])
        return
    name, properties = text(entity.get("schema"), "schema"), _properties(entity)
    if name in names.schemata:
        yield from _subject(names.schemata[name], row, key, properties, category)
    elif name in names.edges:
        yield from _edge(names.edges[name], row, properties)
    elif name in names.left_out:
        yield LeftOut(row, name, key)
    else:
        raise Bad("schema", _("FollowTheMoney has no schema “%(name)s”.") % {"name": name[:60]})


def _object(raw: bytes) -> dict[str, Any]:
    if len(raw) > LONGEST_ROW:
        raise Bad("", _("The row is longer than %(limit)d characters.") % {"limit": LONGEST_ROW})
    try:
        entity = json.loads(raw.decode("utf-8-sig" if raw.startswith(BOM_UTF8) else "utf-8"))
    except (ValueError, RecursionError):
        raise Bad("", _("This is not one entity as JSON in UTF-8.")) from None
    if not isinstance(entity, dict):
        raise Bad("", _("This is not one entity as JSON in UTF-8."))
    return entity


def _key(value: Any, column: str) -> str:
    key = text(value, column, longest=LONGEST_KEY)
    if not key:
        raise Bad(column, _("It needs an id."))
    return key


def _properties(entity: dict[str, Any]) -> dict[str, list[Any]]:
    properties = entity.get("properties", {})
    if not isinstance(properties, dict):
        raise Bad("properties", _("These are not properties with lists of texts."))
    listed = {name: values if isinstance(values, list) else [values] for name, values in properties.items()}
    if sum(map(len, listed.values())) > MOST_VALUES:
        raise Bad("properties", _("Write at most %(limit)d statements at once.") % {"limit": MOST_VALUES})
    return listed


def _subject(schema: Schema, row: int, key: str, properties: dict[str, list[Any]], category: str) -> Iterator[Entry]:
    kind = kinds.kind(schema.kind)
    drawn = Drawn(row, key, schema.kind, category if kind.categorised else "")
    notes = NOTE in kind.permitted(drawn.category)
    links: list[DrawnLink] = []
    for name, values in properties.items():
        if name in schema.rules:
            _take(schema.rules[name], values, drawn, links)
        elif name in schema.notes and notes:
            drawn.lines += [Line(NOTE, f"{name}: {value}", name) for value in _texts(values, name)]
        elif name in schema.notes or name in schema.left_out:
            yield LeftOut(row, f"{schema.name}.{name}")
        else:
            raise Bad(name[:60], _("FollowTheMoney's %(schema)s has no such property.") % {"schema": schema.name})
    if not drawn.lines:
        yield LeftOut(row, _("%(schema)s of which nothing is said") % {"schema": schema.name}, key)
        return
    said = {line.property for line in drawn.lines}
    drawn.lines += [Line(to, value, "schema") for to, value in schema.always.items() if to not in said]
    yield _once(drawn, kind)
    yield from links


def _take(rule: Rule, values: list[Any], drawn: Drawn, links: list[DrawnLink]) -> None:
    for value in _texts(values, rule.ftm):
        if rule.link:
            ends = (value, drawn.key) if rule.reference == "one" else (drawn.key, value)
            links.append(DrawnLink(drawn.row, rule.link, *ends, column=rule.ftm, needed=False))
        else:
            drawn.lines.append(_line(rule, value, drawn))


def _line(rule: Rule, value: str, drawn: Drawn) -> Line:
    if value[4:5] == "-" and MOMENT.match(value) and kinds.kind(drawn.kind).properties[rule.to].type == "date":
        value = value[:10]  # theirs may have a time of day
    if not rule.choices_of:
        return Line(rule.to, value, rule.ftm, rule.name_kind)
    choices = crosswalk().choices[rule.choices_of]
    if value not in choices and drawn.kind == "document":  # the type is in anybody's words
        drawn.lines.append(Line(NOTE, f"{rule.ftm}: {value}", rule.ftm))
    elif value not in choices:
        raise Bad(rule.ftm, _("Choose one from the list."))
    return Line(rule.to, choices.get(value, "other"), rule.ftm)


def _once(drawn: Drawn, kind: Kind) -> Drawn:
    """Of what can be said once the first stays; what several of their properties say alike is said once."""
    properties = kind.properties
    kept: dict[tuple[str, str, str], Line] = {}
    filled: set[str] = set()
    for line in drawn.lines:
        if not properties[line.property].many and line.property in filled:
            line = Line(NOTE, f"{line.column}: {line.value}", line.column)
        filled.add(line.property)
        kept.setdefault((line.property, line.value, line.name_kind), line)
    drawn.lines = list(kept.values())
    return drawn


def _edge(edge: Edge, row: int, properties: dict[str, list[Any]]) -> Iterator[Entry]:
    known = {edge.one, edge.other, *edge.role, *edge.left_out, *INTERVAL}
    for name in properties:
        if name not in known:
            raise Bad(name[:60], _("FollowTheMoney's %(schema)s has no such property.") % {"schema": edge.schema})
    role = "; ".join(value for name in edge.role for value in _texts(properties.get(name, []), name))
    role = role or (edge.schema if edge.reads else "")
    since, until = (_first(properties, names) for names in (("startDate", "date"), ("endDate",)))
    for one in _keys(properties, edge.one):
        for other in _keys(properties, edge.other):
            yield DrawnLink(row, edge.kind, one, other, role[:ROLE], None, since, until, edge.one, needed=False)
    for name in sorted(properties.keys() & {*edge.left_out, *INTERVAL} - {"startDate", "date", "endDate"}):
        yield LeftOut(row, f"{edge.schema}.{name}")


INTERVAL = (
    *("startDate", "endDate", "date", "summary", "description", "recordId", "sourceUrl", "publisher", "publisherUrl"),
    *("alephUrl", "modifiedAt", "retrievedAt", "proof", "namesMentioned", "indexText"),
)


def _first(properties: dict[str, list[Any]], names: Iterable[str]) -> str:
    """A date as far as a link has one: the time of day falls."""
    return next((value[:10] for name in names for value in _texts(properties.get(name, []), name)), "")


def _keys(properties: dict[str, list[Any]], name: str) -> list[str]:
    keys = [_key(value, name) for value in properties.get(name, [])]
    if not keys:
        raise Bad(name, _("A link needs both its ends."))
    return keys


def _texts(values: list[Any], column: str) -> list[str]:
    return [value for raw in values if (value := text(raw, column[:60]))]


def entity(drawn: Drawn, holders: Iterable[DrawnLink] = (), caption: str = "") -> dict[str, Any]:
    """The subject as one entity, with what only Ilex can say beside it."""
    holding = list(holders)
    schema = crosswalk().schemata[_schema_of(drawn, bool(holding))] if _has_schema(drawn, holding) else None
    properties: dict[str, list[str]] = {}
    for line in drawn.lines:
        rule = schema.written_as(line.property, line.name_kind) if schema else None
        if rule is not None and (value := _theirs(rule, drawn.kind, line)):
            _add(properties, rule.ftm, value)
    if holding:
        properties["holder"] = [link.one for link in holding]
    if schema is None or schema.kind not in NAMELESS:
        properties.setdefault("name", [caption])
    name = schema.name if schema else "Asset"
    return {"id": drawn.key, "schema": name, "properties": properties, "ilex": own.subject(drawn)}


def edge(link: DrawnLink, one: str, other: str) -> dict[str, Any]:
    """The link as one entity; `one` and `other` are the kinds of its ends."""
    schema = crosswalk().edge_between(link.kind, one, other)
    properties = {schema.one: [link.one], schema.other: [link.other]}
    role = link.role if schema.kind == link.kind else "; ".join(filter(None, (link.kind, link.role)))
    if role and schema.role:
        properties[schema.role[0]] = [role]
    written = own.link(link)
    for ours, theirs in (("since", "startDate"), ("until", "endDate")):
        if written.get(ours):
            properties[theirs] = [written[ours]]
    key = f"{link.kind}:{link.one}:{link.other}:{link.column}"
    return {"id": key, "schema": schema.schema, "properties": properties, "ilex": written}


# Their schemata that need no name of their own.
NAMELESS = {"document", "communication", "bank-account", "place", "vehicle", "aircraft"}
WRITTEN = {
    "person": "Person",
    "organisation": "Company",  # of their organisations the only one that can be owned
    "vehicle": "Vehicle",
    "vessel": "Vessel",
    "aircraft": "Airplane",
    "place": "Address",
    "event": "Event",
}


def _has_schema(drawn: Drawn, holders: list[DrawnLink]) -> bool:
    said = {line.property for line in drawn.lines}
    match drawn.kind:
        case "document":  # theirs must have a number and a holder
            return "number" in said and bool(holders)
        case "communication":
            return "online-account" in said
        case "bank-account":
            return True
        case _:
            return drawn.kind in WRITTEN


def _schema_of(drawn: Drawn, held: bool) -> str:
    said = {line.property: line.value for line in drawn.lines}
    match drawn.kind:
        case "document":
            return "Passport" if said.get("type") == "passport" else "Identification"
        case "communication":
            return "UserAccount"
        case "bank-account":
            return "CryptoWallet" if "wallet" in said else "BankAccount"
        case _:
            return WRITTEN[drawn.kind]


def _theirs(rule: Rule, kind: str, line: Line) -> str:
    if rule.choices_of:
        choices = crosswalk().choices[rule.choices_of]
        return next((theirs for theirs, ours in choices.items() if ours == line.value), "")
    if kinds.kind(kind).properties[line.property].type == "country":
        return alpha2(line.value).lower()
    return line.value


def _add(properties: dict[str, list[str]], name: str, value: str) -> None:
    if value not in properties.setdefault(name, []):
        properties[name].append(value)
