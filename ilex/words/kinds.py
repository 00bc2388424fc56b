"""The kinds of subjects and links as data: which properties each has, and which the law allows for whom.

The files stand under `data/kinds`, with `categories.toml`, `special.toml`, `names.toml` and `links.toml` beside them;
ILEX_LAW replaces them as it does the law's.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

from pydantic import StringConstraints

from ilex.words import law, tables
from ilex.words.entries import Entry, LawError, Line, find
from ilex.words.tables import Code, Flag, Mark, Text, Url

ORDER = (
    *("person", "organisation", "vehicle", "vessel", "aircraft", "document", "firearm", "communication"),
    *("bank-account", "place", "event"),
)
CHECKED = ("phone", "email", "iban", "url")  # types that are their own check
TYPES = r"^(text|long|name|date|country|choice|address|number|phone|email|iban|url|identifier:[a-z0-9-]+)$"

Type = Annotated[str, StringConstraints(pattern=TYPES)]
Codes = tuple[Code, ...]


@dataclass(frozen=True, kw_only=True)
class Labelled(Entry):
    @property
    def label(self) -> str:
        """In English: show it through gettext."""
        return self.text


@dataclass(frozen=True, kw_only=True)
class Choice:
    __pydantic_config__ = tables.STRICT
    code: Code
    text: Text

    @property
    def label(self) -> str:
        return self.text


@dataclass(frozen=True, kw_only=True)
class Group(Labelled):
    """Properties that stand together in the law and on the page."""

    categories: Codes = ()  # of persons that may have them; none named: all


@dataclass(frozen=True, kw_only=True)
class Property(Labelled):
    """What can be said of a subject of this kind."""

    group: Code
    type: Type
    many: Flag = True
    special: str = ""  # the special category that it always is, as Art. 10 lists them
    categories: Codes = ()  # of persons for which the law allows it; of other kinds none
    search: Flag = False  # its words belong to the search of subjects
    choices: tuple[Choice, ...] = ()

    @property
    def check(self) -> str:
        """The type for `identifiers.clean`; empty where nothing is checked by such rules."""
        if self.type in CHECKED:
            return self.type
        return self.type.removeprefix("identifier:") if self.type.startswith("identifier:") else ""

    @property
    def is_name(self) -> bool:
        return self.type == "name"


@dataclass(frozen=True, kw_only=True)
class Kind(Labelled):
    """What a subject can be."""

    categorised: bool  # its subjects carry a category of person
    groups: tuple[Group, ...]
    properties: Mapping[str, Property]  # in the order of the page
    caption: tuple[str, ...]  # the first of these that is said gives the subject its caption
    allowed: Mapping[str, frozenset[str]]  # by category; "" is what everybody may have

    def permitted(self, category: str = "") -> frozenset[str]:
        """The properties that the law allows. Without a category: those that it allows for everybody."""
        return self.allowed.get(category if self.categorised else "", frozenset())


@dataclass(frozen=True, kw_only=True)
class LinkKind(Labelled):
    """How one subject can be connected with the other; `reverse` is the same said from the other's side."""

    reverse: Text
    one: Codes
    other: Codes

    @property
    def reverse_label(self) -> str:
        return self.reverse

    @property
    def mutual(self) -> bool:
        return self.text == self.reverse

    def joins(self, one: str, other: str) -> bool:
        """Whether it can go from a subject of the one kind to one of the other."""
        return one in self.one and other in self.other


@dataclass(frozen=True, kw_only=True)
class PropertyLine:
    """A property as its file says it: what is left out is as its group has it."""

    __pydantic_config__ = tables.STRICT

    code: Code
    text: Text
    type: Type
    many: Flag = True
    special: str = ""
    categories: Codes = ()
    search: Flag = False
    choices: tuple[Choice, ...] = ()
    source: str = ""
    mark: Mark | None = None
    url: Url = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class GroupLine(Group):
    properties: tuple[PropertyLine, ...]


@dataclass(frozen=True, kw_only=True)
class KindFile:
    __pydantic_config__ = tables.STRICT

    code: Code
    text: Text
    source: Text
    mark: Mark
    url: Url = ""
    note: str = ""
    categorised: Flag = False
    caption: Codes
    groups: tuple[GroupLine, ...]


@dataclass(frozen=True)
class CategoryList:
    __pydantic_config__ = tables.STRICT
    categories: tuple[Labelled, ...]


@dataclass(frozen=True)
class SpecialList:
    __pydantic_config__ = tables.STRICT
    special: tuple[Labelled, ...]


@dataclass(frozen=True)
class NameList:
    __pydantic_config__ = tables.STRICT
    names: tuple[Labelled, ...]


@dataclass(frozen=True)
class LinkList:
    __pydantic_config__ = tables.STRICT
    links: tuple[LinkKind, ...]


@dataclass(frozen=True)
class Shelf:
    """All the files as they were read."""

    kinds: Mapping[str, Kind]
    categories: tuple[Labelled, ...]
    special: tuple[Labelled, ...]
    names: tuple[Labelled, ...]
    links: tuple[LinkKind, ...]


def kind(code: str) -> Kind:
    """Raises LawError for a code that no file has."""
    try:
        return _shelf().kinds[code]
    except KeyError:
        raise LawError(f"There is no kind of subject {code!r}.") from None


def kinds() -> tuple[Kind, ...]:
    return tuple(_shelf().kinds.values())


def permitted(kind_code: str, category: str = "") -> frozenset[str]:
    """The properties that a subject may have: of a person by the category, of anything else all."""
    return kind(kind_code).permitted(category)


def categories() -> tuple[Labelled, ...]:
    """Of persons, as Directive (EU) 2016/680 Art. 6 parts them."""
    return _shelf().categories


def special_categories() -> tuple[Labelled, ...]:
    """Directive (EU) 2016/680 Art. 10: only where strictly necessary, with the reason in words."""
    return _shelf().special


def name_kinds() -> tuple[Labelled, ...]:
    return _shelf().names


def link_kinds() -> tuple[LinkKind, ...]:
    return _shelf().links


def link_kind(code: str) -> LinkKind:
    """Raises LawError for a code that no file has."""
    return find(link_kinds(), code, "links")


def link_kinds_between(one: str, other: str) -> tuple[LinkKind, ...]:
    """What can lead from a subject of the one kind to one of the other."""
    return tuple(line for line in link_kinds() if line.joins(one, other))


def _shelf() -> Shelf:
    return _read_all(os.environ.get("ILEX_LAW", ""))


@cache
def _read_all(theirs: str) -> Shelf:
    files = law.files(Path(theirs) if theirs else None)

    def read(name: str, form: type[tables.Form]) -> tables.Form:
        return tables.read(files[name], form, name=name, error=LawError)

    persons = read("categories.toml", CategoryList).categories
    everybody = tuple(line.code for line in persons)
    shelf = Shelf(
        kinds={name.stem: _kind(str(name), read(str(name), KindFile), everybody) for name in _names(files)},
        categories=persons,
        special=read("special.toml", SpecialList).special,
        names=read("names.toml", NameList).names,
        links=read("links.toml", LinkList).links,
    )
    _check(shelf)
    return shelf


def _names(files: dict[str, Path]) -> list[Path]:
    names = [Path(name) for name in files if name.startswith("kinds/")]
    order = {code: place for place, code in enumerate(ORDER)}
    return sorted(names, key=lambda name: (order.get(name.stem, len(order)), name.stem))


def _kind(name: str, file: KindFile, everybody: Codes) -> Kind:
    if file.code != Path(name).stem:
        raise LawError(f"{name}: the code is {file.code!r}; it must be the name of the file.")
    tables.once(name, "the group", (group.code for group in file.groups), LawError)
    lines = [(group, line) for group in file.groups for line in group.properties]
    tables.once(name, "the property", (line.code for _, line in lines), LawError)
    properties = {line.code: _property(name, line, group) for group, line in lines}
    for code in file.caption:
        if code not in properties:
            raise LawError(f"{name}: the caption names {code!r}, which is not a property.")
    return Kind(
        code=file.code,
        text=file.text,
        source=file.source,
        mark=file.mark,
        url=file.url,
        note=file.note,
        categorised=file.categorised,
        groups=tuple(map(_group, file.groups)),
        properties=MappingProxyType(properties),
        caption=file.caption,
        allowed=_allowed(properties.values(), everybody if file.categorised else ()),
    )


def _allowed(properties: Iterable[Property], everybody: Codes) -> Mapping[str, frozenset[str]]:
    lines = tuple(properties)
    allowed = {code: frozenset(line.code for line in lines if code in line.categories) for code in everybody}
    return allowed | {"": frozenset(line.code for line in lines if set(everybody) <= set(line.categories))}


def _group(line: GroupLine) -> Group:
    return Group(**{field.name: getattr(line, field.name) for field in fields(Group)})


def _property(name: str, line: PropertyLine, group: Group) -> Property:
    if bool(line.choices) != (line.type == "choice"):
        raise LawError(f"{name}, properties {line.code!r}: 'choices' belong to the type 'choice', and only to it.")
    tables.once(f"{name}, {line.code}", "the choice", (choice.code for choice in line.choices), LawError)
    return Property(
        code=line.code,
        text=line.text,
        source=line.source or group.source,
        mark=line.mark or group.mark,
        url=line.url or group.url,
        note=line.note,
        group=group.code,
        type=line.type,
        many=line.many,
        special=line.special,
        categories=line.categories or group.categories,
        search=line.search,
        choices=line.choices,
    )


def _check(shelf: Shelf) -> None:
    lists: dict[str, tuple[Entry, ...]] = {
        "categories.toml": shelf.categories,
        "special.toml": shelf.special,
        "names.toml": shelf.names,
        "links.toml": shelf.links,
    }
    for name, entries in lists.items():
        tables.once(name, "the code", (entry.code for entry in entries), LawError)
    for one in shelf.kinds.values():
        _check_properties(one, shelf)
    for link in shelf.links:
        _known(f"links.toml, {link.code}", (*link.one, *link.other), shelf.kinds)


def _check_properties(one: Kind, shelf: Shelf) -> None:
    everybody = {line.code for line in shelf.categories}
    for line in one.properties.values():
        where = f"kinds/{one.code}.toml, properties {line.code!r}"
        _known(where, (line.special,) if line.special else (), {entry.code for entry in shelf.special})
        _known(where, line.categories, everybody)
        if one.categorised != bool(line.categories):
            raise LawError(f"{where}: say in its group for which categories of persons the law allows it.")


def _known(where: str, codes: tuple[str, ...], known: Mapping[str, Kind] | set[str]) -> None:
    for code in codes:
        if code not in known:
            raise LawError(f"{where}: {code!r} is not known.")


def lines_of(entries: tuple[Line, ...]) -> Iterator[tuple[str, str]]:
    """Code and label, as the choices of a form want them."""
    return ((entry.code, entry.text) for entry in entries)
