"""New rows, written by statements whose text is made once, several of them in one trip to the database.

Django makes the text of an INSERT anew for each row, which takes longer than the database takes for the row itself;
and a trip costs both sides more than the row. What comes with every act and every message is written from here;
everything else by `save()`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import DataError, connection
from django.db.models import JSONField, Model
from psycopg.adapt import Transformer
from psycopg.types.json import Jsonb

# What psycopg calls the types of our columns. Copied in their binary form rows cost half as much on both sides.
BINARY = {
    "bigint": "int8",
    "boolean": "bool",
    "bytea": "bytea",
    "integer": "int4",
    "jsonb": "jsonb",
    "smallint": "int2",
    "text": "text",
    "timestamp with time zone": "timestamptz",
    "uuid": "uuid",
    "varchar": "varchar",
}
TOO_LARGE = {"int2": 2**15, "int4": 2**31}
MANY = 5  # rows of one table: from there COPY is cheaper than values spelled in the text of a statement

_gathered: ContextVar[list[Model] | None] = ContextVar("gathered", default=None)


@dataclass(frozen=True)
class _Table:
    insert: str  # the statement as far as "VALUES"
    copy: str
    types: tuple[str, ...]  # of the columns, for a binary copy; empty when one of them has no binary form here
    short: dict[int, int]  # places of the columns of fewer than eight bytes, and the first number that is too large
    names: tuple[str, ...]  # of the attributes, in the order of the columns
    json: frozenset[str]
    counted: str  # the attribute to which the database gives a number; empty when there is none
    returning: str


def insert(*rows: Model) -> None:
    """As `row.save(force_insert=True)` for rows that are complete: plain values, no signals, no parents.

    All go in one trip, in this order.
    """
    waiting = _gathered.get()
    if waiting is not None:
        waiting.extend(rows)
    elif rows:
        _insert(rows)


def insert_now(*rows: Model) -> None:
    """As `insert`, even while others are gathered: for rows whose numbers are needed before the end."""
    _insert(rows)


@contextmanager
def together() -> Iterator[None]:
    """What is inserted inside goes to the database at the end, as by `insert_all`; until then nobody can read it."""
    rows: list[Model] = []
    before = _gathered.set(rows)
    try:
        yield
    finally:
        _gathered.reset(before)
    insert_all(rows)


def insert_all(rows: Sequence[Model]) -> None:
    """As `insert`, for rows of which some tables may get many: those are copied, and not told their numbers."""
    waiting = _gathered.get()
    if waiting is not None:
        waiting.extend(rows)
    else:
        _insert_by_table(rows)


def insert_many(rows: Sequence[Model]) -> None:
    """For many rows of one table. They are not told the numbers that the database gives them."""
    if not rows:
        return
    table = _table(type(rows[0]))
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(table.copy) as copy:
        if table.types:
            copy.set_types(table.types)
        for row in rows:
            copy.write_row(_fitting(_values(row, table), table))
    for row in rows:
        _is_kept(row)


def _insert_by_table(rows: Sequence[Model]) -> None:
    """Foreign keys are looked at when the transaction ends, so the order of the tables is free."""
    tables: dict[type[Model], list[Model]] = {}
    for row in rows:
        tables.setdefault(type(row), []).append(row)
    insert(*(row for row in rows if len(tables[type(row)]) < MANY))
    for several in tables.values():
        if len(several) >= MANY:
            insert_many(several)


def _insert(rows: Sequence[Model]) -> None:
    connection.ensure_connection()
    literal = Transformer(connection.connection).as_literal
    tables = [_table(type(row)) for row in rows]
    statements = [
        f"{table.insert} ({b', '.join(map(literal, _values(row, table))).decode()}){table.returning}"
        for row, table in zip(rows, tables, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute("; ".join(statements))
        for row, table in zip(rows, tables, strict=True):
            if table.counted:
                setattr(row, table.counted, cursor.fetchone()[0])
            cursor.nextset()
            _is_kept(row)


@cache
def _table(model: type[Model]) -> _Table:
    key = model._meta.pk
    assert key is not None  # noqa: S101  # no table of ours is without
    counted = key.attname if key.db_returning else ""
    fields = [field for field in model._meta.concrete_fields if field.attname != counted]
    quoted = connection.ops.quote_name
    name, columns = quoted(model._meta.db_table), ", ".join(quoted(str(field.column)) for field in fields)
    types = tuple(_binary(str(field.db_type(connection))) for field in fields)
    return _Table(
        insert=f"INSERT INTO {name} ({columns}) VALUES",
        copy=f"COPY {name} ({columns}) FROM STDIN{' (FORMAT binary)' if all(types) else ''}",
        types=types if all(types) else (),
        short={place: TOO_LARGE[name] for place, name in enumerate(types) if name in TOO_LARGE},
        names=tuple(field.attname for field in fields),
        json=frozenset(field.attname for field in fields if isinstance(field, JSONField)),
        counted=counted,
        returning=f" RETURNING {quoted(str(key.column))}" if counted else "",
    )


def _binary(column: str) -> str:
    """`varchar(60)[]` is `varchar[]` there."""
    array = "[]" if column.endswith("[]") else ""
    of = BINARY.get(column.removesuffix("[]").partition("(")[0])
    return of + array if of else ""


def _values(row: Model, table: _Table) -> list[Any]:
    values = [getattr(row, name) for name in table.names]
    for place, name in enumerate(table.names):
        if name in table.json and values[place] is not None:
            values[place] = Jsonb(values[place])
    return values


def _fitting(values: list[Any], table: _Table) -> list[Any]:
    """psycopg cuts a number to the bytes of its column when it copies in binary form: the database would not notice."""
    for place, limit in table.short.items():
        number = values[place]
        if number is not None and not -limit <= number < limit:
            raise DataError(f"{table.names[place]}: {number} is out of range.")
    return values


def _is_kept(row: Model) -> None:
    row._state.adding, row._state.db = False, connection.alias
