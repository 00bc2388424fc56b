"""Rows in the text that PostgreSQL's COPY reads, made without a row object for each."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

IDS_AT_ONCE = 1_000

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
    return value if value.isalnum() else value.translate(_ESCAPES)


def joined(rows: Sequence[str]) -> bytes:
    return ("\n".join(rows) + "\n").encode() if rows else b""


def copy(cursor: Any, table: str, names: Sequence[str], rows: bytes) -> None:
    """`cursor` is the driver's own; nothing is sent when there are no rows."""
    if not rows:
        return
    quoted = ", ".join(f'"{name}"' for name in names)
    with cursor.copy(f"COPY {table} ({quoted}) FROM STDIN") as taking:
        taking.write(rows)


def ids() -> Iterator[str]:
    """Endless new ids, one later than the other as `uuid7` makes them, for a fraction of its time."""
    while True:
        begin = f"{time.time_ns() // 1_000_000:012x}7"
        chance = secrets.token_hex(9 * IDS_AT_ONCE)
        for place in range(0, len(chance), 18):
            # Version 7, variant 8; the rest is chance.
            yield f"{begin}{chance[place : place + 3]}8{chance[place + 3 : place + 18]}"
