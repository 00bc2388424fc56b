"""Taking away the rows of records."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

AT_ONCE = 50_000


def forget(rids: Sequence[int], *, listed: bool = True) -> None:
    """Nobody finds these records any more. With `listed` a piece may name them still: that is noted for its renewal."""
    with connection.cursor() as cursor:
        for at in range(0, len(rids), AT_ONCE):
            some = [list(rids[at : at + AT_ONCE])]
            cursor.execute("DELETE FROM holdings_record WHERE rid = ANY(%s)", some)
            cursor.execute("DELETE FROM holdings_fresh WHERE rid = ANY(%s) RETURNING rid", some)
            fresh = {rid for (rid,) in cursor.fetchall()}
            if listed and (left := [rid for rid in some[0] if rid not in fresh]):
                cursor.execute(
                    "INSERT INTO holdings_gone (rid, at) SELECT rid, now() FROM unnest(%s::bigint[]) AS rid"
                    " ON CONFLICT DO NOTHING",
                    [left],
                )
