"""News as RSS 2.0 and Atom (RFC 4287), from plain values: the pages and the public site give out the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any
from xml.sax.xmlreader import AttributesImpl

from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.xmlutils import SimplerXMLGenerator

GENERATOR = "Ilex"
DOCS = "https://www.rssboard.org/rss-specification"
MOST = 50  # items, the newest
IMAGE = (88, 88)  # of static/library/feed.png
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DUBLIN = "http://purl.org/dc/elements/1.1/"
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Channel:
    title: str
    link: str  # the page with the same news
    description: str
    language: str  # BCP 47
    address: str  # of the feed itself
    image: str = ""  # a PNG


@dataclass(frozen=True)
class Entry:
    id: str  # never changes: urn:uuid:...
    title: str
    link: str
    teaser: str  # plain words
    html: str
    published: datetime
    updated: datetime
    language: str  # BCP 47
    section: str  # as people read it
    themes: Sequence[str] = ()
    authors: Sequence[str] = ()


def rss(entries: Iterable[Entry], channel: Channel) -> bytes:
    return _written(_Rss, entries, channel)


def atom(entries: Iterable[Entry], channel: Channel) -> bytes:
    return _written(_Atom, entries, channel)


def _written(kind: type[SyndicationFeed], entries: Iterable[Entry], channel: Channel) -> bytes:
    entries = list(entries)[:MOST]
    feed = kind(
        title=_xml(channel.title),
        link=channel.link,
        description=_xml(channel.description),
        language=channel.language,
        feed_url=channel.address,
        feed_guid=channel.address,
        image=channel.image,
        newest=max((one.updated for one in entries), default=None),
    )
    for one in entries:
        feed.add_item(
            title=_xml(one.title),
            link=one.link,
            description=escape(_xml(one.teaser)),  # readers take it for HTML
            unique_id=one.id,
            unique_id_is_permalink=False,
            pubdate=one.published,
            updateddate=one.updated,
            categories=[_xml(one.section), *map(_xml, one.themes)],
            author_name=_xml("; ".join(one.authors)) or None,
            html=_xml(one.html),
            language=one.language,
        )
    return feed.writeString("utf-8").encode()


def _xml(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return NOT_XML.sub("", str(text))


class _Rss(Rss201rev2Feed):
    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), "xmlns:content": CONTENT, "xmlns:dc": DUBLIN}

    def latest_post_date(self) -> datetime:
        return self.feed["newest"] or super().latest_post_date()

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        handler.addQuickElement("generator", GENERATOR)
        handler.addQuickElement("docs", DOCS)
        if self.feed["image"]:
            handler.startElement("image", AttributesImpl({}))
            for name, value in (
                ("url", self.feed["image"]),
                ("title", self.feed["title"]),
                ("link", self.feed["link"]),
            ):
                handler.addQuickElement(name, value)
            for name, size in zip(("width", "height"), IMAGE, strict=True):
                handler.addQuickElement(name, str(size))
            handler.addQuickElement("description", self.feed["description"] or self.feed["title"])
            handler.endElement("image")

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("dc:language", item["language"])
        handler.addQuickElement("content:encoded", item["html"])


class _Atom(Atom1Feed):
    def latest_post_date(self) -> datetime:
        return self.feed["newest"] or super().latest_post_date()

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        handler.addQuickElement("generator", GENERATOR)
        handler.startElement("author", AttributesImpl({}))
        handler.addQuickElement("name", self.feed["title"])
        handler.endElement("author")
        if self.feed["image"]:
            handler.addQuickElement("logo", self.feed["image"])

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        return {"xml:lang": item["language"]}

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["html"], {"type": "html"})
