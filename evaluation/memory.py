"""The holdings of a hundred thousand records as plain dictionaries: to measure keys and scores without a database.

Asks the same questions, keeps the same candidates and compares in the same way as the holdings in PostgreSQL; but it
compares all that are kept, where the holdings stop at who is far behind (`cut.far`): so it finds one or two of a
thousand more of those who are meant, and no fewer false alerts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from ilex.holdings.pieces.vocabulary import shorter
from ilex.matching import cut, signature
from ilex.matching.compare import compare
from ilex.matching.facts import Facts, Prepared
from ilex.matching.keys import SHIFT, WHOLE, questions, record_keys, skeletons
from ilex.matching.prepare import prepare
from ilex.matching.rarity import Rarity
from ilex.matching.reasons import Comparison


@dataclass(frozen=True, slots=True)
class Found:
    key: str
    comparison: Comparison


class Memory:
    """An index of records in memory. Not for many: it keeps every record whole."""

    def __init__(self, records: Iterable[tuple[str, Facts]] = ()) -> None:
        self.keys: list[str] = []
        self.prepared: list[Prepared] = []
        self.postings: dict[int, list[int]] = defaultdict(list)
        self._vocabulary: Counter[str] = Counter()
        self._shorter: dict[str, list[str]] = defaultdict(list)
        self._signatures: list[bytes] = []
        self._block: NDArray[np.uint8] = np.empty((0, 32), np.uint8)
        for key, facts in records:
            self.add(key, facts)

    def __len__(self) -> int:
        return len(self.keys)

    def add(self, key: str, facts: Facts) -> None:
        prepared = prepare(facts)
        rid = len(self.keys)
        self.keys.append(key)
        self.prepared.append(prepared)
        self._signatures.append(signature.signature(prepared))
        for posting in record_keys(prepared):
            self.postings[posting].append(rid)
        for skeleton in skeletons(prepared):
            if skeleton not in self._vocabulary:
                for variant in shorter(skeleton):
                    self._shorter[variant].append(skeleton)
            self._vocabulary[skeleton] += 1

    @cached_property
    def rarity(self) -> Rarity:
        """How common names are here. Of the records as they are when it is first asked for."""
        return Rarity(len(self), lambda skeleton: self._vocabulary[skeleton])

    def near(self, skeleton: str) -> Sequence[str]:
        """Skeletons of the vocabulary that differ by one letter or by two neighbours' order, the commonest first."""
        found = {other for variant in shorter(skeleton) for other in self._shorter.get(variant, ())} - {skeleton}
        close = [other for other in found if OSA.distance(skeleton, other, score_cutoff=1) == 1]
        return sorted(close, key=lambda other: (-self._vocabulary[other], other))

    def candidates(self, query: Prepared, *, harder: bool = False) -> cut.Rids:
        """Numbers of the records that are worth comparing, the likeliest first."""
        lists, weights = self._lists(query)
        rids, worth = cut.gathered(lists, weights)
        asked = signature.signature(query)
        if len(rids):
            worth = worth + cut.LIKENESS * signature.scan(asked, self._rows()[rids])
        kept = cut.best(rids, worth)
        if harder:
            likeness = signature.scan(asked, self._rows())
            everyone = np.arange(len(self), dtype=np.int64)
            kept = np.concatenate([kept, np.setdiff1d(cut.best(everyone, likeness), kept)])
        return kept

    def find(self, facts: Facts, *, limit: int = 50, harder: bool = False) -> list[Found]:
        query = prepare(facts)
        found = [
            Found(self.keys[rid], compare(query, self.prepared[rid], self.rarity))
            for rid in self.candidates(query, harder=harder).tolist()
        ]
        return sorted(found, key=lambda one: (-one.comparison.score, one.key))[:limit]

    def _lists(self, query: Prepared) -> tuple[list[cut.Rids], list[float]]:
        """The lists that fit what each step may bring. A name that more people have is not left out but cut short."""
        lists, weights = [], []
        left = list(cut.STEP_POSTINGS)
        for key, weight, step in islice(questions(query, self.near), cut.ASKED):
            posting = self.postings.get(key, ())
            limit = min(len(posting), left[step]) if key >> SHIFT == WHOLE else len(posting)
            if 0 < limit <= left[step]:
                left[step] -= limit
                lists.append(np.array(posting[:limit], np.int64))
                weights.append(cut.says(weight, len(posting)))
        return lists, weights

    def _rows(self) -> NDArray[np.uint8]:
        if len(self._block) != len(self._signatures):
            self._block = np.frombuffer(b"".join(self._signatures), np.uint8).reshape(-1, 32)
        return self._block
