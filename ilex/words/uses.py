"""What a receiver may do with what another unit gave: uses, who must allow them, and the exceptions of the law."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ilex.words import law, tables
from ilex.words.entries import Entry, Handling, LawError, find
from ilex.words.tables import Code, Flag

NAME = "uses.toml"
FREE = "H0"  # says nothing that another code does not say


@dataclass(frozen=True, kw_only=True)
class Use(Entry):
    always: Flag = False  # the owner's permission is needed whatever the handling code says
    inside: tuple[Code, ...] = ()  # groups and states among which it is no such use


@dataclass(frozen=True, kw_only=True)
class Exemption(Entry):
    """When the use is allowed without permission; the owner is informed afterwards."""

    use: Code


@dataclass(frozen=True)
class UseList:
    __pydantic_config__ = tables.STRICT
    uses: tuple[Use, ...]
    exceptions: tuple[Exemption, ...] = ()


def uses() -> tuple[Use, ...]:
    return _list().uses


def use(code: str) -> Use:
    """Raises LawError for a use that is not on the list."""
    return find(uses(), code, "uses")


def exception(use: str) -> Exemption | None:
    """The case in which this use needs no permission, where the law knows one."""
    return next((line for line in _list().exceptions if line.use == use), None)


def that_asks(handling: str, use: str) -> Handling | None:
    """The code of a marking ("H1+H2") that asks for the provider's permission for this use, if one does."""
    return next((code for code in law.handling(handling) if use in code.permission_for), None)


def that_is_noted(handling: str) -> Handling | None:
    """The code of a marking of which only its note says what it forbids."""
    return next((code for code in law.handling(handling) if code.needs_note), None)


def strictest(handlings: Iterable[str]) -> str:
    """One marking for several things that go together: every code that any of them carries."""
    codes = sorted({code.code for handling in handlings for code in law.handling(handling)} - {FREE})
    return "+".join(codes) or FREE


def is_outside(use: str, places: Iterable[str]) -> bool:
    """Whether somebody in these places (a state and the groups it belongs to) is outside for this use."""
    return not set(find(uses(), use, "uses").inside) & set(places)


def _list() -> UseList:
    return _read(os.environ.get("ILEX_LAW", ""))


@cache
def _read(theirs: str) -> UseList:
    found = law.files(Path(theirs) if theirs else None)
    read = tables.read(found[NAME], UseList, name=NAME, error=LawError)
    tables.once(NAME, "the use", (line.code for line in read.uses), LawError)
    codes = {line.code for line in read.uses}
    for line in read.exceptions:
        if line.use not in codes:
            raise LawError(f"{NAME}: the exception {line.code!r} is for a use that is not there.")
    return read
