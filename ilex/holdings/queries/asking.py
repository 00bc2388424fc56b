"""One query on its way through the index: which records come into question, the likeliest first. Reads no record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ilex.holdings.copying import literal, rows
from ilex.holdings.pieces.reading import Columns, listed, places
from ilex.holdings.pieces.shelf import Look, Shelf, look
from ilex.matching import cut
from ilex.matching.facts import Prepared
from ilex.matching.keys import SHIFT, SURE, WHOLE, Question, questions
from ilex.matching.signature import scan, signature

SPARE = 4  # times the records that are compared are kept in hand: some may be gone
HARDER = 90  # more that are compared when everything was looked through
FRESH = 2_000  # fresh records of one query
TRIES = 3
SAMPLE = 50_000  # places from which the likeness of the likest is estimated
HARDER_IN_HAND = 400

Rids = NDArray[np.int64]
Worth = NDArray[np.float32]
Ranked = list[tuple[int, float]]  # numbers of records with what each is worth, the likeliest first


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


class _Found(NamedTuple):
    """Rows of records that came into question, in no order."""

    rids: Rids
    worth: Worth  # of who was found by a key of SURE at least cut.NEAR

    @classmethod
    def together(cls, several: Sequence[_Found]) -> _Found:
        nobody = cls(np.empty(0, np.int64), np.empty(0, np.float32))
        return cls(*map(np.concatenate, zip(nobody, *several, strict=True)))


@dataclass(frozen=True)
class _Fresh:
    rid: int
    source: int
    kind: int
    signature: bytes
    keys: list[int]


@dataclass(frozen=True)
class Likeliest:
    """The records that are worth comparing, with some to spare."""

    shelf: Shelf
    by_keys: Ranked
    by_looking: Ranked  # through all of them


def likeliest(now: Look, prepared: Prepared, narrowed: Narrowed, *, kept: int, harder: bool) -> Likeliest:
    for attempt in range(TRIES):
        now = look() if attempt else now
        here = now.shelf
        asked = list(islice(questions(prepared, partial(here.vocabulary.near, news=now.news)), cut.ASKED))
        stamp, fresh = _fresh([key for key, _, _ in asked]) if now.fresh else (now.stamp, [])
        if stamp == here.stamp:  # else a piece was made of fresh records meanwhile, which were in neither
            break
    mark = signature(prepared)
    found = [_in_pieces(here, asked, mark, narrowed, kept), _among_fresh(fresh, asked, mark, narrowed)]
    by_keys = _ranked(found)[: SPARE * kept]
    if not harder:
        return Likeliest(here, by_keys, [])
    looked = _ranked([_everywhere(here, mark, narrowed), _among_fresh(_all_fresh(), [], mark, narrowed)])
    return Likeliest(here, by_keys, looked[:HARDER_IN_HAND])


def _ranked(several: Sequence[_Found]) -> Ranked:
    """By worth; of equals the one that was held first."""
    found = _Found.together(several)
    order = np.lexsort((found.rids, -found.worth))
    return list(zip(found.rids[order].tolist(), found.worth[order].tolist(), strict=True))


def _in_pieces(here: Shelf, asked: Sequence[Question], mark: bytes, narrowed: Narrowed, kept: int) -> _Found:
    lists, weights, sure = _lists(here, asked)
    pool, worth = cut.gathered(lists, weights)
    least = np.zeros(len(pool), np.float32)
    least[np.searchsorted(pool, sure)] = cut.NEAR
    found = []
    for number, (begin, end) in enumerate(_edges(here)):
        at, to = np.searchsorted(pool, [begin, end])
        columns, there = here.pieces[number].columns, pool[at:to] - begin
        keeps = narrowed.keeps(columns, there)
        there = there[keeps]
        likest = worth[at:to][keeps] + cut.LIKENESS * scan(mark, columns.signatures.take(there, axis=0))
        likest = np.maximum(likest, least[at:to][keeps])
        best = cut.best(there, likest, SPARE * kept)
        order = np.searchsorted(there, best)
        found.append(_Found(columns.rids[best], likest[order].astype(np.float32)))
    return _Found.together(found)


def _edges(here: Shelf) -> Iterator[tuple[int, int]]:
    """Where the places of each piece begin and end when all stand one after the other."""
    begin = 0
    for piece in here.pieces:
        yield begin, begin + piece.records
        begin += piece.records


def _lists(here: Shelf, asked: Sequence[Question]) -> tuple[list[Rids], list[float], Rids]:
    """The lists that fit what each step may bring, their weights, and who is surely to be compared.

    A name that more people have is not left out but cut short.
    """
    left = list(cut.STEP_POSTINGS)
    said = {key: (weight, step) for key, weight, step in asked}
    chosen, limits = [], []
    for one in listed(here.pieces, list(said)):
        step = min(said[one.key][1], len(left) - 1)
        limit = min(one.size, left[step]) if one.key >> SHIFT == WHOLE else one.size
        if 0 < limit <= left[step]:
            left[step] -= limit
            chosen.append(one)
            limits.append(limit)
    begins = [np.int64(begin) for begin, _ in _edges(here)]
    read = places(here.pieces, chosen)
    lists = [there[:limit] + begins[one.piece] for one, there, limit in zip(chosen, read, limits, strict=True)]
    sure = [there for one, there in zip(chosen, lists, strict=True) if one.key >> SHIFT in SURE]
    weights = [cut.says(said[one.key][0], one.size) for one in chosen]
    return lists, weights, np.concatenate([np.empty(0, np.int64), *sure])


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


def _among_fresh(fresh: Sequence[_Fresh], asked: Sequence[Question], mark: bytes, narrowed: Narrowed) -> _Found:
    chosen = [
        one for one in fresh if one.source in narrowed.sources and (not narrowed.kinds or one.kind in narrowed.kinds)
    ]
    if not chosen:
        return _Found.together([])
    sizes = Counter(key for one in chosen for key in one.keys)
    weights = {key: cut.says(weight, sizes[key]) for key, weight, _ in asked}
    block = np.frombuffer(b"".join(one.signature for one in chosen), np.uint8).reshape(-1, 32)
    worth = cut.LIKENESS * scan(mark, block)
    worth += np.array([sum(weights.get(key, 0.0) for key in one.keys) for one in chosen], np.float32)
    sure = [any(key >> SHIFT in SURE and key in weights for key in one.keys) for one in chosen]
    worth = np.where(sure, np.maximum(worth, cut.NEAR), worth)
    return _Found(np.array([one.rid for one in chosen], np.int64), worth.astype(np.float32))


def _everywhere(here: Shelf, mark: bytes, narrowed: Narrowed) -> _Found:
    """The likest of all signatures."""
    found = []
    for piece in here.pieces:
        likeness = scan(mark, piece.columns.signatures)
        for there in _likest(likeness):
            there = there[narrowed.keeps(piece.columns, there)]
            if len(there) >= HARDER:
                break
        found.append(_Found(piece.columns.rids[there], likeness[there]))
    return _Found.together(found)


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
