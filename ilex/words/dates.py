"""Dates of which sometimes only the year or the month is known."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Literal

Precision = Literal["year", "month", "day"]

SHAPE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", re.ASCII)


@dataclass(frozen=True)
class PartialDate:
    """A date as far as it is known: `value` is its first possible day."""

    value: date
    precision: Precision = "day"

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read 1985, 1985-03 or 1985-03-12. Raises ValueError with one sentence for anything else."""
        found = SHAPE.fullmatch(text.strip())
        if found is None:
            raise ValueError("Write the date as year, year-month or year-month-day: 1985, 1985-03 or 1985-03-12.")
        year, month, day = (int(part) if part else None for part in found.groups())
        precision: Precision = "day" if day is not None else "month" if month is not None else "year"
        try:
            return cls(date(year or 0, 1 if month is None else month, 1 if day is None else day), precision)
        except ValueError:
            raise ValueError(f"There is no date {text.strip()}.") from None

    @property
    def first(self) -> date:
        """The first day it can be."""
        if self.precision == "year":
            return date(self.value.year, 1, 1)
        return self.value.replace(day=1) if self.precision == "month" else self.value

    @property
    def last(self) -> date:
        """The last day it can be."""
        if self.precision == "year":
            return date(self.value.year, 12, 31)
        if self.precision == "month":
            return self.value.replace(day=monthrange(self.value.year, self.value.month)[1])
        return self.value

    def may_be(self, other: PartialDate) -> bool:
        """Whether both can be the same day, as far as they are known."""
        return self.first <= other.last and other.first <= self.last

    def __str__(self) -> str:
        return self.value.isoformat()[: {"year": 4, "month": 7, "day": 10}[self.precision]]
