"""The small Markdown of an item's text as HTML, and as plain words."""

from __future__ import annotations

import html
from functools import cache
from typing import TYPE_CHECKING

import nh3

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

TAGS = {"p", "br", "em", "strong", "a", "ul", "ol", "li", "blockquote", "h2", "h3", "h4", "hr", "code", "pre"}
RULES = ["emphasis", "link", "autolink", "escape", "entity", "backticks", "newline"]
BLOCKS = ["paragraph", "heading", "list", "blockquote", "hr", "code", "fence", "lheading"]


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt  # late: five MiB that the door and the relay never need

    return MarkdownIt("zero", {"html": False, "linkify": False}).enable([*RULES, *BLOCKS])


def as_html(text: str) -> str:
    """Never a program, a picture or a frame, whoever wrote it: what Markdown made is cleaned once more."""
    made = _markdown().render(text).replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    return nh3.clean(
        made,
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow",
    )


def as_words(text: str) -> str:
    """The words alone, on one line."""
    bare = nh3.clean(_markdown().render(text), tags=set(), attributes={}, link_rel=None)
    return " ".join(html.unescape(bare).split())
