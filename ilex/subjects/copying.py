"""Rows in the text that PostgreSQL's COPY reads, made without a row object for each."""

from __future__ import annotations

import gc
import secrets
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection

from ilex.index import without

IDS_AT_ONCE = 1_000
TURN = 0.0005  # seconds

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def columns(*values: Any) -> str:
    """The values as columns that follow one another; None is NULL."""
    return "\t".join(map(column, values))


def column(value: Any) -> str:
    match value:
        case None:
            return "\\N"
        case str():
            return escaped(value)
        case datetime():
            return value.isoformat()
        case _:
            return str(value)


def escaped(value: str) -> str:
    return value.translate(_ESCAPES) if "\\" in value or not value.isprintable() else value


def joined(rows: Sequence[str]) -> bytes:
    return ("\n".join(rows) + "\n").encode() if rows else b""


def copy(cursor: Any, table: str, names: Sequence[str], rows: bytes) -> None:
    """`cursor` is the driver's own; nothing is sent when there are no rows."""
    if not rows:
        return
    quoted = ", ".join(f'"{name}"' for name in names)
    with cursor.copy(f"COPY {table} ({quoted}) FROM STDIN") as taking:
        taking.write(rows)


@contextmanager
def checked_as_they_come(*tables: str) -> Iterator[None]:
    """What the rows of these tables refer to is looked up with each batch, while the next is read.

    Left to the commit, it would take a third of the time of an import, and nobody could work beside it. The tables
    referred to are small ones, too: the planner would read them whole for each row. In a transaction that is open.
    """
    with without("seqscan"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(quote_ident(conname), ', ') FROM pg_constraint"
            " WHERE contype = 'f' AND condeferrable AND conrelid = ANY(%s::regclass[])",
            [list(tables)],
        )
        names = cursor.fetchone()[0]
        cursor.execute(f"SET CONSTRAINTS {names} IMMEDIATE")
        yield
        cursor.execute(f"SET CONSTRAINTS {names} DEFERRED")


@contextmanager
def at_work() -> Iterator[None]:
    """The writer needs the interpreter often and shortly: with turns of 5 ms the database would wait for its rows.

    And the collector of garbage need not look again and again at the whole program, which stays as it is meanwhile;
    where it was told so at the start of a node, that stays.
    """
    before, frozen = sys.getswitchinterval(), gc.get_freeze_count()
    sys.setswitchinterval(TURN)
    if not frozen:
        gc.freeze()
    try:
        yield
    finally:
        if not frozen:
            gc.unfreeze()
        sys.setswitchinterval(before)


def ids() -> Iterator[str]:
    """Endless new ids, one later than the other as `uuid7` makes them, for a fraction of its time."""
    while True:
        begin = f"{time.time_ns() // 1_000_000:012x}7"
        chance = secrets.token_hex(9 * IDS_AT_ONCE)
        for place in range(0, len(chance), 18):
            # Version 7, variant 8; the rest is chance.
            yield f"{begin}{chance[place : place + 3]}8{chance[place + 3 : place + 18]}"
