"""Reads a feed of strangers: RSS, Atom, or one that was saved as plain text. Nothing is written here."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import ParseError

import feedparser  # type: ignore[import-untyped]  # it publishes no types
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse
from django.utils.translation import gettext as _

from ilex.library.kinds import Section
from ilex.library.rules import flattened
from ilex.library.rules.addresses import LONGEST_ADDRESS, LONGEST_TITLE, SECTIONS, link_key, mended, parted, title_key
from ilex.library.rules.cleaning import Refused, clean, plain, words
from ilex.library.rules.flattened import MOST_ITEM, MOST_ITEMS, MOST_TEXT, Unreadable
from ilex.programme.rules.errors import Invalid

MOST_BYTES = 10 * 2**20
DEEPEST = 200  # tags within tags
MARKED = (b"<", b"\xff\xfe", b"\xfe\xff")  # also in UTF-16
LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z]{4})?")
CODES = {
    **SECTIONS,
    **{code: code for code in Section.values},
    **{code.replace("-", " "): code for code in Section.values},
}


@dataclass(frozen=True)
class Channel:
    title: str = ""
    link: str = ""
    description: str = ""
    language: str = ""
    image: dict[str, str] = field(default_factory=dict)
    generator: str = ""
    docs: str = ""
    built_at: datetime | None = None


@dataclass(frozen=True)
class Found:
    """One item, its texts in Markdown."""

    title: str
    title_printed: str
    section: str  # empty: it names none that we know
    link: str
    link_printed: str
    guid: str
    teaser: str
    body: str
    published: datetime | None
    language: str

    @property
    def link_key(self) -> str:
        return link_key(self.link) if self.link else ""

    @property
    def title_key(self) -> str:
        return title_key(self.title_printed or self.title)


@dataclass(frozen=True)
class Read:
    channel: Channel
    items: list[Found]
    refused: list[str]  # one sentence for each item that was left out


def read(content: bytes | str) -> Read:
    """Raises Invalid({"content": sentence}) when it is no whole feed: half a feed is never taken in."""
    if len(content) > MOST_BYTES:
        raise _wrong(_("This is longer than 10 MiB, which is too long for a feed. Nothing of it was taken in."))
    if isinstance(content, str) and content.lstrip().startswith("<"):
        content = content.strip().encode()
    if isinstance(content, bytes):
        marked = content[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(MARKED)
        return _marked_up(content) if marked else _flat(_text(content))
    return _flat(content)


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _wrong(_("This is neither RSS nor Atom, nor text in UTF-8. Nothing of it was taken in.")) from error


def _wrong(sentence: str) -> Invalid:
    return Invalid({"content": sentence})


# --- a feed that was saved as plain text ---


def _flat(text: str) -> Read:
    if "\0" in text:
        raise _wrong(_("The text holds a character that cannot be kept."))
    try:
        feed = flattened.read(text)
    except Unreadable as wrong:
        raise _wrong(str(wrong)) from wrong
    channel = feed.channel
    image = {name.removeprefix("image_"): channel[name] for name in ("image_title", "image_url", "image_link")}
    return Read(
        Channel(
            channel["title"],
            channel["link"],
            channel["description"],
            channel["language"].lower(),
            {**image, "width": channel["width"], "height": channel["height"], "description": channel["description"]},
            channel["generator"],
            channel["docs"],
            feed.built_at,
        ),
        *_each(_flat_item(item, channel["language"].lower()) for item in feed.items),
    )


def _flat_item(item: flattened.FlatItem, language: str) -> Sketch:
    return Sketch(item.title, item.link, "", plain(item.teaser), plain(item.body), item.published, language, ())


# --- RSS and Atom ---


def _marked_up(content: bytes) -> Read:
    _must_be_whole(content)
    # What it does to HTML and to addresses is switched off: nh3 and our own rules see to both, behind it.
    found = feedparser.parse(
        BytesIO(content),
        sanitize_html=False,
        resolve_relative_uris=False,
        response_headers={"content-type": "application/xml"},
    )
    if not found.version:
        raise _wrong(_("This is XML, but neither RSS nor Atom. Nothing of it was taken in."))
    channel = _channel(found.feed)
    return Read(channel, *_each(_sketches(found.entries, channel.language)))


def _must_be_whole(content: bytes) -> None:
    """Well formed to its end, without entities of its own, not too deep, not too many items."""
    depth = count = 0
    try:
        for event, element in iterparse(BytesIO(content), events=("start", "end"), forbid_entities=True):
            depth += 1 if event == "start" else -1
            if depth > DEEPEST:
                raise _wrong(_("The marks of this feed stand too deep within each other."))
            if event == "end":
                count += element.tag.rpartition("}")[2] in ("item", "entry")
                element.clear()
            if count > MOST_ITEMS:
                raise _wrong(_("There are more than 2,000 items in this feed. Nothing of it was taken in."))
    except DefusedXmlException as error:
        raise _wrong(
            _("This feed brings entities of its own, which are not read. Nothing of it was taken in.")
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        raise _wrong(_("This feed is broken: its XML is not whole. Nothing of it was taken in.")) from error


def _channel(feed: Any) -> Channel:
    image = {name: str(value)[:400] for name, value in (feed.get("image") or {}).items() if name in IMAGE and value}
    if "href" in image:
        image["url"] = image.pop("href")
    built = feed.get("updated_parsed") or feed.get("published_parsed")
    return Channel(
        _words(feed.get("title")),
        str(feed.get("link") or "")[:LONGEST_ADDRESS],
        _words(feed.get("subtitle")),
        _language(feed.get("language")),
        image,
        _words(feed.get("generator")),
        str(feed.get("docs") or "")[:200],
        _moment(built),
    )


IMAGE = ("title", "href", "url", "link", "width", "height", "description")


def _words(text: object) -> str:
    try:
        return words(str(text or ""))
    except Refused:
        return ""


def _language(text: object) -> str:
    tag = str(text or "").lower().replace("_", "-")
    found = LANGUAGE.fullmatch(tag) or LANGUAGE.fullmatch(tag.partition("-")[0])
    return found[0] if found else ""


def _moment(parsed: Any) -> datetime | None:
    """Feedparser gives moments in UTC."""
    if not parsed:
        return None
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except (ValueError, OverflowError, OSError, TypeError):
        return None


@dataclass(frozen=True)
class Sketch:
    """An item before it is looked at: title and link as printed, texts in Markdown or the sentence why not."""

    title: str
    link: str
    guid: str
    teaser: str
    body: str
    published: datetime | None
    language: str
    categories: tuple[str, ...]
    wrong: str = ""


def _sketches(entries: list[Any], language: str) -> Iterator[Sketch]:
    for entry in entries:
        moment = _moment(entry.get("published_parsed") or entry.get("updated_parsed"))
        categories = tuple(str(tag.get("term") or "").lower() for tag in entry.get("tags", []))
        title = str(entry.get("title") or "")[: 4 * LONGEST_TITLE]
        link, guid = str(entry.get("link") or ""), str(entry.get("id") or "")
        named = _language(entry.get("language")) or language
        try:
            _must_fit(entry)
            teaser, body = _texts(entry)
            yield Sketch(words(title), link, guid, teaser, body, moment, named, categories)
        except Refused as wrong:
            yield Sketch(_words(title), link, guid, "", "", moment, named, categories, str(wrong))


def _must_fit(entry: Any) -> None:
    parts = [entry.get("title"), entry.get("summary"), *(one.get("value") for one in entry.get("content", []))]
    if sum(len(str(part or "")) for part in parts) > MOST_ITEM:
        raise Refused(_("It is longer than 1 MiB."))


def _texts(entry: Any) -> tuple[str, str]:
    """Teaser and body. Where only one of them stands there, it is the body."""
    summary = _markdown(entry.get("summary"), (entry.get("summary_detail") or {}).get("type"))
    contents = entry.get("content") or [{}]
    body = _markdown(contents[0].get("value"), contents[0].get("type"))
    return (summary, body) if body and body != summary else ("", body or summary)


def _markdown(value: object, kind: object) -> str:
    text = str(value or "").replace("\0", "")
    return plain(text) if kind == "text/plain" and not re.search(r"<[a-zA-Z/!]", text) else clean(text)


# --- each item by itself ---


def _each(sketches: Iterator[Sketch]) -> tuple[list[Found], list[str]]:
    found: list[Found] = []
    refused: list[str] = []
    for sketch in sketches:
        try:
            found.append(_found(sketch))
        except Refused as wrong:
            refused.append(_("“%(title)s”: %(why)s") % {"title": sketch.title[:80] or sketch.link[:80], "why": wrong})
    return found, refused


def _found(sketch: Sketch) -> Found:
    if sketch.wrong:
        raise Refused(sketch.wrong)
    section, title = parted(sketch.title)
    if not title:
        raise Refused(_("It has no title."))
    link = _link(sketch)
    guid = sketch.guid if len(sketch.guid) <= LONGEST_ADDRESS else ""
    if not link and not guid:
        raise Refused(_("It has neither an address nor a number, so it could not be known again."))
    named = next((CODES[one] for one in sketch.categories if one in CODES), "")
    printed = sketch.title[:LONGEST_TITLE]
    at = sketch.published
    return Found(
        title[:LONGEST_TITLE],
        printed if printed != title else "",
        section or named,
        link,
        sketch.link if link else "",
        guid,
        sketch.teaser,
        sketch.body,
        at if at is None or 1970 <= at.year <= 9000 else None,
        sketch.language or "en",
    )


def _link(sketch: Sketch) -> str:
    if not sketch.link or (sketch.guid == sketch.link and not sketch.link.startswith("http")):
        return ""
    try:
        return mended(sketch.link)
    except ValueError as wrong:
        raise Refused(str(wrong)) from wrong


__all__ = ["MOST_BYTES", "MOST_TEXT", "Channel", "Found", "Read", "read"]
