"""How cases are opened, closed and put to national authorities: templates, outcomes, and the shares of time."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from ilex.words import law, tables
from ilex.words.entries import Entry, LawError, find
from ilex.words.tables import Number, Text

NAME = "cases.toml"


@dataclass(frozen=True, kw_only=True)
class FirstTask:
    """A task that cases of a template mostly begin with."""

    __pydantic_config__ = tables.STRICT

    title: Text
    text: Text


@dataclass(frozen=True, kw_only=True)
class CheckLine:
    __pydantic_config__ = tables.STRICT

    text: Text


@dataclass(frozen=True, kw_only=True)
class Template(Entry):
    pattern: Text  # of the title: {partner} and {reference} are filled in
    area: str = ""  # an offence of the list of 32
    tasks: tuple[FirstTask, ...] = ()
    checks: tuple[CheckLine, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Share(Entry):
    least: Number  # hours that are left on the legal clock
    percent: Number


@dataclass(frozen=True, kw_only=True)
class Term(Entry):
    hours: Number


@dataclass(frozen=True)
class Casework:
    __pydantic_config__ = tables.STRICT

    templates: tuple[Template, ...]
    outcomes: tuple[Entry, ...]
    shares: tuple[Share, ...]
    terms: tuple[Term, ...]


@dataclass(frozen=True)
class Due:
    """When a task is due, and why: the text of an entry, to be shown through gettext."""

    at: datetime
    why: str
    legal_at: datetime | None  # the deadline of the request behind it, as it is now


def templates() -> tuple[Template, ...]:
    return _casework().templates


def template(code: str) -> Template:
    """Raises LawError for one that is not on the list."""
    return find(templates(), code, "templates")


def outcomes() -> tuple[Entry, ...]:
    return _casework().outcomes


def due(at: datetime, legal_at: datetime | None, stopped_at: datetime | None = None) -> Due:
    """When a task sent at `at` is due, of a request whose clock ends at `legal_at` and may stand since `stopped_at`.

    While the clock stands its time does not run out: what is left was left when it was stopped.
    """
    book = _casework()
    if legal_at is None:
        return _term(book, "no-clock", at, None)
    left = legal_at - (stopped_at or at)
    legal_at = at + left
    if left <= timedelta(0):
        return _term(book, "passed", at, legal_at)
    share = next(one for one in book.shares if left >= timedelta(hours=one.least))
    return Due(at + left * share.percent / 100, share.text, legal_at)


def _term(book: Casework, code: str, at: datetime, legal_at: datetime | None) -> Due:
    term = find(book.terms, code, "terms")
    return Due(at + timedelta(hours=term.hours), term.text, legal_at)


def _casework() -> Casework:
    return _read(os.environ.get("ILEX_LAW", ""))


@cache
def _read(theirs: str) -> Casework:
    path = law.files(Path(theirs) if theirs else None)[NAME]
    book = tables.read(path, Casework, name=NAME, error=LawError)
    _check(book)
    return book


def _check(book: Casework) -> None:
    for what in ("templates", "outcomes", "shares", "terms"):
        tables.once(NAME, what, (entry.code for entry in getattr(book, what)), LawError)
    for code in ("no-clock", "passed"):
        find(book.terms, code, f"{NAME}, terms")
    areas = {offence.code for offence in law.offences()}
    for one in book.templates:
        if one.area and one.area not in areas:
            raise LawError(f"{NAME}, templates {one.code!r}: the area {one.area!r} is not a listed offence.")
        _fill(one, {"partner": "", "reference": ""})
    least = [share.least for share in book.shares]
    if least != sorted(least, reverse=True) or not least or least[-1] != 0:
        raise LawError(f"{NAME}, shares: they stand from the most hours to the least, and the last one has 0.")
    if any(not 0 < share.percent <= 100 for share in book.shares):
        raise LawError(f"{NAME}, shares: a percentage is from 1 to 100.")


def _fill(one: Template, words: dict[str, str]) -> str:
    try:
        return one.pattern.format(**words)
    except (KeyError, IndexError, ValueError) as error:
        raise LawError(
            f"{NAME}, templates {one.code!r}: the pattern knows only {{partner}} and {{reference}}."
        ) from error


def title(one: Template, *, partner: str, reference: str) -> str:
    """The pattern filled in. Of a case opened by hand both are empty."""
    return " ".join(_fill(one, {"partner": partner, "reference": reference}).split()).strip(" ,")


__all__ = [
    "CheckLine",
    "Due",
    "FirstTask",
    "Share",
    "Template",
    "Term",
    "due",
    "outcomes",
    "template",
    "templates",
    "title",
]
