"""What the worker of a measured node does with holdings: takes files in, asks, and tells how large the index is."""

from __future__ import annotations

import json
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, connections

from ilex.holdings.queries import find
from ilex.matching.facts import Facts

TABLES = (
    "SELECT relname, pg_total_relation_size(oid) FROM pg_class"
    " WHERE relkind = 'r' AND relname LIKE 'holdings_%' ORDER BY relname"
)
NOT_INDEX = {"holdings_source", "holdings_load"}


def load_file(path: str, source: str, processes: int) -> float:
    """Take in a file by the command that an operator uses; seconds."""
    return _apart(_load_file, path, source, processes)


def tidy() -> float:
    """Join the pieces of the index as the clock does; seconds."""
    return _apart(_tidy)


def _apart(work: Callable[..., float], *words: object) -> float:
    """In a process of its own, as in a node: what it used is no memory of who asks afterwards."""
    connections.close_all()
    with ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as pool:
        return pool.submit(work, *words).result()


def _load_file(path: str, source: str, processes: int) -> float:
    began = time.monotonic()
    call_command("load", path, source=source, processes=processes, stdout=StringIO(), stderr=StringIO())
    return time.monotonic() - began


def _tidy() -> float:
    from ilex.holdings import jobs

    began = time.monotonic()
    while jobs.tidy():
        pass
    return time.monotonic() - began


def sizes() -> dict[str, int]:
    """Bytes of each table of the holdings with its indexes."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute(TABLES)
        return {name: size for name, size in cursor.fetchall() if name not in NOT_INDEX}


def texts_size() -> int:
    """Bytes of the records' own words, which stand in the index's tables but would be kept without it as well."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(octet_length(facts) + octet_length(key)), 0) FROM holdings_record")
        return int(cursor.fetchone()[0])


def ask_all(queries: str, answers: str, harder: bool, limit: int) -> list[float]:
    """Ask one query after the other, keep the answers in a file; the milliseconds of each."""
    times = []
    with Path(answers).open("w", encoding="utf-8") as told:
        for key, facts in _queries(Path(queries)):
            began = time.perf_counter()
            found = find(facts, limit=limit, harder=harder)
            times.append((time.perf_counter() - began) * 1000)
            print(json.dumps([key, [(one.key, round(one.score, 6)) for one in found]]), file=told)
    return times


def ask_some(queries: str, count: int, harder: bool) -> list[float]:
    """The first of these queries, not kept; milliseconds."""
    times = []
    for _, facts in islice(_queries(Path(queries)), count):
        began = time.perf_counter()
        find(facts, harder=harder)
        times.append((time.perf_counter() - began) * 1000)
    return times


def check_file(queries: str, answers: str) -> float:
    """All queries by the command `ilex check`; seconds."""
    began = time.monotonic()
    call_command("check", "--in", queries, "--out", answers, stdout=StringIO(), stderr=StringIO())
    return time.monotonic() - began


def process_id() -> int:
    return os.getpid()


def _queries(path: Path) -> Iterator[tuple[str, Facts]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            key, kind, names, born = json.loads(line)
            yield key, Facts(kind=kind, names=tuple(names), born=tuple(born))


VERBS: dict[str, Callable[..., Any]] = {
    verb.__name__: verb for verb in (load_file, tidy, sizes, texts_size, ask_all, ask_some, check_file, process_id)
}
