"""Candidates: the records that may be the one that is asked for, ranked, each with its reasons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

import numpy as np
from django.utils.timezone import localdate

from ilex.holdings import origins
from ilex.holdings.copying import literal, rows
from ilex.holdings.keying import kind_number
from ilex.holdings.packing import unpack
from ilex.holdings.pieces.reading import listed, places
from ilex.holdings.pieces.shelf import shelf
from ilex.holdings.queries.asking import HARDER, Narrowed, likeliest
from ilex.matching import cut
from ilex.matching.compare import Comparison, Rarity, compare
from ilex.matching.facts import Facts, Prepared
from ilex.matching.keys import SHIFT, WHOLE, questions
from ilex.matching.prepare import prepare

KEPT = cut.KEPT
HANDFUL = 30  # records that are read and compared at once
# It is clear that nobody comes any more: one has at least this score, and so many of the last have nothing of it.
# Measured at 100,000 and 500,000 records, with dates and names alone: no record that was meant is missed for it.
ENOUGH = ((0.8, 24), (0.3, 30))
NOTHING, OF_THE_BEST = 0.01, 0.02


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


@dataclass(frozen=True)
class _Source:
    code: str
    title: str
    handling: str
    origin: bool


_Held = tuple[int, _Source, str, str]  # number, source, key, facts as they are kept
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
    searched, every = _sources(sources)
    if not searched:
        return []
    narrowed = Narrowed(frozenset(searched), every, frozenset(map(kind_number, (*kinds, ""))) if kinds else frozenset())
    prepared = prepare(facts)
    kept = KEPT + len(exclude)
    likely = likeliest(prepared, narrowed, kept=kept, harder=harder)
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
    lists = [pk for pk, source in _sources(None)[0].items() if not source.origin]
    if not keys or not lists:
        return 0
    pieces, named = shelf().pieces, set[int]()
    hits = listed(pieces, keys)
    for hit, there in zip(hits, places(pieces, hits), strict=True):
        columns = pieces[hit.piece].columns
        named.update(columns.rids[there[np.isin(columns.sources[there], lists)]].tolist())
    gone = rows("SELECT count(*) FROM holdings_gone WHERE rid = ANY(%s)", [list(named)])[0][0]
    return len(named) - int(gone)


def _sources(codes: Collection[str] | None) -> tuple[dict[int, _Source], bool]:
    """Those that are searched, by their numbers; and whether that is every one there is."""
    query = "SELECT id, code, title, handling, origin, active, ends_on FROM holdings_source"
    today, found, every = localdate(), {}, True
    for pk, code, title, handling, origin, active, ends_on in rows(query):
        if active and (ends_on is None or today < ends_on) and (codes is None or code in codes):
            found[pk] = _Source(code, title, handling, origin)
        else:
            every = False
    return found, every


def _held(
    rids: Sequence[int], kept: int, searched: dict[int, _Source], exclude: Collection[tuple[str, str]]
) -> Iterator[list[_Held]]:
    """The first `kept` of these records that are still held, in their order, each id of a source once."""
    left_out = set(exclude)
    query = "SELECT rid, source_id, key, facts FROM holdings_record WHERE rid = ANY(%s::bigint[])"
    for at in range(0, len(rids), HANDFUL):
        some = rids[at : at + HANDFUL]
        read = {rid: (source, key, facts) for rid, source, key, facts in rows(query, [literal(some)])}
        held: dict[tuple[str, str], _Held] = {}
        for rid in some:
            source, key, facts = read.get(rid, NOT_HELD)
            if source not in searched or (named := (searched[source].code, key)) in left_out:
                continue
            if named not in held or held[named][0] < rid:
                held[named] = (rid, searched[source], key, facts)
        yield list(islice(held.values(), kept))
        left_out.update(held)
        kept -= len(held)
        if kept <= 0:
            return


def _compared(
    prepared: Prepared, handfuls: Iterable[Sequence[_Held]], rarity: Rarity, *, every: bool
) -> list[Candidate]:
    """The likeliest first, and all of them unless they make clear that nobody comes after them."""
    found: list[Candidate] = []
    known: set[int] = set()
    for held in handfuls:
        found += _weighed(prepared, [one for one in held if one[0] not in known], rarity)
        known |= {one[0] for one in held}
        if not every and _clear([one.score for one in found]):
            break
    return found


def _clear(scores: Sequence[float]) -> bool:
    best = max(scores, default=0.0)
    nothing = min(NOTHING, best * OF_THE_BEST)
    return any(best >= score and max(scores[-last:]) < nothing for score, last in ENOUGH)


def _weighed(prepared: Prepared, held: Sequence[_Held], rarity: Rarity) -> list[Candidate]:
    theirs = _theirs(held)
    found = []
    for rid, source, key, packed in held:
        facts = theirs.get((source.code, key)) if source.origin else unpack(packed)
        if facts is not None:
            comparison = compare(prepared, prepare(facts, kind=facts.kind or prepared.facts.kind), rarity)
            found.append(
                Candidate(rid, source.code, key, facts, comparison, source.title, source.handling, source.origin)
            )
    return found


def _theirs(held: Sequence[_Held]) -> dict[tuple[str, str], Facts]:
    """What other rooms know now of their records."""
    keys: dict[str, list[str]] = defaultdict(list)
    for _, source, key, _ in held:
        if source.origin:
            keys[source.code].append(key)
    return {
        (code, key): facts
        for code, some in keys.items()
        if (origin := origins.origin(code)) is not None
        for key, facts in origin.prepared(some).items()
    }
