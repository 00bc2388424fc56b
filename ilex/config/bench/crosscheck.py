"""The cross-check over very many holdings: what it finds, how fast, what it takes, beside the tools in use today."""

from __future__ import annotations

import json
import os
import statistics
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from threading import Event, Thread

from evaluation.build import EvaluationSet, Query, build, entity
from evaluation.measure import Answer
from ilex.config.bench import crosscheck_quality as worth
from ilex.config.bench.crosscheck_peers import NAMES, Ground, Peer, known, measured
from ilex.config.bench.crosscheck_quality import OURS, System
from ilex.config.bench.desk import p95, spread
from ilex.config.bench.machine import cores, machine
from ilex.config.bench.nodes import BenchNode, running
from ilex.config.bench.report import Figure, Measure, Report
from ilex.config.bench.usage import family, memory_of
from ilex.matching.facts import Facts

# Points 2 and 3 of "It is done when" of the fourth issue.
MILLION = 1_000_000
OF_TRIGRAMS, MOST_95 = 1 / 15, 50.0  # at a million
MOST_HALF, MOST_95_LARGE, MOST_HARDER = 50.0, 200.0, 300.0  # at ten million
LEAST_BATCH, LEAST_LOADED, OF_NOMENKLATURA = 100.0, 10_000.0, 3.0
MOST_INDEX, MOST_SERVING, MOST_LOADING = 250.0, 1024.0, 4096.0

ALONE = 1_000_000  # records at the most that are loaded on one core: as many as the peers get, which take time to begin
WARM, HARDER, GROWN = 20, 50, 200  # queries
STEPS = (10_000, 100_000, 1_000_000, 10_000_000)


@dataclass
class Measured:
    """What was seen of our own."""

    bare: list[Answer] = field(default_factory=list)
    dated: list[Answer] = field(default_factory=list)
    times: list[float] = field(default_factory=list)  # milliseconds a query, with dates
    bare_times: list[float] = field(default_factory=list)
    harder: list[float] = field(default_factory=list)
    growth: list[tuple[int, list[float]]] = field(default_factory=list)
    loaded: float = 0.0  # records a second on all cores
    alone: float = 0.0  # on one
    seconds: float = 0.0  # of loading everything
    tidied: float = 0.0
    batch: float = 0.0  # queries a second
    index: float = 0.0  # bytes a record
    tables: dict[str, int] = field(default_factory=dict)
    texts: int = 0
    serving: float = 0.0  # MiB
    loading: float = 0.0


def measure(
    folder: Path | None = None,
    *,
    records: int = 100_000,
    queries: int = 2_000,
    part: str = "test",
    peers: Sequence[str] = NAMES,
    peer_queries: int = 0,
) -> Report:
    made = build(records, part, queries=round(queries * 0.75), absent=round(queries * 0.25))
    with running(["RS", "MK"], folder) as (node, other):
        place = node.folder.parent / "set"
        place.mkdir()
        seen = Measured(alone=_alone(other, place, min(ALONE, records)))
        other.end_work()
        _load(node, made, place, seen)
        _ask(node, made, place, seen)
        every = max(1, len(made.queries) // peer_queries) if peer_queries else 1
        ground = Ground(
            lambda: chain.from_iterable(made.slices([records])), made.queries[::every], node.database, place
        )
        others = [peer for name in known(peers) for peer in measured(name, ground)]
        return _report(node, made, seen, others, every)


def _alone(node: BenchNode, place: Path, count: int) -> float:
    """Records a second with the worker and the database on one core."""
    fillers = build(count, "train", queries=0, absent=0).slices([count])
    path = _written(place / "alone.jsonl", chain.from_iterable(fillers))
    core = min(os.sched_getaffinity(0))
    for root in node.roots:
        for pid in family(root):
            os.sched_setaffinity(pid, {core})
    seconds = node.ask("load_file", str(path), "bench-alone", 1)
    path.unlink()
    return count / float(seconds)


def _load(node: BenchNode, made: EvaluationSet, place: Path, seen: Measured) -> None:
    """Slice after slice, with a look at the speed after each."""
    asked = _asked(
        place / "growth.jsonl", [query.dated() for query in made.queries][:: max(1, len(made.queries) // GROWN)]
    )
    sizes = [size for size in STEPS if size < made.records and size > len(made.planted)] + [made.records]
    held = 0
    with _peak(node) as peak:
        for size, rows in zip(sizes, made.slices(sizes), strict=True):
            path = _written(place / "slice.jsonl", rows)
            seconds = float(node.ask("load_file", str(path), f"bench-{size}", cores()))
            seen.seconds += seconds
            seen.loaded = (size - held) / seconds  # of the largest slice, which comes last
            seen.tidied += float(node.ask("tidy"))
            node.ask("ask_some", str(asked), WARM, False)
            seen.growth.append((size, node.ask("ask_some", str(asked), GROWN, False)))
            path.unlink()
            held = size
    seen.loading = peak.bytes / 2**20
    seen.tables = node.ask("sizes")
    seen.texts = node.ask("texts_size")
    seen.index = (sum(seen.tables.values()) - seen.texts) / made.records


def _ask(node: BenchNode, made: EvaluationSet, place: Path, seen: Measured) -> None:
    bare, dated = [query.bare() for query in made.queries], [query.dated() for query in made.queries]
    answers = str(place / "answers.jsonl")
    with _peak(node) as peak:
        for queries, times, kept in ((bare, seen.bare_times, seen.bare), (dated, seen.times, seen.dated)):
            asked = str(_asked(place / "asked.jsonl", queries))
            node.ask("ask_some", asked, WARM, False)
            times += node.ask("ask_all", asked, answers, False, 50)
            kept += _read(Path(answers), queries)
        seen.harder = node.ask("ask_some", str(place / "asked.jsonl"), HARDER, True)
    seen.serving = peak.bytes / 2**20
    checked = _written(place / "check.jsonl", ((query.key, query.facts) for query in dated))
    seen.batch = len(dated) / float(node.ask("check_file", str(checked), answers))


def _written(path: Path, rows: Iterable[tuple[str, Facts]]) -> Path:
    with path.open("w", encoding="utf-8") as lines:
        lines.writelines(json.dumps(entity(key, facts), ensure_ascii=False) + "\n" for key, facts in rows)
    return path


def _asked(path: Path, queries: Iterable[Query]) -> Path:
    with path.open("w", encoding="utf-8") as lines:
        for query in queries:
            print(json.dumps([query.key, query.facts.kind, query.facts.names, query.facts.born]), file=lines)
    return path


def _read(path: Path, queries: Iterable[Query]) -> list[Answer]:
    with path.open(encoding="utf-8") as lines:
        found = {key: [(one, score) for one, score in ranked] for key, ranked in map(json.loads, lines)}
    return [Answer(query, found[query.key]) for query in queries]


@dataclass
class _Peak:
    bytes: int = 0


@contextmanager
def _peak(node: BenchNode) -> Iterator[_Peak]:
    """The most that the worker and the database have in memory together; what they share counts once."""
    peak, stop = _Peak(), Event()

    def watch() -> None:
        while not stop.wait(0.5):
            memories = [memory_of(pid) for root in node.roots for pid in family(root)]
            shared = max((one.rss - one.uss for one in memories), default=0)
            peak.bytes = max(peak.bytes, sum(one.uss for one in memories) + shared)

    thread = Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        stop.set()
        thread.join()


def _report(node: BenchNode, made: EvaluationSet, seen: Measured, others: Sequence[Peer], every: int) -> Report:
    ours = System(OURS, seen.bare, seen.dated)
    same = System(OURS, seen.bare[::every], seen.dated[::every])
    theirs = [System(peer.name, peer.bare, peer.dated) for peer in others]
    return Report(
        "crosscheck",
        machine(node.folder, node.database),
        {
            "records": f"{made.records:,}, {len(made.planted):,} of them meant or nearly meant",
            "queries": f"{len(made.queries):,} of part {made.part}, asked with names only and with dates",
            "peers": ", ".join(peer.name for peer in others) or "none",
            "queries of the peers": f"every {every}th" if every > 1 else "all",
        },
        [*_quality_parts(ours, theirs), *_cost_parts(seen, others)],
        [
            *worth.ratios(same, theirs, made.records),
            *worth.own_figures(seen.bare, seen.dated),
            *_speed(seen, others, made.records),
            *_cost(seen, others, made.records),
        ],
    )


def _quality_parts(ours: System, theirs: Sequence[System]) -> Iterator[tuple[str, Sequence[Measure]]]:
    for system in (ours, *theirs):
        for dated in (False, True):
            how = "with dates" if dated else "names only"
            rows = worth.table(system, dated=dated)
            yield f"{system.name}, {how}", rows if system is ours else rows[:5]
    for dated, answers in ((False, ours.bare), (True, ours.dated)):
        how = "with dates" if dated else "names only"
        yield f"what a score says, {how}", worth.honesty(answers)
        yield f"absent persons who alarm, {how}", worth.noise(answers, dated=dated)


def _cost_parts(seen: Measured, others: Sequence[Peer]) -> Iterator[tuple[str, Sequence[Measure]]]:
    yield "a query, names only", list(spread(seen.bare_times))
    yield "a query with a date", list(spread(seen.times))
    yield "a query that looks through everything", list(spread(seen.harder))
    yield (
        "as records grow",
        [
            Measure(f"{size:,} records", statistics.median(times), "ms", f"95 of 100 under {p95(times):.1f}")
            for size, times in seen.growth
        ],
    )
    yield (
        "peers",
        [
            Measure(
                f"{peer.name}, a query", peer.asked, "ms", f"loaded in {peer.loaded:.0f} s, {peer.disk / 2**20:.0f} MiB"
            )
            for peer in others
        ],
    )
    yield "bytes of the tables", [Measure(name, size, "bytes") for name, size in seen.tables.items() if size > 2**16]


def _speed(seen: Measured, others: Sequence[Peer], records: int) -> Iterator[Measure]:
    mean, half, most = statistics.fmean(seen.times), statistics.median(seen.times), p95(seen.times)
    slow = [peer.asked for peer in others if peer.name == "pg_trgm"]
    if MILLION <= records < 10 * MILLION:
        if slow:
            yield Figure(
                "mean, names only, of pg_trgm's",
                statistics.fmean(seen.bare_times) / slow[0],
                "×",
                limit=OF_TRIGRAMS,
                most=True,
            )
        yield Figure("95 of 100 queries under", most, "ms", limit=MOST_95, most=True)
        yield Figure("in batch", seen.batch, "queries/s", limit=LEAST_BATCH)
    elif records >= 10 * MILLION:
        yield Figure("half of the queries under", half, "ms", limit=MOST_HALF, most=True)
        yield Figure("95 of 100 queries under", most, "ms", limit=MOST_95_LARGE, most=True)
        yield Figure(
            "looking through everything, half of them",
            statistics.median(seen.harder),
            "ms",
            limit=MOST_HARDER,
            most=True,
        )
    else:
        yield Measure("mean", mean, "ms")
        yield Measure("95 of 100 queries under", most, "ms")
        yield Measure("in batch", seen.batch, "queries/s")


def _cost(seen: Measured, others: Sequence[Peer], records: int) -> Iterator[Measure]:
    yield Figure("loaded on all cores", seen.loaded, "records/s", limit=LEAST_LOADED)
    slow = [records / peer.loaded for peer in others if peer.name == "logic-v2"]
    if slow:
        yield Figure("loaded on one core, of nomenklatura's", seen.alone / slow[0], "×", limit=OF_NOMENKLATURA)
        yield Measure("nomenklatura loaded on one core", slow[0], "records/s")
    yield Measure("loaded on one core", seen.alone, "records/s")
    yield Measure("everything loaded and joined in", seen.seconds + seen.tidied, "s", f"{seen.tidied:.0f} s joining")
    yield Figure("index, without the records' own words", seen.index, "bytes a record", limit=MOST_INDEX, most=True)
    yield Measure("the records' own words", seen.texts / records, "bytes a record")
    yield Figure("memory while asked", seen.serving, "MiB", limit=MOST_SERVING, most=True)
    yield Figure("memory while loading", seen.loading, "MiB", limit=MOST_LOADING, most=True)
