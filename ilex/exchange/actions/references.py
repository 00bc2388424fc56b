"""Our references: RS-2026-000412, one after the other, without gaps."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import connection

from ilex.units.models import Organisation


def take_numbers(moments: Sequence[datetime], here: Organisation) -> list[str]:
    """For each of these moments the next reference of its year.

    The counter's row stays locked until the transaction ends, and a transaction that fails gives its numbers back:
    so there are no gaps.
    """
    zone = ZoneInfo(here.place.zone if here.place and here.place.zone else "UTC")
    years = [at.astimezone(zone).year for at in moments]
    waiting = {year: iter(_of_year(year, count, here)) for year, count in Counter(years).items()}
    return [next(waiting[year]) for year in years]


def _of_year(year: int, count: int, here: Organisation) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO exchange_counter AS counter (year, last) VALUES (%s, %s)"
            " ON CONFLICT (year) DO UPDATE SET last = counter.last + excluded.last RETURNING last",
            [year, count],
        )
        (last,) = cursor.fetchone()
    prefix = prefix_of(here.place_id, here.pk)
    return [f"{prefix}-{year}-{number:06d}" for number in range(last - count + 1, last + 1)]


def prefix_of(place: str | None, unit: str) -> str:
    """The place's code; of a unit without a place its own letters."""
    letters = re.sub(r"[^A-Z]", "", (place or unit).upper())[:8]
    return letters if len(letters) > 1 else f"{letters}XX"[:2]
