"""The driver's own cursors, and rows in the binary form of PostgreSQL's COPY: bytes as they are, not as hex digits."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from typing import Any

import psycopg
from django.db import connection

BEGIN = b"PGCOPY\n\xff\r\n\0" + bytes(8)
END = b"\xff\xff"

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def raw() -> psycopg.Connection[Any]:
    """The connection of this thread as the driver has it, inside the transaction that is open."""
    connection.ensure_connection()
    driver: psycopg.Connection[Any] = connection.connection
    return driver


def rows(query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """What a query gives, bytes as bytes. `query` is our own text, never a stranger's.

    The few there are come again and again: the server keeps their plans for as long as it is connected.
    """
    with connection.wrap_database_errors, psycopg.Cursor(raw()) as cursor:
        return cursor.execute(query, values, prepare=True, binary=True).fetchall()


def literal(numbers: Iterable[int]) -> str:
    """As PostgreSQL writes an array: of some hundred numbers sooner made than what the driver makes of a list."""
    return f"{{{','.join(map(str, numbers))}}}"


def escaped(text: str) -> str:
    """Text as a column of COPY's text form."""
    return text.translate(_ESCAPES)


def copy_text(table: str, columns: Sequence[str], lines: bytes) -> None:
    if lines:
        _copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN", [lines])


def copy_binary(table: str, columns: Sequence[str], content: Iterable[Sequence[int | bytes]]) -> None:
    """Rows of numbers (bigint) and bytes (bytea)."""
    pieces = (_row(values) for values in content)
    _copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT BINARY)", [BEGIN, *pieces, END])


def _row(values: Sequence[int | bytes]) -> bytes:
    fields = [struct.pack("!h", len(values))]
    for value in values:
        fields.append(struct.pack("!iq", 8, value) if isinstance(value, int) else struct.pack("!i", len(value)) + value)
    return b"".join(fields)


def _copy(statement: str, pieces: Iterable[bytes]) -> None:
    with (
        connection.wrap_database_errors,
        psycopg.Cursor(raw()) as cursor,
        cursor.copy(statement) as taking,
    ):
        for piece in pieces:
            taking.write(piece)
