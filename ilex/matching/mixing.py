"""Keys of many records made together, with whole numbers of 64 bits: the same numbers as `keys` makes one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from ilex.matching.filed_words import WordColumns
from ilex.matching.keys import (
    FIRST_MIX,
    HALF,
    LOW,
    MOST_PAIRED,
    PAIR,
    PAIR_YEAR,
    SECOND_MIX,
    SHIFT,
    SINGLE,
    YEAR,
)
from ilex.matching.skeletons import KEPT

Codes = NDArray[np.uint64]
Rows = NDArray[np.intp]
FIRST, SECOND, SEVEN = np.uint64(FIRST_MIX), np.uint64(SECOND_MIX), np.uint64(7)
REST = np.uint64(2**7 - 1)


@dataclass(frozen=True)
class Found:
    """Keys, and of which record each is."""

    keys: Codes
    records: Rows

    @staticmethod
    def together(several: Sequence[Found]) -> Found:
        return Found(np.concatenate([one.keys for one in several]), np.concatenate([one.records for one in several]))


def key(kind: int, low: Codes) -> Codes:
    return np.uint64(kind << SHIFT) | low & np.uint64(LOW)


def pair(first: Codes, second: Codes) -> Codes:
    """The lower 64 bits of what `keys.pair` gives: its product has more than 64, of which the upper ones are needed."""
    mixed = first ^ second
    high, low = mixed >> SEVEN, mixed & REST
    shifted = high * SECOND + low * (SECOND >> SEVEN) + (low * (SECOND & REST) >> SEVEN)
    both: Codes = (first + second) * FIRST ^ shifted
    return both


def ordered(first: Codes, second: Codes) -> Codes:
    mixed: Codes = (first * FIRST ^ (second + first) * SECOND) >> SEVEN
    return mixed


def made_of(
    words: WordColumns, *, parts: Rows, sizes: Rows, named: Rows, alone: NDArray[np.bool_], beside: Rows, born: Rows
) -> Iterator[Found]:
    """Everything that is filed beside whole names and numbers; some of it more than once.

    `parts` are rows of words, of each name `sizes` of them; `named` says whose a name is, `alone` that it has but one
    part. `beside` has record, part and initial, `born` has record and year, each year of a record once.
    """
    owners = np.repeat(named, sizes)
    first, second = _pairs(sizes)
    one, other, both = parts[first], parts[second], owners[first]
    years = list(_years(born, int(named[-1]) + 1 if len(named) else 0))
    single = np.repeat(alone, sizes)
    yield Found(key(SINGLE, words.codes[parts[single], 0]), owners[single])
    yield from _halves(words, one, other, both)
    yield from _halves(words, other, one, both)
    yield from _halves(words, beside[:, 1], beside[:, 2], beside[:, 0])
    for low, high in product(range(KEPT), repeat=2):
        has = (words.kept[one] > low) & (words.kept[other] > high)
        mixed = pair(words.codes[one[has], low], words.codes[other[has], high])
        yield Found(key(PAIR, mixed), both[has])
    for year in years:
        yield _dated(YEAR, words.codes[parts, 0], owners, year)
        yield _dated(PAIR_YEAR, pair(words.codes[one, 0], words.codes[other, 0]), both, year)


def _pairs(sizes: Rows) -> tuple[Rows, Rows]:
    """Of the parts of all names, one after the other: where the first and the second of each pair stand."""
    starts = np.cumsum(sizes) - sizes
    found = [
        (starts[sizes == size] + first, starts[sizes == size] + second)
        for size in range(2, MOST_PAIRED + 1)
        for first, second in combinations(range(size), 2)
    ]
    return np.concatenate([first for first, _ in found]), np.concatenate([second for _, second in found])


def _halves(words: WordColumns, parts: Rows, others: Rows, records: Rows) -> Iterator[Found]:
    has = words.bears[parts] & (parts != others)
    yield Found(key(HALF, ordered(words.codes[parts[has], 0], words.beginning[others[has]])), records[has])


def _years(born: Rows, count: int) -> Iterator[Rows]:
    """The first year of each record, then the second of those that have two, and so on; -1 for none."""
    if not len(born):
        return
    records, years = born[:, 0], born[:, 1]
    turn = np.arange(len(records)) - np.searchsorted(records, records)
    for number in range(int(turn.max()) + 1):
        year = np.full(max(count, int(records[-1]) + 1), -1, np.intp)
        year[records[turn == number]] = years[turn == number]
        yield year


def _dated(kind: int, codes: Codes, records: Rows, year: Rows) -> Found:
    has = year[records] >= 0
    return Found(key(kind, ordered(codes[has], year[records[has]].astype(np.uint64))), records[has])
