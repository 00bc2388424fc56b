"""Babel reads the texts of our TOML files with this, so that the catalogues hold what pages pass to gettext.

In the mapping file `[ilex.words.extract:texts: ilex/words/data/**.toml]`; for other files name the keys to take, as
in `keys = footnote`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping
from io import BufferedIOBase
from typing import Any

KEYS = "text title reverse"

Message = tuple[int, str, str, list[str]]


def texts(
    file: BufferedIOBase, keywords: Collection[str], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Iterator[Message]:
    """Yield line, function, message and the source as a comment for the translator, once for every text."""
    content = file.read().decode("utf-8")
    keys = str(options.get("keys", KEYS)).split()
    lines = content.splitlines()
    for text, source in _texts(tomllib.loads(content), keys):
        yield _line(lines, text), "gettext", text, [source] if source else []


def _texts(value: Any, keys: list[str]) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for item in value:
            yield from _texts(item, keys)
    if isinstance(value, dict):
        for key in keys:
            if isinstance(value.get(key), str) and value[key]:
                yield value[key], str(value.get("source", ""))
        for item in value.values():
            yield from _texts(item, keys)


def _line(lines: list[str], text: str) -> int:
    """The line where the text begins; the first of the file for one that is spelled with escapes."""
    begin = text.splitlines()[0]
    return next((number for number, line in enumerate(lines, 1) if begin in line), 1)
