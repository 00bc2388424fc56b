"""Periods with the duration that was printed beside them, and whether the two agree."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from ilex.words.edtf import When

Unit = Literal["day", "week", "month", "year"]

LETTERS: dict[str, Unit] = {"D": "day", "W": "week", "M": "month", "Y": "year"}
SHAPE = re.compile(r"P([1-9][0-9]{0,2})([DWMY])", re.ASCII)


@dataclass(frozen=True)
class Duration:
    """So many days, weeks, months or years: P8M in ISO 8601. What was printed ("8 months") stands in the period."""

    count: int
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> Duration:
        """Read P2D, P1W, P8M or P5Y. Raises ValueError with one sentence."""
        found = SHAPE.fullmatch(text.strip())
        if found is None:
            raise ValueError("Write the duration as P2D, P1W, P8M or P5Y: two days, a week, eight months, five years.")
        return cls(int(found[1]), LETTERS[found[2]])

    def last_day(self, first: date) -> date:
        """The last day of so long a time that begins on this day. Eight months from 1 September end on 30 April."""
        if self.unit in ("day", "week"):
            return first + timedelta(days=self.count * (7 if self.unit == "week" else 1) - 1)
        months = first.year * 12 + first.month - 1 + self.count * (12 if self.unit == "year" else 1)
        year, month = divmod(months, 12)
        day = min(first.day, monthrange(year, month + 1)[1] + 1)
        return date(year, month + 1, 1) + timedelta(days=day - 2)

    def __str__(self) -> str:
        return f"P{self.count}{self.unit[0].upper()}"


@dataclass(frozen=True)
class Period:
    """When, how long, and how the source printed each. Printed words are kept as they were and never read again."""

    when: When
    duration: Duration | None = None
    printed: str = ""  # "September 2017 – April 2018"
    duration_printed: str = ""  # "8 months"

    @property
    def agrees(self) -> bool | None:
        """Whether the duration can be that of the dates; None when one of them is not stated."""
        start, end = self.when.start.date, (self.when.end or self.when.start).date
        if self.duration is None or start is None or end is None:
            return None
        return self.duration.last_day(start.first) <= end.last and self.duration.last_day(start.last) >= end.first
