"""How long the node goes on looking for somebody, and how long it keeps what was looked for."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ilex.words import law, tables
from ilex.words.entries import Entry, LawError, find
from ilex.words.tables import Number

NAME = "crosscheck.toml"
NEEDED = ("arrival", "watch", "looks")


@dataclass(frozen=True, kw_only=True)
class Term(Entry):
    days: Number


@dataclass(frozen=True)
class Terms:
    __pydantic_config__ = tables.STRICT

    terms: tuple[Term, ...]


def term(code: str) -> Term:
    """Raises LawError for one that is not on the list."""
    return find(_read(os.environ.get("ILEX_LAW", "")).terms, code, f"{NAME}, terms")


@cache
def _read(theirs: str) -> Terms:
    path = law.files(Path(theirs) if theirs else None)[NAME]
    book = tables.read(path, Terms, name=NAME, error=LawError)
    tables.once(NAME, "terms", (entry.code for entry in book.terms), LawError)
    for code in NEEDED:
        if not find(book.terms, code, f"{NAME}, terms").days:
            raise LawError(f"{NAME}, terms {code!r}: 'days' is at least 1.")
    return book
