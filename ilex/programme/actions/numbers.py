"""Numbers that people read: RS-P-2026-000012, one after the other in each series of each year."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import connection

from ilex.units import queries as units
from ilex.units.models import Organisation


def take(series: str, taken: Iterable[str], at: datetime, count: int = 1) -> list[str]:
    """The next numbers behind those of `taken` that are of this node, this series and the year of `at`.

    Whoever else asks for the same series waits until the transaction ends. `taken` is read only after that, so give a
    queryset that nobody has read yet.
    """
    here = units.here()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"programme number {series}"])
    zone = here.place.zone if here.place and here.place.zone else "UTC"
    begins = f"{_prefix(here)}-{series}-{at.astimezone(ZoneInfo(zone)).year}-"
    ends = [number.removeprefix(begins) for number in taken if number.startswith(begins)]
    last = max((int(end) for end in ends if end.isdecimal()), default=0)
    return [f"{begins}{number:06d}" for number in range(last + 1, last + 1 + count)]


def is_of(number: str, series: str, unit: Organisation) -> bool:
    """Whether this unit may give the number: no unit takes away the numbers of another one."""
    return re.fullmatch(rf"{_prefix(unit)}-{series}-[0-9]{{4}}-[0-9]{{6,12}}", number) is not None


def _prefix(unit: Organisation) -> str:
    """The place's code; of a unit without a place its own letters."""
    letters = re.sub(r"[^A-Z]", "", (unit.place_id or unit.pk).upper())[:8]
    return letters if len(letters) > 1 else f"{letters}XX"[:2]
