"""Numbers as texts state them: over 70, close to 40, up to 75. What is not exact is never made exact."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Comparator(StrEnum):
    """How the true number lies to the one that is printed."""

    EXACTLY = "="
    ABOUT = "~"
    NEARLY = "~<"  # also "close to": a little less
    OVER = ">"
    AT_LEAST = ">="
    UNDER = "<"
    UP_TO = "<="


# English, as the seeds print it; of two that begin alike the longer one stands first.
WORDS = {
    "more than": Comparator.OVER,
    "over": Comparator.OVER,
    "at least": Comparator.AT_LEAST,
    "close to": Comparator.NEARLY,
    "nearly": Comparator.NEARLY,
    "almost": Comparator.NEARLY,
    "about": Comparator.ABOUT,
    "around": Comparator.ABOUT,
    "approximately": Comparator.ABOUT,
    "up to": Comparator.UP_TO,
    "at most": Comparator.UP_TO,
    "less than": Comparator.UNDER,
    "under": Comparator.UNDER,
}
GENEROUS = Decimal("0.1")  # our own convention: "about" and "nearly" reach a tenth of the number

PRINTED = re.compile(
    rf"(?:({'|'.join(WORDS)})\s+)?"
    r"([0-9]{1,3}(?:[,\u00a0 ][0-9]{3})+|[0-9]{1,15})(\.[0-9]{1,6})?\s*(%)?(?:\s+(\S.*))?",
    re.ASCII | re.IGNORECASE,
)
STORED = re.compile(r"(~<|>=|<=|[=~<>])?([0-9]{1,15}(?:\.[0-9]{1,6})?)(?: (\S.*))?", re.ASCII)


@dataclass(frozen=True)
class Quantity:
    """A number that was stated, what it counts, and how near it is meant to be."""

    value: Decimal
    unit: str = ""  # people, countries, per cent
    comparator: Comparator = Comparator.EXACTLY

    @classmethod
    def parse(cls, text: str) -> Quantity:
        """Read our own spelling: >70 people, ~<40 countries, <=75. Raises ValueError with one sentence."""
        found = STORED.fullmatch(text.strip())
        if found is None:
            raise ValueError("Write the quantity as a number with a sign before it where it is not exact: >70 people.")
        return cls(Decimal(found[2]), found[3] or "", Comparator(found[1] or "="))

    @classmethod
    def read(cls, printed: str) -> Quantity:
        """Read English print: over 1,400 participants, nearly 30 %. Raises ValueError with one sentence."""
        found = PRINTED.fullmatch(" ".join(printed.split()))
        if found is None:
            raise ValueError(f"“{printed[:60]}” does not begin with a number, or with a word such as over or up to.")
        word, whole, rest, per_cent, unit = found.groups()
        number = Decimal(re.sub(r"[^0-9]", "", whole) + (rest or ""))
        return cls(number, "per cent" if per_cent else unit or "", WORDS[word.lower()] if word else Comparator.EXACTLY)

    @property
    def low(self) -> Decimal | None:
        """The least the true number can be; None when it has no floor."""
        match self.comparator:
            case Comparator.UNDER | Comparator.UP_TO:
                return None
            case Comparator.ABOUT | Comparator.NEARLY:
                return self.value * (1 - GENEROUS)
            case _:
                return self.value

    @property
    def high(self) -> Decimal | None:
        """The most it can be; None when it has no ceiling."""
        match self.comparator:
            case Comparator.OVER | Comparator.AT_LEAST:
                return None
            case Comparator.ABOUT:
                return self.value * (1 + GENEROUS)
            case _:
                return self.value

    def may_be(self, number: int | Decimal) -> bool:
        """Whether the true number can be this one."""
        excluded = self.comparator in (Comparator.OVER, Comparator.UNDER, Comparator.NEARLY) and number == self.value
        above = self.low is None or number >= self.low
        return above and (self.high is None or number <= self.high) and not excluded

    def __str__(self) -> str:
        sign = "" if self.comparator is Comparator.EXACTLY else self.comparator.value
        return f"{sign}{self.value:f} {self.unit}".rstrip()
