"""Amounts of money: how much, in which currency, in which role, from which funding line, and as it was printed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

DIGITS, CENTS = 15, 2  # before and behind the point, for those who keep it in a column
SPACES = str.maketrans("", "", " \u00a0\u202f'’")
FIGURES = re.compile(r"[0-9]+(?:[.,][0-9]+)*", re.ASCII)
CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


class Role(StrEnum):
    """What the money is to the action."""

    TOTAL = "total"  # the whole budget
    CONTRIBUTION = "contribution"  # what the facility or donor pays of it
    OWN = "own"  # what the partners pay themselves
    SPENT = "spent"
    PRICE = "price"  # of a thing


@dataclass(frozen=True)
class Reading:
    """What a printed figure is read as, and whether another reading is possible."""

    value: Decimal
    doubtful: bool = False


@dataclass(frozen=True)
class Amount:
    """`value` is None where the sheet says nothing: unknown is not zero, and no sum counts it as zero."""

    value: Decimal | None
    currency: str = ""  # may be left open only where the value is unknown
    role: Role = Role.TOTAL
    funding_line: str = ""  # of whom and from which line: isf-police
    printed: str = ""  # "EUR 108.874.50"

    def __post_init__(self) -> None:
        if not CURRENCY.fullmatch(self.currency) and (self.currency or self.value is not None):
            raise ValueError(f"“{self.currency[:20]}” is not a currency: write three capital letters, as EUR.")
        if self.value is not None:
            check(self.value)


@dataclass
class Total:
    """Sums by currency, of what is known; and how many amounts are not."""

    sums: dict[str, Decimal] = field(default_factory=dict)
    unknown: int = 0


def check(value: Decimal) -> None:
    """Raise ValueError with one sentence for what cannot be an amount."""
    if not value.is_finite():
        raise ValueError("Write the amount in figures.")
    if value < 0:
        raise ValueError("An amount cannot be less than zero.")
    if value >= Decimal(10) ** DIGITS or value != round(value, CENTS):
        raise ValueError("Write the amount with at most 15 figures, and two behind the point.")


def read_value(printed: str) -> Reading:
    """Read a printed figure, whichever sign parts thousands and cents: 454,415.40 and 454.415,40 are one.

    The last sign parts the cents when two figures (or one) stand behind it, and only thousands when three do. Where
    the same sign does both (108.874.50), or one sign before three figures could do either (1.234), it is doubtful.
    Raises ValueError with one sentence.
    """
    text = printed.translate(SPACES)
    if text.startswith("-"):
        raise ValueError("An amount cannot be less than zero.")
    if not FIGURES.fullmatch(text):
        raise ValueError(f"“{printed[:40]}” is not an amount in figures.")
    *groups, last = re.split(r"[.,]", text)
    signs = [sign for sign in text if sign in ".,"]
    if not groups:
        return _checked(last, "", doubtful=False)
    cents = len(last) <= CENTS
    thousands = groups[1:] if cents else [*groups[1:], last]
    parting = signs[:-1] if cents else signs
    if any(len(group) != 3 for group in thousands) or len(set(parting)) > 1 or (thousands and len(groups[0]) > 3):
        raise ValueError(f"“{printed[:40]}” cannot be read as one amount.")
    if cents:
        return _checked("".join(groups), last, doubtful=signs[-1] in parting)
    return _checked("".join([*groups, last]), "", doubtful=len(signs) == 1)


def read(printed: str, *, role: Role = Role.TOTAL, funding_line: str = "") -> Amount:
    """Read a currency and a figure, in either order: EUR 454,415.40. Raises ValueError with one sentence."""
    words = printed.split()
    currencies = [word for word in words if CURRENCY.fullmatch(word)]
    if len(currencies) != 1:
        raise ValueError(f"“{printed[:40]}” does not name one currency in three capital letters, as EUR.")
    figures = " ".join(word for word in words if word != currencies[0])
    return Amount(read_value(figures).value, currencies[0], role, funding_line, printed)


def total(amounts: Iterable[Amount]) -> Total:
    """Add up what is known, currency by currency, and count what is not."""
    made = Total()
    for amount in amounts:
        if amount.value is None:
            made.unknown += 1
        else:
            made.sums[amount.currency] = made.sums.get(amount.currency, Decimal(0)) + amount.value
    return made


def _checked(whole: str, cents: str, *, doubtful: bool) -> Reading:
    value = Decimal(f"{whole}.{cents}" if cents else whole)
    check(value)
    return Reading(value, doubtful)
