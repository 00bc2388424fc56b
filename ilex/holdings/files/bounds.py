"""What a stranger's file may hold, and how its faults are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ilex.matching.facts import Facts
from ilex.words.identifiers.wrong import N_

# A file is a stranger's: nothing in it may fill memory or disk.
LONGEST_ROW = 1_000_000  # characters
LONGEST_VALUE = 2_000
LONGEST_KEY = 200
MOST_VALUES = 5_000  # of one record
MOST_KEPT = 60  # of one kind: names, places, numbers
LONGEST_TOLD = 20_000  # characters of a bad row in the dead-letter file

BROKEN = N_("This is not one entity as JSON in UTF-8.")
TOO_LONG_A_ROW = N_("The row is longer than %(limit)d characters.")
NO_ID = N_("It needs an id.")
NO_TEXT = N_("This is not text.")
TOO_LONG = N_("The text is longer than %(limit)d characters.")
UNREADABLE = N_("The text holds a character that cannot be kept.")
NO_PROPERTIES = N_("These are not properties with lists of texts.")
TOO_MANY = N_("It has more than %(limit)d values.")
NO_SCHEMA = N_("FollowTheMoney has no schema “%(name)s”.")
NO_DATE = N_("Write the date as year, year-month or year-month-day: 1985, 1985-03 or 1985-03-12.")
NO_COUNTRY = N_("There is no country “%(code)s”; write its code of two or three letters.")
NO_SEX = N_("Write the sex as m or f.")
NO_KIND = N_("There is no such kind of subject.")
NOTHING = N_("It has neither a name nor a number by which it could be found.")
BROKEN_ROW = N_("The row is broken: a quotation mark is missing, or a cell is too long.")
MORE_CELLS = N_("The row has more cells than the header.")
TWICE = N_("This id stands in the file twice.")


class Bad(Exception):
    """One row is refused; the reading goes on with the next. The sentence is translated by whoever shows it."""

    def __init__(self, column: str, sentence: str, **values: Any) -> None:
        super().__init__(sentence)
        self.column, self.sentence, self.values = column, sentence, values


class LeftOut(Exception):
    """The row is in order and says something that is not held."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row was refused. Line 0 is the file itself."""

    line: int
    column: str
    sentence: str
    values: Mapping[str, Any] = field(default_factory=dict)
    row: str = ""  # as it stood, cut short
    key: str = ""  # the id, when it could be read: what is held under it stays


class Row(NamedTuple):
    """One record as the file has it."""

    line: int
    key: str
    facts: Facts


def text(value: Any, column: str, *, longest: int = LONGEST_VALUE) -> str:
    """The value as text without blanks around it. Raises Bad."""
    if not isinstance(value, str):
        raise Bad(column, NO_TEXT)
    if len(value) > longest:
        raise Bad(column, TOO_LONG, limit=longest)
    kept = value.strip()
    if not kept.isprintable() and not _readable(kept):
        raise Bad(column, UNREADABLE)
    return kept


def _readable(value: str) -> bool:
    """Line ends and tabs may stand in a text, and signs that Python does not print; control signs and halves not."""
    return not any(
        (sign < " " and sign not in "\n\r\t") or sign == "\x7f" or "\ud800" <= sign <= "\udfff" for sign in value
    )
