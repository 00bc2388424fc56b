"""Plain text in the encodings our partners use, and web pages without their marks."""

from __future__ import annotations

import codecs
from html.parser import HTMLParser

from ilex.documents.readers.extract import TEXT, Extract

NOT_READ = {"script", "style", "template", "noscript", "svg", "object"}
BREAKS = {"p", "br", "div", "tr", "li", "h1", "h2", "h3", "h4", "table", "blockquote"}


def read(content: bytes, kind: str = "text") -> Extract:
    text = decoded(content[: 4 * TEXT])
    if kind == "html":
        text = of_html(text)
    return Extract(kind=kind, text=text[:TEXT], cut=len(text) > TEXT or len(content) > 4 * TEXT)


def decoded(content: bytes, charset: str = "") -> str:
    """UTF-8 and UTF-16 by their own signs; else what was claimed; else the Windows code page of the letters in it."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return content.decode(name, "replace")
    for name in filter(None, (charset, "utf-8")):
        try:
            return content.decode(name)
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    return content.decode(_page_of(content), "replace")


def _page_of(content: bytes) -> str:
    """In a Cyrillic text most letters lie above 192, in a Latin one a few do."""
    letters = [byte for byte in content[:20_000] if byte >= 128 or chr(byte).isalpha()]
    high = sum(1 for byte in letters if byte >= 192)
    return "cp1251" if letters and high > len(letters) / 3 else "cp1250"


def of_html(page: str) -> str:
    reader = _Page()
    try:
        reader.feed(page)
        reader.close()
    except Exception:  # an odd declaration: what was read so far is the text
        return reader.text()
    return reader.text()


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._pieces: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in NOT_READ:
            self._silent += 1
        elif tag in BREAKS:
            self._pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in NOT_READ:
            self._silent = max(0, self._silent - 1)
        elif tag in BREAKS:
            self._pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._pieces.append(data)

    def text(self) -> str:
        lines = (" ".join(line.split()) for line in "".join(self._pieces).splitlines())
        return "\n".join(line for line in lines if line)
