"""The content of one printed paper, ready worded: what the template sets in type, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True)
class Run:
    """Words in one language, perhaps behind a small label of their own."""

    text: str
    language: str = ""
    style: Literal["plain", "strong", "small", "missing"] = "plain"
    label: str = ""
    inline: bool = False  # in the line of the run before it, not below


@dataclass(frozen=True)
class Row:
    """A label and its short values, one below the other."""

    label: str
    runs: tuple[Run, ...]
    number: str = ""
    kind: Literal["row"] = "row"


@dataclass(frozen=True)
class Prose:
    """A label and a text that may run over many pages."""

    label: str
    run: Run
    number: str = ""
    kind: Literal["prose"] = "prose"


@dataclass(frozen=True)
class Option:
    on: bool
    text: str
    depth: int = 0


@dataclass(frozen=True)
class Ticks:
    """Boxes, ticked or not. All are printed, so that the reader sees what was not chosen."""

    label: str
    options: tuple[Option, ...]
    number: str = ""
    kind: Literal["ticks"] = "ticks"


@dataclass(frozen=True)
class Item:
    """One of several like things, as a subject: its name on the left, what is known of it on the right."""

    name: Run
    tag: str
    runs: tuple[Run, ...]
    number: str = ""
    kind: Literal["item"] = "item"


@dataclass(frozen=True)
class Lead:
    """A small heading over the blocks that follow."""

    text: str
    number: str = ""
    kind: Literal["lead"] = "lead"


@dataclass(frozen=True)
class Table:
    head: tuple[str, ...]
    widths: tuple[float, ...]  # shares of the line
    rows: tuple[tuple[Run, ...], ...]
    number: str = ""
    kind: Literal["table"] = "table"


@dataclass(frozen=True)
class Note:
    text: str
    number: str = ""
    kind: Literal["note"] = "note"


Block: TypeAlias = Row | Prose | Ticks | Item | Lead | Table | Note


@dataclass(frozen=True)
class Section:
    title: str
    blocks: tuple[Block, ...]
    number: str = ""
    gutter: bool = False  # the blocks carry numbers of their own


@dataclass(frozen=True)
class Banner:
    """The handling code, on top of each page."""

    label: str
    code: str
    text: str


@dataclass(frozen=True)
class Sheet:
    title: str
    subtitle: str
    language: str  # of the labels
    author: str
    banner: Banner
    warning: str  # what a reader must know before he uses the paper; empty: nothing
    facts: tuple[Row, ...]  # the first four things a reader looks for
    sections: tuple[Section, ...]
    foot: str
    page_of: str  # with {page} and {pages}
    colophon: str
    colophon_alone: str  # when the record is too large to ride along
    record_name: str
    record_note: str
