"""The guard of other rooms' tables: a transaction that changed them and wrote no line cannot commit.

How it works (the SQL stands in migration 0002). A trigger on `journal_line` notes, when a line is inserted, the
number of the transaction in a setting that PostgreSQL itself forgets at its end, and takes back when a savepoint
with the line is rolled back. A deferred constraint trigger on each guarded table compares that note with its own
transaction at commit. So nothing is looked up, however many rows changed, and a database restored into another
cluster, whose transaction numbers begin anew, holds nothing that could satisfy the guard by accident.

A room guards a table in a migration that depends on ("journal", "0002_guard"):

    operations = [guarded("exchange_request", columns=["state", "due_at"])]

In tests inside one wrapping transaction (`django_db` without `transaction=True`) the guard asks when the test ends,
and one line satisfies it for the whole test.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.db.migrations import RunSQL

NAME = re.compile(r"[a-z_][a-z0-9_]{0,50}")


def guarded(table: str, *, columns: Sequence[str] = ()) -> RunSQL:
    """Every insert and delete of this table asks for a line; so does an update, or only one of `columns`."""
    for name in (table, *columns):
        if not NAME.fullmatch(name):
            raise ValueError(f"{name!r} is not the plain name of a table or column.")
    of = f" OF {', '.join(columns)}" if columns else ""
    return RunSQL(
        f"CREATE CONSTRAINT TRIGGER {table}_demand AFTER INSERT OR UPDATE{of} OR DELETE ON {table}"
        " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION journal_demand()",
        f"DROP TRIGGER {table}_demand ON {table}",
        elidable=False,
    )
