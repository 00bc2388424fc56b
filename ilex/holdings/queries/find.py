"""Candidates: the records that may be the one that is asked for, ranked, each with its reasons."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

import numpy as np

from ilex.holdings import origins
from ilex.holdings.copying import literal, rows
from ilex.holdings.keying import kind_number
from ilex.holdings.packing import unpack
from ilex.holdings.pieces.reading import listed, places
from ilex.holdings.pieces.shelf import Look, Searched, look
from ilex.holdings.queries.asking import HARDER, Narrowed, Ranked, likeliest
from ilex.matching import cut
from ilex.matching.compare import Comparison, Rarity, compare
from ilex.matching.facts import Facts, Prepared
from ilex.matching.keys import SHIFT, WHOLE, questions
from ilex.matching.prepare import prepare

KEPT = cut.KEPT
HANDFUL = 60  # records that are read at once, after the first ones
BESIDE = 5  # read beside those that are surely compared: some may be gone, and the next one tells that it is too far


@dataclass(frozen=True, slots=True)
class Candidate:
    rid: int
    source: str  # code of the source or origin
    key: str
    facts: Facts
    comparison: Comparison
    title: str = ""  # of the source
    handling: str = ""
    origin: bool = False

    @property
    def caption(self) -> str:
        """The best name, or the first number."""
        first = next(iter((*self.facts.names, *self.facts.weak_names)), "")
        return first or next((text for _type, text, _country in self.facts.identifiers), self.key)

    @property
    def score(self) -> float:
        return self.comparison.score


_Held = tuple[int, Searched, str, str, float]  # number, source, key, facts as they are kept, what it is worth
NOT_HELD = (-1, "", "")


def find(
    facts: Facts,
    *,
    limit: int = 50,
    harder: bool = False,
    kinds: Collection[str] | None = None,
    sources: Collection[str] | None = None,
    exclude: Collection[tuple[str, str]] = (),
) -> list[Candidate]:
    """Ranked candidates; the same input gives the same order. `harder` looks through the signatures of all records.

    `kinds` (codes; a record of no kind is always meant) and `sources` (codes of sources and origins) narrow it;
    `exclude` leaves out records by (source, key). Sources that are switched off or past their legal end never appear.
    """
    now = look()
    searched, every = _searched(now, sources)
    if not searched:
        return []
    narrowed = Narrowed(frozenset(searched), every, frozenset(map(kind_number, (*kinds, ""))) if kinds else frozenset())
    prepared = prepare(facts)
    kept = KEPT + len(exclude)
    likely = likeliest(now, prepared, narrowed, kept=kept, harder=harder)
    handfuls = chain(
        _held(likely.by_keys, kept, searched, exclude), _held(likely.by_looking, HARDER, searched, exclude)
    )
    found = _compared(prepared, handfuls, likely.shelf.rarity, every=harder)
    found.sort(key=lambda one: (-one.comparison.logit, one.source, one.key))
    return found[:limit]


def common(facts: Facts) -> int:
    """How many records of the lists that are searched carry exactly this name, in any script and order of its parts.

    Other rooms' records are not counted: the number would tell what stands in a closed circle.
    """
    asked = questions(prepare(facts), lambda _: ())
    keys = [key for key, _, step in asked if step == 0 and key >> SHIFT == WHOLE]
    if not keys:
        return 0
    now = look()
    lists = [source.id for source in now.sources if source.now and not source.origin]
    if not lists:
        return 0
    pieces, named = now.shelf.pieces, set[int]()
    hits = listed(pieces, keys)
    for hit, there in zip(hits, places(pieces, hits), strict=True):
        columns = pieces[hit.piece].columns
        named.update(columns.rids[there[np.isin(columns.sources[there], lists)]].tolist())
    gone = rows("SELECT count(*) FROM holdings_gone WHERE rid = ANY(%s)", [list(named)])[0][0]
    return len(named) - int(gone)


def _searched(now: Look, codes: Collection[str] | None) -> tuple[dict[int, Searched], bool]:
    """The sources that are searched, by their numbers; and whether that is every one there is."""
    found = {source.id: source for source in now.sources if source.now and (codes is None or source.code in codes)}
    return found, len(found) == len(now.sources)


def _held(
    ranked: Ranked, kept: int, searched: dict[int, Searched], exclude: Collection[tuple[str, str]]
) -> Iterator[list[_Held]]:
    """The first `kept` of these records that are still held, in their order, each id of a source once."""
    left_out = set(exclude)
    query = "SELECT rid, source_id, key, facts FROM holdings_record WHERE rid = ANY(%s::bigint[])"
    for some in _handfuls(ranked, kept):
        wanted = literal(rid for rid, _ in some)
        read = {rid: (source, key, facts) for rid, source, key, facts in rows(query, [wanted])}
        held: dict[tuple[str, str], _Held] = {}
        for rid, worth in some:
            source, key, facts = read.get(rid, NOT_HELD)
            if source not in searched or (named := (searched[source].code, key)) in left_out:
                continue
            if named not in held or held[named][0] < rid:
                held[named] = (rid, searched[source], key, facts, worth)
        yield list(islice(held.values(), kept))
        left_out.update(held)
        kept -= len(held)
        if kept <= 0:
            return


def _handfuls(ranked: Ranked, kept: int) -> Iterator[Ranked]:
    """First all that are surely compared: waiting for the database takes longer than what it then reads."""
    at, to = 0, min(_surely(ranked), kept) + BESIDE
    while at < len(ranked):
        yield ranked[at:to]
        at, to = to, to + HANDFUL


def _surely(ranked: Ranked) -> int:
    """How many of the first are compared whatever they say: who compares best is worth no more than the worthiest."""
    most = ranked[0][1] if ranked else 0.0
    far = (at for at, (_, worth) in enumerate(ranked) if at >= cut.LEAST and cut.far(worth, most))
    return next(far, len(ranked))


def _compared(
    prepared: Prepared, handfuls: Iterable[Sequence[_Held]], rarity: Rarity, *, every: bool
) -> list[Candidate]:
    """The likeliest first, and unless every one is wanted only until the others are too far behind."""
    found: dict[int, Candidate] = {}
    best, of_the_best = -math.inf, 0.0
    for held in handfuls:
        theirs = _theirs(held)
        for rid, source, key, packed, worth in held:
            if not every and len(found) >= cut.LEAST and cut.far(worth, of_the_best):
                return list(found.values())
            facts = theirs.get((source.code, key)) if source.origin else unpack(packed)
            if facts is None or rid in found:
                continue
            comparison = compare(prepared, prepare(facts, kind=facts.kind or prepared.facts.kind), rarity)
            found[rid] = Candidate(
                rid, source.code, key, facts, comparison, source.title, source.handling, source.origin
            )
            if comparison.logit > best:
                best, of_the_best = comparison.logit, worth
    return list(found.values())


def _theirs(held: Sequence[_Held]) -> dict[tuple[str, str], Facts]:
    """What other rooms know now of their records."""
    keys: dict[str, list[str]] = defaultdict(list)
    for _, source, key, *_ in held:
        if source.origin:
            keys[source.code].append(key)
    return {
        (code, key): facts
        for code, some in keys.items()
        if (origin := origins.origin(code)) is not None
        for key, facts in origin.prepared(some).items()
    }
