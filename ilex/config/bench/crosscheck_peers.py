"""The tools in use today, over the same records and queries: rapidfuzz, pg_trgm, and nomenklatura where it is."""

from __future__ import annotations

import json
import statistics
import subprocess
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import evaluation
from evaluation.build import Query, entity
from evaluation.measure import Answer
from evaluation.peers.fuzzy import SCORERS, Fuzzy
from evaluation.peers.trigrams import trigrams
from ilex.config.node import NodeError
from ilex.matching.facts import Facts

TREE = Path(evaluation.__file__).parents[1]
PYTHON = TREE / ".venv-peers" / "bin" / "python"  # `make bench-peers` makes it
NAMES = ("rapidfuzz", "pg_trgm", "logic-v2")

Records = Callable[[], Iterable[tuple[str, Facts]]]


@dataclass(frozen=True)
class Peer:
    name: str
    bare: list[Answer]  # to the queries with names only
    dated: list[Answer]
    asked: float  # milliseconds a query, names only
    loaded: float  # seconds
    disk: int = 0  # bytes of its index
    memory: int = 0  # bytes of its process at the most


@dataclass(frozen=True)
class Ground:
    """What every peer gets."""

    records: Records
    queries: Sequence[Query]
    database: str  # URL of the PostgreSQL in which our own holdings stand
    folder: Path

    @property
    def bare(self) -> list[Query]:
        return [query.bare() for query in self.queries]

    @property
    def dated(self) -> list[Query]:
        return [query.dated() for query in self.queries]


def known(names: Sequence[str]) -> list[str]:
    """Those that can be measured here. nomenklatura needs an environment of its own."""
    return [name for name in names if name != "logic-v2" or PYTHON.exists()]


def measured(name: str, ground: Ground) -> Iterator[Peer]:
    return PEERS[name](ground)


def _rapidfuzz(ground: Ground) -> Iterator[Peer]:
    fuzzy = Fuzzy(ground.records())
    for name, scorer in SCORERS.items():
        bare = list(fuzzy.answers(scorer, ground.bare))
        dated = list(fuzzy.answers(scorer, ground.dated))
        yield Peer(name, _answers(bare), _answers(dated), _mean(bare), fuzzy.loaded)


def _pg_trgm(ground: Ground) -> Iterator[Peer]:
    with trigrams(ground.database, ground.records()) as table:
        bare = list(table.answers(ground.bare))
        dated = list(table.answers(ground.dated))
        yield Peer("pg_trgm", _answers(bare), _answers(dated), _mean(bare), table.loaded, table.bytes)


def _logic_v2(ground: Ground) -> Iterator[Peer]:
    records = ground.folder / "peer-records.jsonl"
    with records.open("w", encoding="utf-8") as lines:
        lines.writelines(json.dumps(entity(key, facts)) + "\n" for key, facts in ground.records())
    queries = ground.folder / "peer-queries.jsonl"
    both = [(f"bare {query.key}", query) for query in ground.bare] + [
        (f"dated {query.key}", query) for query in ground.dated
    ]
    with queries.open("w", encoding="utf-8") as lines:
        lines.writelines(json.dumps(entity(key, query.facts)) + "\n" for key, query in both)
    told = _run(records, queries, answers := ground.folder / "peer-answers.jsonl")
    found = dict(map(json.loads, answers.read_text(encoding="utf-8").splitlines()))
    bare, dated = (
        [Answer(query, [(key, score) for key, score in found.get(f"{mode} {query.key}", ())]) for query in queries_]
        for mode, queries_ in (("bare", ground.bare), ("dated", ground.dated))
    )
    yield Peer("logic-v2", bare, dated, told["asked"] * 1000, told["loaded"], int(told["disk"]), int(told["memory"]))


def _run(*files: Path) -> dict[str, float]:
    command = [str(PYTHON), "-m", "evaluation.peers.logic_v2", *map(str, files)]
    ran = subprocess.run(command, cwd=TREE, capture_output=True, text=True, check=False)  # noqa: S603 (our own)
    lines = ran.stdout.strip().splitlines()
    if ran.returncode or not lines:
        last = (ran.stderr.strip().splitlines() or ["no word"])[-1]
        raise NodeError(f"nomenklatura could not do its part: {last}")
    told: dict[str, float] = json.loads(lines[-1])
    return told


def _answers(timed: Sequence[tuple[Answer, float]]) -> list[Answer]:
    return [answer for answer, _ in timed]


def _mean(timed: Sequence[tuple[Answer, float]]) -> float:
    return statistics.fmean(seconds for _, seconds in timed) * 1000


PEERS: dict[str, Callable[[Ground], Iterator[Peer]]] = {
    "rapidfuzz": _rapidfuzz,
    "pg_trgm": _pg_trgm,
    "logic-v2": _logic_v2,
}
