"""How fast the journal is on this machine. For a throw-away database only: a log cannot be taken back."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from django.db import connection, transaction

from ilex.journal.actions import Act, act, grow, write_many
from ilex.journal.guard import guarded
from ilex.journal.models import Operation
from ilex.journal.queries import inclusion, verify
from ilex.journal.queries.lines import by_position

BATCH = 1000
SINGLE = 1000  # acts with a commit each
PROOFS = 200
ROWS = 100_000  # of a guarded table


def measure(lines: int) -> dict[str, float]:
    """Write `lines` lines in batches and some one by one; per second, except what is named otherwise."""
    single = min(SINGLE, lines)
    figures = {
        "acts with a commit each": single / _seconds(lambda: _one_by_one(single)),
        "lines in batches of 1,000": lines / _seconds(lambda: _in_batches(lines)),
        "lines given their position": (single + lines) / _seconds(grow),
        "lines verified": (single + lines) / _seconds(verify),
        "inclusion proofs": PROOFS / _seconds(_proofs),
    }
    return {**figures, **_guard()}


def _seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def _act(number: int) -> Act:
    return Act(
        *("request.read", Operation.CONSULTATION),
        on=("request", str(number)),
        reason="Article 4 of Directive (EU) 2023/977",
        recipients=["ilecu-mk"],
        detail={"fields": ["facts", "purpose"]},
    )


def _one_by_one(count: int) -> None:
    for number in range(count):
        with act("request.read", Operation.CONSULTATION, by=None, on=("request", str(number))):
            pass


def _in_batches(count: int) -> None:
    for start in range(0, count, BATCH):
        with transaction.atomic():
            write_many(_act(number) for number in range(start, min(start + BATCH, count)))


def _proofs() -> None:
    for _number, line in zip(range(PROOFS), by_position(), strict=False):
        inclusion(line)


def _guard() -> dict[str, float]:
    """What the guard adds to a transaction that writes many rows, in microseconds a row."""
    plain = min(_seconds(lambda: _rows(guard=False)) for _ in range(3))
    guarded_ = min(_seconds(lambda: _rows(guard=True)) for _ in range(3))
    return {"guard, microseconds a row": (guarded_ - plain) / ROWS * 1e6}


def _rows(*, guard: bool) -> None:
    with act("bench.rows", Operation.OPERATION, by=None), connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE bench_rows (id bigint) ON COMMIT DROP")
        if guard:
            cursor.execute(str(guarded("bench_rows").sql))
        cursor.execute("INSERT INTO bench_rows SELECT generate_series(1, %s)", [ROWS])
