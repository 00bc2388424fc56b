"""Telling PostgreSQL which way to take to the rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def without(*ways: str) -> Iterator[None]:
    """Keep the planner from these ways (indexscan, seqscan, bitmapscan, sort) for a moment.

    Its estimate of how many rows hold the beginning of a word is a constant, so it cannot know whether to look the
    words up or to walk from the newest row on. In a transaction that is open; without one it finds its own way.
    """
    if not connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("; ".join(f"SET LOCAL enable_{way} = off" for way in ways))
        yield
        cursor.execute("; ".join(f"SET LOCAL enable_{way} TO DEFAULT" for way in ways))
