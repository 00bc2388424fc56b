"""The forms of the directory's files: what is said of a place, an organisation, an agreement."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from ilex.units.kinds import ContactKind, NameStyle, OrganisationKind, PlaceKind
from ilex.words import tables
from ilex.words.tables import Code, FileError, Flag, Mark, Number

Name = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
LongName = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]
Source = Annotated[str, StringConstraints(min_length=1, max_length=400, strip_whitespace=True)]
PlaceCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z-]*$", max_length=24)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[a-z]{4})?$")]
Day = Annotated[date, Field(strict=True)]


class DirectoryError(FileError):
    """One clear sentence: what is wrong in which file and entry of the directory."""


@dataclass(frozen=True, kw_only=True)
class Names:
    """Names of one style that hold for the same time, one per language."""

    __pydantic_config__ = tables.STRICT
    style: NameStyle
    texts: Annotated[dict[Language, Name], Field(min_length=1)]
    source: Source
    footnote: str = ""
    since: Day | None = None
    until: Day | None = None


@dataclass(frozen=True, kw_only=True)
class Members:
    """Places that belong to a group for the same time."""

    __pydantic_config__ = tables.STRICT
    places: Annotated[tuple[PlaceCode, ...], Field(min_length=1)]
    source: Source
    mark: Mark
    since: Day | None = None
    until: Day | None = None


@dataclass(frozen=True, kw_only=True)
class PlaceRow:
    __pydantic_config__ = tables.STRICT
    code: PlaceCode
    kind: PlaceKind
    parent: PlaceCode | None = None
    zone: str = ""
    names: Annotated[tuple[Names, ...], Field(min_length=1)]
    members: tuple[Members, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ContactRow:
    __pydantic_config__ = tables.STRICT
    kind: ContactKind
    value: Name
    note: str = ""
    source: Source


@dataclass(frozen=True, kw_only=True)
class OrganisationRow:
    __pydantic_config__ = tables.STRICT
    id: Slug
    kind: OrganisationKind
    name: LongName
    source: Source
    mark: Mark
    place: PlaceCode | None = None
    parent: Slug | None = None
    acronym: Annotated[str, StringConstraints(max_length=40)] = ""
    designated: Flag = False
    languages: tuple[Language, ...] = ()
    channels: tuple[Code, ...] = ()
    hours: Annotated[str, StringConstraints(max_length=120)] = ""
    footnote: str = ""
    names: dict[Language, LongName] = field(default_factory=dict)
    contacts: tuple[ContactRow, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AgreementRow:
    __pydantic_config__ = tables.STRICT
    id: Slug
    title: LongName
    profile: Code
    parties: Annotated[tuple[PlaceCode, ...], Field(min_length=1)]
    source: Source
    mark: Mark
    rank: Number = 100
    since: Day | None = None
    until: Day | None = None


@dataclass(frozen=True)
class DirectoryFile:
    """One file; it may hold entries of every kind."""

    __pydantic_config__ = tables.STRICT
    places: tuple[PlaceRow, ...] = ()
    organisations: tuple[OrganisationRow, ...] = ()
    agreements: tuple[AgreementRow, ...] = ()
