"""Activities by the days on which they lie, and by many ids at once: what a calendar asks again and again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, Lookup, QuerySet
from django.db.models.sql.compiler import SQLCompiler

from ilex.programme.models import Activity
from ilex.programme.models.activities import DAYS


def on_days(found: QuerySet[Activity], first: date, last: date | None) -> QuerySet[Activity]:
    """Those that can have a day from `first` to `last` (None: and later) in common. Of one without an end its
    beginning counts; one without a beginning is left out."""
    return found.exclude(first=None).alias(days=DAYS).filter(days__overlap=DateRange(first, last, "[]"))


class AnyOf(Lookup):
    """Whether a column is one of these ids. As one array: `__in` writes and reads each as a parameter of its own."""

    lookup_name = "any_of"
    prepare_rhs = False

    def __init__(self, column: str, ids: Sequence[UUID]) -> None:
        super().__init__(F(column), list(ids))

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        column, values = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", (*values, self.rhs)
