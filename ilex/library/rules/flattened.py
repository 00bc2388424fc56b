"""Reads a news feed that somebody saved as plain text: all marks are gone, only the order of the values is left.

The channel comes first (title, link, description, language, image, generator, docs, date), then for each item title,
link, teaser and text, and behind them its date on a line of its own. Nothing but these dates parts the items.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from django.utils.translation import gettext as _

MOST_TEXT, MOST_ITEMS, MOST_ITEM = 10 * 2**20, 2_000, 2**20  # letters, items, letters of one item

DATE = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-9]{1,2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} [+-][0-9]{4}"
ENDS = re.compile(rf"^[ \t]*({DATE})[ \t]*$", re.MULTILINE | re.ASCII)
BUILT = re.compile(rf"^(.{{1,2000}}?) ({DATE})(?:\s|$)", re.ASCII)
CHANNEL = re.compile(
    r"(?P<title>\S.{0,79}?) (?P<link>https?://\S+) (?P<description>\S.{0,79}?) (?P<language>[a-z]{2}(?:-[a-z]{2})?)"
    r" (?P<image_title>\S.{0,79}?) (?P<image_url>https?://\S+) (?P<image_link>https?://\S+)"
    r" (?P<width>[0-9]{1,4}) (?P<height>[0-9]{1,4}) (?P=description) (?P<generator>\S.{0,79}?) (?P<docs>https?://\S+)",
    re.ASCII | re.IGNORECASE,
)
ITEM = re.compile(r"\s*(?P<title>\S[^\n]{0,600}?)\s+(?P<link>https?://\S+)(?P<rest>.*)", re.DOTALL)
TEASER = re.compile(r"\s*(\S[^\n]{0,400}?\.\.\.)\s*(.*)", re.DOTALL)  # cut off with dots


class Unreadable(ValueError):
    """One sentence: why nothing of the text was taken."""


@dataclass(frozen=True)
class FlatItem:
    title: str  # with its section, as printed
    link: str  # as printed
    teaser: str
    body: str
    published: datetime


@dataclass(frozen=True)
class FlatFeed:
    channel: dict[str, str]
    built_at: datetime
    items: tuple[FlatItem, ...]


def read(text: str) -> FlatFeed:
    """The channel and its items in their order. Raises Unreadable: half a feed is never taken."""
    if len(text) > MOST_TEXT:
        raise Unreadable(_("This text is too long for a feed."))
    text = text.replace("\r\n", "\n").strip()
    built = BUILT.match(text)
    channel = CHANNEL.fullmatch(built[1].strip()) if built else None
    if built is None or channel is None:
        raise Unreadable(_("This text does not begin like a feed: title, address, description, language, image, date."))
    *parts, rest = ENDS.split(text[built.end() :])
    if rest.strip():
        raise Unreadable(_("The last item of this text has no date behind it."))
    if len(parts) // 2 > MOST_ITEMS:
        raise Unreadable(_("There are too many items in this text."))
    items = [_item(number, *pair) for number, pair in enumerate(zip(parts[::2], parts[1::2], strict=True), 1)]
    return FlatFeed(channel.groupdict(), _moment(built[2]), tuple(items))


def _item(number: int, text: str, date: str) -> FlatItem:
    found = ITEM.fullmatch(text)
    if found is None or len(text) > MOST_ITEM:
        raise Unreadable(
            _("Item %(number)d of this text has no title and address, or is too long.") % {"number": number}
        )
    cut = TEASER.fullmatch(found["rest"])
    teaser, body = (cut[1], cut[2]) if cut else ("", found["rest"])
    return FlatItem(found["title"].strip(), found["link"], teaser.strip(), body.strip(), _moment(date))


def _moment(text: str) -> datetime:
    try:
        return parsedate_to_datetime(text)
    except ValueError as wrong:
        raise Unreadable(_("There is no moment “%(text)s”.") % {"text": text}) from wrong
