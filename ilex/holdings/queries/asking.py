"""One query on its way through the index: which records come into question, the likeliest first. Reads no record."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from ilex.holdings.copying import literal, rows
from ilex.holdings.pieces.reading import Columns, listed, places
from ilex.holdings.pieces.shelf import Shelf, shelf_and_news
from ilex.matching import cut
from ilex.matching.facts import Prepared
from ilex.matching.keys import SHIFT, WHOLE, Question, questions
from ilex.matching.signature import scan, signature

SPARE = 4  # times the records that are compared are kept in hand: some may be gone
HARDER = 90  # more that are compared when everything was looked through
FRESH = 2_000  # fresh records of one query
TRIES = 3
SAMPLE = 50_000  # places from which the likeness of the likest is estimated
HARDER_IN_HAND = 400

Rids = NDArray[np.int64]
Worth = NDArray[np.float32]


@dataclass(frozen=True)
class Narrowed:
    """What a query is not to find is left out before anything is read."""

    sources: frozenset[int]  # numbers of those that are searched
    every: bool  # no source that the index knows is left out
    kinds: frozenset[int]  # empty: all

    def keeps(self, columns: Columns, there: NDArray[np.int64]) -> NDArray[np.bool_]:
        kept = np.ones(len(there), np.bool_)
        if not self.every:
            kept &= np.isin(columns.sources[there], np.array(sorted(self.sources), np.int16))
        if self.kinds:
            kept &= np.isin(columns.kinds[there], np.array(sorted(self.kinds), np.uint8))
        return kept


@dataclass(frozen=True)
class _Fresh:
    rid: int
    source: int
    kind: int
    signature: bytes
    keys: list[int]


@dataclass(frozen=True)
class Likeliest:
    """Numbers of the records that are worth comparing, the likeliest first, with some to spare."""

    shelf: Shelf
    by_keys: list[int]
    by_looking: list[int]  # through all of them


def likeliest(prepared: Prepared, narrowed: Narrowed, *, kept: int, harder: bool) -> Likeliest:
    for _try in range(TRIES):
        here, news = shelf_and_news()
        asked = list(islice(questions(prepared, partial(here.vocabulary.near, news=news)), cut.ASKED))
        stamp, fresh = _fresh([key for key, _, _ in asked])
        if stamp == here.stamp:  # else a piece was made of fresh records meanwhile, which were in neither
            break
    mark = signature(prepared)
    found = [_in_pieces(here, asked, mark, narrowed, kept), _among_fresh(fresh, asked, mark, narrowed)]
    by_keys = _ranked(found)[: SPARE * kept]
    if not harder:
        return Likeliest(here, by_keys, [])
    looked = _ranked([_everywhere(here, mark, narrowed), _among_fresh(_all_fresh(), [], mark, narrowed)])
    return Likeliest(here, by_keys, looked[:HARDER_IN_HAND])


def _ranked(found: Sequence[tuple[Rids, Worth]]) -> list[int]:
    """By worth; of equals the one that was held first."""
    rids = np.concatenate([rids for rids, _ in found])
    worth = np.concatenate([worth for _, worth in found])
    ranked: list[int] = rids[np.lexsort((rids, -worth))].tolist()
    return ranked


def _in_pieces(
    here: Shelf, asked: Sequence[Question], mark: bytes, narrowed: Narrowed, kept: int
) -> tuple[Rids, Worth]:
    lists, weights = _lists(here, asked)
    pool, worth = cut.gathered(lists, weights)
    rids, found = [], []
    for number, (begin, end) in enumerate(_edges(here)):
        at, to = np.searchsorted(pool, [begin, end])
        columns, there = here.pieces[number].columns, pool[at:to] - begin
        keeps = narrowed.keeps(columns, there)
        there = there[keeps]
        likest = worth[at:to][keeps] + cut.LIKENESS * scan(mark, columns.signatures[there])
        best = cut.best(there, likest, SPARE * kept)
        order = np.searchsorted(there, best)
        rids.append(columns.rids[best])
        found.append(likest[order].astype(np.float32))
    return _joined(rids, found)


def _edges(here: Shelf) -> Iterator[tuple[int, int]]:
    """Where the places of each piece begin and end when all stand one after the other."""
    begin = 0
    for piece in here.pieces:
        yield begin, begin + piece.records
        begin += piece.records


def _lists(here: Shelf, asked: Sequence[Question]) -> tuple[list[Rids], list[float]]:
    """The lists that fit what each step may bring. A name that more people have is not left out but cut short."""
    left = list(cut.STEP_POSTINGS)
    weight_of = {key: (weight, min(step, len(left) - 1)) for key, weight, step in reversed(asked)}
    chosen, limits = [], []
    for one in listed(here.pieces, [key for key, _, _ in asked]):
        step = weight_of[one.key][1]
        limit = min(one.count, left[step]) if one.key >> SHIFT == WHOLE else one.count
        if 0 < limit <= left[step]:
            left[step] -= limit
            chosen.append(one)
            limits.append(limit)
    begins = [begin for begin, _ in _edges(here)]
    read = places(here.pieces, chosen)
    lists = [
        there[:limit].astype(np.int64) + begins[one.piece]
        for one, there, limit in zip(chosen, read, limits, strict=True)
    ]
    return lists, [weight_of[one.key][0] for one in chosen]


def _fresh(keys: Sequence[int]) -> tuple[int, list[_Fresh]]:
    """The stamp of the index, and the fresh records that have one of these keys, in one look."""
    found = rows(
        "SELECT now.stamp, rid, source_id, kind, signature, keys"
        " FROM (SELECT coalesce(max(stamp), 0) AS stamp FROM holdings_state) AS now"
        " LEFT JOIN holdings_fresh ON keys && %s::bigint[] ORDER BY rid DESC LIMIT %s",
        [literal(keys), FRESH],
    )
    return found[0][0], [_Fresh(*row) for _stamp, *row in found if row[0] is not None]


def _all_fresh() -> list[_Fresh]:
    found = rows("SELECT rid, source_id, kind, signature FROM holdings_fresh")
    return [_Fresh(rid, source, kind, mark, []) for rid, source, kind, mark in found]


def _among_fresh(
    fresh: Sequence[_Fresh], asked: Sequence[Question], mark: bytes, narrowed: Narrowed
) -> tuple[Rids, Worth]:
    weights = {key: weight for key, weight, _ in asked}
    chosen = [
        one for one in fresh if one.source in narrowed.sources and (not narrowed.kinds or one.kind in narrowed.kinds)
    ]
    if not chosen:
        return _joined([], [])
    block = np.frombuffer(b"".join(one.signature for one in chosen), np.uint8).reshape(-1, 32)
    worth = cut.LIKENESS * scan(mark, block)
    worth += np.array([sum(weights.get(key, 0.0) for key in one.keys) for one in chosen], np.float32)
    return np.array([one.rid for one in chosen], np.int64), worth.astype(np.float32)


def _everywhere(here: Shelf, mark: bytes, narrowed: Narrowed) -> tuple[Rids, Worth]:
    """The likest of all signatures."""
    rids, found = [], []
    for piece in here.pieces:
        likeness = scan(mark, piece.columns.signatures)
        for there in _likest(likeness):
            there = there[narrowed.keeps(piece.columns, there)]
            if len(there) >= HARDER:
                break
        rids.append(piece.columns.rids[there])
        found.append(likeness[there])
    return _joined(rids, found)


def _likest(likeness: Worth) -> Iterator[NDArray[np.int64]]:
    """The places of the likest, each time many more, at last all: sorting ten million takes longer than looking."""
    sample = np.sort(likeness[:: max(1, len(likeness) // SAMPLE)])[::-1]
    wanted = HARDER_IN_HAND
    while wanted < len(likeness):
        bar = sample[min(wanted * len(sample) // len(likeness), len(sample) - 1)]
        there = np.flatnonzero(likeness >= bar)
        if len(there) >= HARDER:
            yield there
        wanted *= 16
    yield np.arange(len(likeness))


def _joined(rids: Collection[Rids], worth: Collection[Worth]) -> tuple[Rids, Worth]:
    return (
        np.concatenate([np.empty(0, np.int64), *rids]),
        np.concatenate([np.empty(0, np.float32), *worth]),
    )
