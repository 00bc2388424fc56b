"""The forms of the news' seed files: a feed and its items."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from ilex.library.kinds import ItemKind, LinkKind, Section
from ilex.programme.entries import Lines, Note, OptionalKey, Row, Title
from ilex.programme.kinds import RemarkKind
from ilex.programme.wire import Counted, Edtf, Key
from ilex.words import tables
from ilex.words.tables import Number, Text, Url

Moment = Annotated[datetime, AwareDatetime]
Address = Annotated[str, StringConstraints(max_length=400)]
Language = Annotated[str, StringConstraints(pattern=r"^([a-z]{2,3}(-[a-z]{4})?)?$")]


@dataclass(frozen=True, kw_only=True)
class ImageRow:
    __pydantic_config__ = tables.STRICT
    url: Url
    title: Title
    link: Url
    width: Number
    height: Number
    description: Note = ""


@dataclass(frozen=True, kw_only=True)
class NewsRemarkRow(Row):
    kind: RemarkKind
    text: Text
    quantity: Counted = ""
    when: Edtf = ""
    printed: Note = ""
    said_by: Note = ""
    places: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FeedRow(Row):
    key: Key
    title: Title
    title_printed: Note = ""
    link: Url
    description: Note = ""
    language: Language = "en"
    image: ImageRow | None = None
    generator: Note = ""
    docs: Url = ""
    built_at: Moment
    remarks: tuple[NewsRemarkRow, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AuthorRow(Row):
    function: Note
    organisation: str = ""


@dataclass(frozen=True, kw_only=True)
class LinkRow(Row):
    kind: LinkKind
    label: Note
    language: Language = ""
    url: Url = ""


@dataclass(frozen=True, kw_only=True)
class ItemRow(Row):
    key: Key
    kind: ItemKind = ItemKind.NEWS
    section: Section
    section_printed: Note = ""
    title: Title
    title_printed: Title
    link: Url
    link_printed: Address  # as the feed has it: with a doubled stroke
    published: Moment
    language: Language = "en"
    themes: tuple[Key, ...] = ()
    teaser: Text
    body: Text
    disclaimer: str = ""
    about_actions: tuple[Key, ...] = ()
    about_activities: tuple[Key, ...] = ()
    same_event_as: OptionalKey = ""  # another item on the same event
    authors: tuple[AuthorRow, ...] = ()
    links: tuple[LinkRow, ...] = ()
    remarks: tuple[NewsRemarkRow, ...] = ()


@dataclass(frozen=True)
class NewsFile:
    __pydantic_config__ = tables.STRICT
    source: OptionalKey
    feed: FeedRow
    items: Annotated[tuple[ItemRow, ...], Field(min_length=1)]


__all__ = ["AuthorRow", "FeedRow", "ImageRow", "ItemRow", "Lines", "LinkRow", "NewsFile", "NewsRemarkRow"]
