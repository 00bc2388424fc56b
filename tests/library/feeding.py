"""Feeds as strangers send them."""

from __future__ import annotations

from email.utils import format_datetime
from xml.sax.saxutils import escape

from ilex.library.entries import NewsFile
from ilex.library.seeds import NAME, OURS
from ilex.words import tables

NEWS = tables.read(OURS / NAME, NewsFile)
HEAD = '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel>'
CHANNEL = "<title>News of Skopje</title><link>https://news.example.org/</link><description>All</description>"


def rss(*items: str, language: str = "en-GB") -> bytes:
    return f"{HEAD}{CHANNEL}<language>{language}</language>{''.join(items)}</channel></rss>".encode()


def item(
    title: str = "A meeting in Skopje",
    link: str = "https://news.example.org/a-meeting",
    text: str = "<p>They met.</p>",
    guid: str = "",
    at: str = "Thu, 21 Mar 2019 12:57:30 +0100",
) -> str:
    known = f'<guid isPermaLink="false">{escape(guid)}</guid>' if guid else ""
    said = f"<title>{escape(title)}</title><link>{escape(link)}</link><description>{escape(text)}</description>"
    return f"<item>{said}{known}<pubDate>{at}</pubDate></item>"


def flattened() -> str:
    """Our own news in the form in which the feed of 2019 was saved: as in test_flattened."""
    feed, image = NEWS.feed, NEWS.feed.image
    assert image is not None
    head = [feed.title_printed, feed.link, feed.description, feed.language, image.title, image.url, image.link]
    tail = [str(image.width), str(image.height), image.description, feed.generator, feed.docs]
    items = [
        f"{one.title_printed} {one.link_printed} {one.teaser.rstrip('.')}... {one.body}\n"
        f"{format_datetime(one.published)}\n"
        for one in NEWS.items
    ]
    return f"{' '.join([*head, *tail])} {format_datetime(feed.built_at)} {''.join(items)}"
