"""HTML of strangers becomes Markdown of a small kind: words, links, emphasis, lists, headings. A program is refused."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import nh3
from django.utils.translation import gettext as _

MOST = 2**20  # letters of one text
MOST_MARKS = 10_000
DEEPEST = 6  # quotes and points within each other that can still be told apart

INLINE = {"em": "*", "i": "*", "strong": "**", "b": "**"}
HEADINGS = {"h1": "## ", "h2": "## ", "h3": "### ", "h4": "### ", "h5": "### ", "h6": "### "}
BLOCKS = {"p", "div", "ul", "ol", "li", "blockquote", "br", "hr", "pre", "tr", "table", "section", "article", *HEADINGS}
KEPT = BLOCKS | set(INLINE) | {"a"}
EMPTIED = {"script", "style", "iframe", "object", "embed", "form", "noscript", "template", "svg", "math", "title"}
SCHEMES = {"http", "https", "mailto"}
RUNS = ("javascript:", "vbscript:", "data:text/html")
ADDRESSES = {"href", "src", "action", "formaction", "data", "xlink:href"}  # attributes that may run what they name
TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9:-]*)")
LEADS = re.compile(r"^(#{1,6}(?=\s|$)|[-+=](?=[\s=-]|$)|[0-9]{1,9}[.)](?=\s|$))")
SPECIAL = re.compile(r"([\\`*_\[\]<>]|&(?=#?\w+;))")


class Refused(ValueError):
    """One sentence: why nothing of the text was taken."""


def clean(text: str) -> str:
    """The text as Markdown. Raises Refused when it is too long or holds a program; all else that is strange is cut."""
    if len(text) > MOST:
        raise Refused(_("The text is too long."))
    _refuse_programs(text)
    known = nh3.clean(
        text,
        tags=KEPT,
        clean_content_tags=EMPTIED,
        attributes={"a": {"href"}},
        url_schemes=SCHEMES,
        link_rel=None,
        strip_comments=True,
    )
    writer = _Writer()
    writer.feed(known)
    writer.close()
    return writer.text()


def words(text: str) -> str:
    """A title or name without any marks, on one line. Raises Refused as `clean` does."""
    if len(text) > MOST:
        raise Refused(_("The text is too long."))
    _refuse_programs(text)
    bare = nh3.clean(text, tags=set(), clean_content_tags=EMPTIED, attributes={}, link_rel=None)
    return " ".join(html.unescape(bare).split())


def plain(text: str) -> str:
    """Text without marks as Markdown that shows it as it is: its paragraphs stay, nothing in it becomes a mark."""
    blocks = (" ".join(block.split()) for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n")))
    return "\n\n".join(_begun(_escaped(block)) for block in blocks if block)


def _refuse_programs(text: str) -> None:
    """A parser of browsers reads it, which no hostile text can slow down: not Python's own."""
    if text.count("<") > MOST_MARKS:
        raise Refused(_("The text holds too many marks."))
    if "<" in text and _holds_program(text):
        raise Refused(_("The text holds a program (a script). Nothing of it was taken."))


def _holds_program(text: str) -> bool:
    """Whether anything in it would run: a script, a handler, an address that is a program."""
    found: list[str] = []

    def look(tag: str, name: str, value: str) -> str:
        if name.startswith("on") or _runs(value):
            found.append(tag)
        return value

    read = nh3.clean(
        text,
        tags={name.lower() for name in TAG.findall(text)},
        clean_content_tags=set(),
        attributes={"*": ADDRESSES},
        generic_attribute_prefixes={"on"},
        attribute_filter=look,
        url_schemes=SCHEMES | {name.partition(":")[0] for name in RUNS},
        link_rel=None,
    )
    return bool(found) or "<script" in read


def _runs(value: str) -> bool:
    return re.sub(r"[\x00-\x20]+", "", value).lower().startswith(RUNS)


class _Writer(HTMLParser):
    """Markdown from HTML that nh3 has made well formed."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[str] = []
        self.frames: list[tuple[str, str, list[str]]] = []  # open marks: tag, address, what stands inside
        self.line: list[str] = []
        self.lists: list[int] = []  # 0 for a list of points, else the next number
        self.lead = ""  # of the next block: a heading's or a point's mark
        self.quotes = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self._end_block()
            self._begin(tag)
        elif tag in INLINE or tag == "a":
            self.frames.append((tag, dict(attrs).get("href") or "", self.line))
            self.line = []

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self._end_block()
            self._end(tag)
        elif self.frames and self.frames[-1][0] == tag:
            name, address, outside = self.frames.pop()
            outside.append(_marked(name, address, "".join(self.line)))
            self.line = outside

    def handle_data(self, data: str) -> None:
        self.line.append(_escaped(re.sub(r"\s+", " ", data)))

    def _begin(self, tag: str) -> None:
        if tag in HEADINGS:
            self.lead = HEADINGS[tag]
        elif tag in ("ul", "ol"):
            self.lists.append(0 if tag == "ul" else 1)
        elif tag == "li":
            self.lead = self._point()
        elif tag == "blockquote":
            self.quotes += 1

    def _end(self, tag: str) -> None:
        self.lead = ""
        if tag in ("ul", "ol") and self.lists:
            self.lists.pop()
        elif tag == "blockquote":
            self.quotes = max(0, self.quotes - 1)

    def _point(self) -> str:
        if not self.lists or not self.lists[-1]:
            return "- "
        self.lists[-1] += 1
        return f"{self.lists[-1] - 1}. "

    def _end_block(self) -> None:
        while self.frames:  # a mark that a block cuts off ends here, and marks nothing
            _tag, _address, outside = self.frames.pop()
            self.line = outside + self.line
        text = " ".join("".join(self.line).split())
        self.line = []
        if text:
            depth = min(DEEPEST, max(0, len(self.lists) - (1 if self.lead else 0)))
            self.blocks.append(f"{'> ' * min(DEEPEST, self.quotes)}{'   ' * depth}{self.lead}{_begun(text)}")
            self.lead = ""

    def text(self) -> str:
        self._end_block()
        return "\n\n".join(self.blocks)


def _marked(tag: str, address: str, text: str) -> str:
    inside = text.strip()
    before, after = (" " if text[:1] == " " else ""), (" " if text[-1:] == " " else "")
    if not inside:
        return " " if text else ""
    if tag == "a":
        address = re.sub(r"[\s<>]+", "", address)
        made = f"[{inside}](<{address}>)" if address else inside
    else:
        made = f"{INLINE[tag]}{inside}{INLINE[tag]}"
    return f"{before}{made}{after}"


def _escaped(text: str) -> str:
    return SPECIAL.sub(r"\\\1", text)


def _begun(text: str) -> str:
    """What stands at the beginning of a block must not look like a heading or a point."""
    return LEADS.sub(lambda found: f"{found[1][:-1]}\\{found[1][-1]}", text)
