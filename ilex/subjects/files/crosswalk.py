"""FollowTheMoney's schemata beside our kinds, as `ilex/words/data/ftm.toml` says it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ilex.words import kinds, law, tables
from ilex.words.entries import LawError
from ilex.words.tables import Code, Flag, Mark, Text

NOTE = "note"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Where a property of theirs goes: to one of ours, or to a link with the entity that it names."""

    __pydantic_config__ = tables.STRICT
    ftm: Code
    to: str = ""
    name_kind: str = ""
    choices_of: str = ""  # the table by which their words become ours
    link: str = ""
    reference: str = ""  # on which side of the link the named entity stands: one or other


@dataclass(frozen=True, kw_only=True)
class Group:
    __pydantic_config__ = tables.STRICT
    code: Code
    properties: tuple[Rule, ...] = ()
    note: tuple[Code, ...] = ()
    left_out: tuple[Code, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SchemaLine:
    __pydantic_config__ = tables.STRICT
    schema: Code
    kind: Code
    groups: tuple[Code, ...] = ()
    properties: tuple[Rule, ...] = ()
    note: tuple[Code, ...] = ()
    left_out: tuple[Code, ...] = ()
    always: Mapping[str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class Edge:
    """One of their schemata that is a link of ours."""

    __pydantic_config__ = tables.STRICT
    schema: Code
    kind: Code
    one: Code
    other: Code
    role: tuple[Code, ...] = ()
    left_out: tuple[Code, ...] = ()
    ends: tuple[tuple[Code, ...], ...] = ()
    reads: Flag = False  # is read and never written


@dataclass(frozen=True)
class File:
    __pydantic_config__ = tables.STRICT
    source: Text
    mark: Mark
    left_out: tuple[Code, ...]
    groups: tuple[Group, ...]
    choices: Mapping[str, Mapping[str, str]]
    schemata: tuple[SchemaLine, ...]
    links: tuple[Edge, ...]


@dataclass(frozen=True)
class Schema:
    name: str
    kind: str
    rules: Mapping[str, Rule]  # by their property
    notes: frozenset[str]
    left_out: frozenset[str]
    always: Mapping[str, str]

    def written_as(self, name: str, name_kind: str) -> Rule | None:
        """The property of theirs that ours becomes; a name of a kind they do not have becomes a plain one."""
        fitting = [rule for rule in self.rules.values() if rule.to == name]
        exact = next((rule for rule in fitting if rule.name_kind == name_kind), None)
        return exact or next((rule for rule in fitting if not rule.name_kind), None)


@dataclass(frozen=True)
class Crosswalk:
    schemata: Mapping[str, Schema]
    edges: Mapping[str, Edge]
    choices: Mapping[str, Mapping[str, str]]
    left_out: frozenset[str]

    def edge_between(self, kind: str, one: str, other: str) -> Edge:
        """How a link of ours is written: by its own schema where their ends allow it."""
        for edge in self.edges.values():
            if edge.kind == kind and not edge.reads and (not edge.ends or _joins(edge, one, other)):
                return edge
        return self.edges["UnknownLink"]


def crosswalk() -> Crosswalk:
    return _read(os.environ.get("ILEX_LAW", ""))


@cache
def _read(theirs: str) -> Crosswalk:
    path = law.files(Path(theirs) if theirs else None)["ftm.toml"]
    file = tables.read(path, File, name="ftm.toml", error=LawError)
    groups = {group.code: group for group in file.groups}
    found = Crosswalk(
        schemata={line.schema: _schema(line, groups) for line in file.schemata},
        edges={edge.schema: edge for edge in file.links},
        choices=file.choices,
        left_out=frozenset(file.left_out),
    )
    for edge in file.links:
        kinds.link_kind(edge.kind)
    return found


def _schema(line: SchemaLine, groups: Mapping[str, Group]) -> Schema:
    properties = kinds.kind(line.kind).properties
    rules: dict[str, Rule] = {}
    notes: set[str] = set()
    left_out: set[str] = set()
    parts: tuple[SchemaLine | Group, ...] = (line, *_groups(line, groups))
    for part in parts:
        new = [rule for rule in part.properties if rule.ftm not in rules.keys() | notes | left_out]
        rules |= {rule.ftm: rule for rule in new if rule.link or rule.to in properties}
        # What a schema inherits and the kind does not have (a vehicle's aliases) is kept as a note.
        notes |= {rule.ftm for rule in new if not rule.link and rule.to not in properties}
        notes |= set(part.note) - rules.keys() - left_out
        left_out |= set(part.left_out) - rules.keys() - notes
    _check(line, rules)
    return Schema(line.schema, line.kind, rules, frozenset(notes), frozenset(left_out), line.always or {})


def _groups(line: SchemaLine, groups: Mapping[str, Group]) -> Iterator[Group]:
    for code in line.groups:
        if code not in groups:
            raise LawError(f"ftm.toml, schemata {line.schema!r}: there is no group {code!r}.")
        yield groups[code]


def _check(line: SchemaLine, rules: Mapping[str, Rule]) -> None:
    for rule in rules.values():
        if rule.link:
            kinds.link_kind(rule.link)
        if rule.link and rule.reference not in ("one", "other"):
            raise LawError(f"ftm.toml, {line.schema} {rule.ftm!r}: 'reference' is 'one' or 'other'.")


def _joins(edge: Edge, one: str, other: str) -> bool:
    first, second = edge.ends
    return one in first and other in second
