"""What a file says before it is checked, and how its faults are told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from ilex.subjects.rules import Evaluation

# A file is a stranger's: nothing in it may fill memory or disk.
LARGEST_FILE = 4 * 2**30
MOST_ROWS = 5_000_000
MOST_VALUES = 500  # of one subject, as when it is typed
LONGEST_ROW = 1_000_000  # characters
LONGEST_VALUE = 20_000
LONGEST_KEY = 200
MOST_FAULTS = 1_000  # are told; the others are counted


class FileRefused(Exception):
    """The file as a whole cannot be read: one clear sentence."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row was refused. Row 0 is the file itself."""

    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        where = _("row %(row)d") % {"row": self.row} if self.row else _("the file")
        return f"{where}, {self.column}: {self.reason}" if self.column else f"{where}: {self.reason}"


class Bad(Exception):
    """One row is refused; the reading goes on with the next."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.reason = column, reason


@dataclass(slots=True)
class Line:
    """One statement as the file has it. Without an evaluation of its own it gets that of the whole import."""

    property: str
    value: str
    column: str  # where it stands in the file, as its reader knows it
    name_kind: str = ""
    language: str = ""
    evaluation: Evaluation | None = None


@dataclass(slots=True)
class Drawn:
    """One subject as the file has it."""

    row: int
    key: str
    kind: str
    category: str
    lines: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class DrawnLink:
    """One link as the file has it, by the keys of its ends."""

    row: int
    kind: str
    one: str
    other: str
    role: str = ""
    evaluation: Evaluation | None = None
    since: str = ""
    until: str = ""
    column: str = ""
    needed: bool = True  # else it is left out when one of its ends is not in the file, as in extracts of others


@dataclass(slots=True)
class LeftOut:
    """What the file says and Ilex has no place for, with the name under which it is counted."""

    row: int
    what: str
    key: str = ""  # of an entity that is left out: what is linked with it is left out too


Entry = Drawn | DrawnLink | LeftOut | Fault
Entries = Iterator[Entry]


def text(value: Any, column: str, *, longest: int = LONGEST_VALUE) -> str:
    """The value as text without blanks around it. Raises Bad for what is no text or too long."""
    if not isinstance(value, str):
        raise Bad(column, _("This is not text."))
    if len(value) > longest:
        raise Bad(column, _("The text is longer than %(limit)d characters.") % {"limit": longest})
    kept: str = value.strip()
    if not kept.isprintable() and not _readable(kept):
        raise Bad(column, _("The text holds a character that cannot be kept."))
    return kept


def _readable(value: str) -> bool:
    """Line ends and tabs may stand in a text, and signs that Python does not print; control signs and halves not."""
    return not any(
        (sign < " " and sign not in "\n\r\t") or sign == "\x7f" or "\ud800" <= sign <= "\udfff" for sign in value
    )
