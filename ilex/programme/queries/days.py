"""Activities by the days on which they lie, and by many ids at once: what a calendar asks again and again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Func, QuerySet, UUIDField, Value

from ilex.programme.models import Activity
from ilex.programme.models.activities import DAYS


def on_days(found: QuerySet[Activity], first: date, last: date | None) -> QuerySet[Activity]:
    """Those that can have a day from `first` to `last` (None: and later) in common. Of one without an end its
    beginning counts; one without a beginning is left out."""
    return found.exclude(first=None).alias(days=DAYS).filter(days__overlap=DateRange(first, last, "[]"))


def any_of(ids: Sequence[UUID]) -> Func:
    """For `__in`: as one array, where a list would be written and read as hundreds of parameters."""
    return Func(Value(list(ids), ArrayField(UUIDField())), template="(SELECT unnest(%(expressions)s))")
