"""New rows, written by statements whose text is made once.

Django makes the text of an INSERT anew for each row, which takes longer than the database takes for the row itself.
What comes with every act and with every message is written from here; everything else by `save()`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import JSONField, Model
from psycopg.types.json import Jsonb


@dataclass(frozen=True)
class _Table:
    insert: str
    copy: str
    names: tuple[str, ...]  # of the attributes, in the order of the columns
    json: frozenset[str]
    counted: str  # the attribute to which the database gives a number; empty when there is none


def insert(row: Model) -> None:
    """As `row.save(force_insert=True)` for a row that is complete: plain values, no signals, no parents."""
    table = _table(type(row))
    with connection.cursor() as cursor:
        cursor.execute(table.insert, _values(row, table))
        if table.counted:
            setattr(row, table.counted, cursor.fetchone()[0])
    _is_kept(row)


def insert_many(rows: Sequence[Model]) -> None:
    """The same for many rows of one table. They are not told the numbers that the database gives them."""
    if not rows:
        return
    table = _table(type(rows[0]))
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(table.copy) as copy:
        for row in rows:
            copy.write_row(_values(row, table))
    for row in rows:
        _is_kept(row)


@cache
def _table(model: type[Model]) -> _Table:
    key = model._meta.pk
    assert key is not None  # noqa: S101  # no table of ours is without
    counted = key.attname if key.db_returning else ""
    fields = [field for field in model._meta.concrete_fields if field.attname != counted]
    quoted = connection.ops.quote_name
    name, columns = quoted(model._meta.db_table), ", ".join(quoted(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    returning = f" RETURNING {quoted(str(key.column))}" if counted else ""
    return _Table(
        insert=f"INSERT INTO {name} ({columns}) VALUES ({places}){returning}",  # noqa: S608  # our own names
        copy=f"COPY {name} ({columns}) FROM STDIN",
        names=tuple(field.attname for field in fields),
        json=frozenset(field.attname for field in fields if isinstance(field, JSONField)),
        counted=counted,
    )


def _values(row: Model, table: _Table) -> list[Any]:
    values = [getattr(row, name) for name in table.names]
    for place, name in enumerate(table.names):
        if name in table.json and values[place] is not None:
            values[place] = Jsonb(values[place])
    return values


def _is_kept(row: Model) -> None:
    row._state.adding, row._state.db = False, connection.alias
