"""A sum of money over the years in which it is spent."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

CENT = Decimal("0.01")


class Share(NamedTuple):
    first: date
    last: date
    value: Decimal


def by_years(value: Decimal, first: date, last: date) -> list[Share]:
    """By the days of each calendar year; the shares add up to the cent. Raises ValueError when it ends too early."""
    if last < first:
        raise ValueError("The end is before the start.")
    days = (last - first).days + 1
    shares: list[Share] = []
    given = Decimal(0)
    for year in range(first.year, last.year + 1):
        start, end = max(first, date(year, 1, 1)), min(last, date(year, 12, 31))
        until = (value * ((end - first).days + 1) / days).quantize(CENT, ROUND_HALF_UP)
        shares.append(Share(start, end, until - given))
        given = until
    return shares
