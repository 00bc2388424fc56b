"""When something is or was, as far as it is known: a date or a span with open, unknown or doubtful ends.

The spelling is EDTF (ISO 8601-2): its level 0, and of level 1 what factsheets and news need. 2019-02, 2017-09/2018-04,
2019~ (about), 2013? (doubtful), 2019% (both), 2006/.. (goes on), 2006/ (its end is not known). Nothing at all means
that nothing is known. Sets, seasons and years of other lengths are refused with a sentence.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final, Literal

from ilex.words.dates import PartialDate

Sureness = Literal["", "~", "?", "%"]  # stated; about; doubtful; about and doubtful

LONGEST: Final = 23  # letters of 2019-02-14~/2019-02-15~, for those who keep it in a column


@dataclass(frozen=True)
class Edge:
    """One end of a span, or a single date. Without a date it is open (it goes on) or not known."""

    date: PartialDate | None = None
    sureness: Sureness = ""
    open: bool = False

    @classmethod
    def parse(cls, text: str) -> Edge:
        """Read 2019-02~, .. or nothing. Raises ValueError with one sentence."""
        if text in ("", ".."):
            return cls(open=text == "..")
        marked = text[-1] in "~?%"
        sureness: Sureness = text[-1] if marked else ""  # type: ignore[assignment]  # one of the three
        return cls(PartialDate.parse(text[:-1] if marked else text), sureness)

    def __str__(self) -> str:
        return ".." if self.open else f"{self.date}{self.sureness}" if self.date else ""


UNKNOWN, OPEN = Edge(), Edge(open=True)


@dataclass(frozen=True)
class When:
    """A single date (`end` is None) or a span. `first` and `last` are the days between which all of it can lie."""

    start: Edge = UNKNOWN
    end: Edge | None = None

    @classmethod
    @lru_cache(4096)  # a calendar reads the same days again and again
    def parse(cls, text: str) -> When:
        """Read one date, or two with a stroke between them. Raises ValueError with one sentence."""
        text = text.strip()
        start, stroke, end = text.partition("/")
        if "/" in end:
            raise ValueError("Write one date, or two with one stroke between them: 2017-09/2018-04.")
        if not stroke:
            if text == "..":
                raise ValueError("Only the end or the beginning of a span can be open: 2006/..")
            return cls(Edge.parse(text))
        read = cls(Edge.parse(start), Edge.parse(end))
        read._check(text)
        return read

    @property
    def known(self) -> bool:
        return self.start.date is not None or (self.end is not None and self.end.date is not None)

    @property
    def first(self) -> date | None:
        """The first day it can be; None when it has no beginning, or none is known."""
        return self.start.date.first if self.start.date else None

    @property
    def last(self) -> date | None:
        """The last day it can be; None when it goes on, or no end is known."""
        edge = self.end or self.start
        return edge.date.last if edge.date else None

    @property
    def doubtful(self) -> bool:
        """Whether a part of it was stated as about or as doubtful."""
        return bool(self.start.sureness or (self.end and self.end.sureness))

    def may_touch(self, other: When) -> bool:
        """Whether both can have a day in common. What nothing is known of touches nothing."""
        if not (self.known and other.known):
            return False
        return (self.first or date.min) <= (other.last or date.max) and (other.first or date.min) <= (
            self.last or date.max
        )

    def may_be_on(self, day: date) -> bool:
        return self.may_touch(When(Edge(PartialDate(day))))

    def __str__(self) -> str:
        return str(self.start) if self.end is None else f"{self.start}/{self.end}"

    def _check(self, text: str) -> None:
        if not self.known:
            raise ValueError(f"{text} names no date: leave it empty when nothing is known.")
        if self.first and self.last and self.first > self.last:
            raise ValueError(f"The end {self.end} is before the beginning {self.start}.")
