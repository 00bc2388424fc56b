"""Numbers of cases and tasks: RS-C-2026-000412, RS-T-2026-000077, one after the other, without gaps."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import connection

from ilex.exchange.actions.references import prefix_of
from ilex.units import queries as units

CASES, TASKS = "C", "T"


def take(series: str, at: datetime, count: int = 1) -> list[str]:
    """The next numbers of the year of `at`. The counter's row stays locked until the transaction ends, and a
    transaction that fails gives its numbers back: so there are no gaps.
    """
    here = units.here()
    zone = here.place.zone if here.place and here.place.zone else "UTC"
    year = at.astimezone(ZoneInfo(zone)).year
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_casecounter AS counter (series, year, last) VALUES (%s, %s, %s)"
            " ON CONFLICT (series, year) DO UPDATE SET last = counter.last + excluded.last RETURNING last",
            [series, year, count],
        )
        (last,) = cursor.fetchone()
    prefix = prefix_of(here.place_id, here.pk)
    return [f"{prefix}-{series}-{year}-{number:06d}" for number in range(last - count + 1, last + 1)]
