"""What the public site shows in one language, read by the allow-list alone: plain values, no rows of the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.db.models import F
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe

from ilex.gate.kinds import clean_name
from ilex.library.feeds import Entry
from ilex.library.kinds import ItemKind, LinkKind, Section
from ilex.library.models import Author, FurtherLink, ItemText, Site
from ilex.library.rules.marking import as_html, as_words
from ilex.library.site.fields import Row, public_activities, public_files, public_items, shown
from ilex.library.site.sheets import Copy, Sheet, label, sheets_in
from ilex.programme.kinds import ActivityKind, Mode
from ilex.programme.models import Activity
from ilex.programme.queries.people import Named, Names, in_words
from ilex.programme.rules.themes import theme_name
from ilex.web.languages import PageLanguage, page_languages, tag

Grouped = Mapping[Any, Sequence[Row]]


@dataclass(frozen=True)
class Pointer:
    label: str
    url: str = ""  # from the root of the site, or whole
    whole: bool = True
    kind: str = ""
    language: str = ""


@dataclass(frozen=True)
class Story:
    id: UUID
    key: str
    title: str
    teaser: str
    html: SafeString
    language: str  # BCP 47
    section: str
    kind: str
    themes: Sequence[str]
    authors: Sequence[str]
    disclaimer: str
    published: datetime
    changed: datetime
    source: str  # where it came from, if from others
    pointers: Sequence[Pointer]

    @property
    def on(self) -> str:
        return date_format(self.published, "DATE_FORMAT")

    def entry(self, link: str) -> Entry:
        return Entry(
            f"urn:uuid:{self.id}",
            self.title,
            link,
            self.teaser,
            str(self.html),
            self.published,
            self.changed,
            self.language,
            self.section,
            self.themes,
            self.authors,
        )


@dataclass(frozen=True)
class Event:
    key: str
    title: str
    kind: str
    language: str
    when: str
    place: Named | None
    venue: str
    mode: str
    languages: Sequence[str]
    topics: Sequence[str]
    text: str
    cancelled: bool


@dataclass(frozen=True)
class Content:
    title: str
    intro: str
    address: str
    language: str
    tag: str
    languages: Sequence[PageLanguage]
    stories: Sequence[Story] = field(default_factory=list)
    sheets: Sequence[Sheet] = field(default_factory=list)
    activities: Sequence[Event] = field(default_factory=list)


def read_content(site: Site, language: str, files: set[str], found: Sequence[Copy]) -> Content:
    """`files`: what was written below `files/`; nothing else is pointed to. Texts are in the active language."""
    return Content(
        site.title,
        site.intro,
        site.address,
        language,
        tag(language),
        [one for one in page_languages() if one.code in site.languages],
        list(_stories(language, files)),
        list(sheets_in(language, found, files)),
        list(_events(language)),
    )


# --- news ---


def _stories(language: str, files: set[str]) -> Iterator[Story]:
    items = public_items()
    texts = _by(shown(ItemText.objects.filter(item__in=items)))
    authors = _by(shown(Author.objects.filter(item__in=items).order_by("order", "pk")))
    links = _by(shown(FurtherLink.objects.filter(item__in=items).order_by("order", "pk")))
    papers = {one["id"]: one for one in shown(public_files())}
    written_by = {one["organisation_id"] for rows in authors.values() for one in rows if one["organisation_id"]}
    names = Names.read(language, written_by)
    for row in shown(items.order_by("-published_at", "pk")):
        text = _chosen(texts.get(row["id"], ()), language, row["language"])
        if text is not None:
            pointers = list(_pointers(links.get(row["id"], ()), papers, files))
            yield _story(row, text, [_author(one, names) for one in authors.get(row["id"], ())], pointers)


def _by(rows: Iterable[Row]) -> Grouped:
    found: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["item_id"]].append(row)
    return found


def _chosen(texts: Sequence[Row], language: str, original: str) -> Row | None:
    known = {text["language"]: text for text in texts}
    return known.get(language) or known.get(original) or next(iter(texts), None)


def _story(row: Row, text: Row, authors: Sequence[str], pointers: Sequence[Pointer]) -> Story:
    return Story(
        row["id"],
        row["key"],
        text["title"],
        as_words(text["teaser"]),
        mark_safe(as_html(text["body"])),  # noqa: S308  # cleaned by nh3
        tag(text["language"]),
        str(Section(row["section"]).label),
        str(ItemKind(row["kind"]).label),
        [theme_name(theme) for theme in row["themes"]],
        authors,
        row["disclaimer"],
        row["published_at"],
        row["changed_at"],
        row["link"],
        pointers,
    )


def _author(row: Row, names: Names) -> str:
    organisation = names.organisation(row["organisation_id"]).text if row["organisation_id"] else ""
    return ", ".join(filter(None, (row["name"], row["function"], organisation)))


def _pointers(links: Iterable[Row], papers: Mapping[Any, Row], files: set[str]) -> Iterator[Pointer]:
    for one in links:
        kind = str(LinkKind(one["kind"]).label)
        paper = papers.get(one["attachment_id"])
        if paper is not None and (path := f"files/{paper['id']}/{clean_name(paper['name'])}") in files:
            yield Pointer(one["label"], quote(path), False, kind, one["language"])
        elif one["url"].startswith(("http://", "https://")):
            yield Pointer(one["label"], one["url"], True, kind, one["language"])


# --- activities ---


def _events(language: str) -> Iterator[Event]:
    names = Names.read(language)
    spoken = {one.code: one.name for one in page_languages()}
    for row in shown(public_activities().order_by(F("first").desc(nulls_last=True), "pk")):
        yield Event(
            row["key"],
            row["title"],
            label(ActivityKind, row["kind"]),
            tag(row["language"]),
            in_words(row["when"], language),
            names.place(row["place_id"]) if row["place_id"] else None,
            row["venue"],
            label(Mode, row["mode"]),
            [spoken.get(code, code) for code in row["languages"]],
            row["topics"],
            row["text"],
            row["state"] == Activity.State.CANCELLED,
        )
