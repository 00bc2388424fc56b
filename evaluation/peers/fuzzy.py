"""rapidfuzz over all names one by one: by edits, and by the set of words."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

import numpy as np
from rapidfuzz import fuzz, process

from evaluation.build import Query
from evaluation.measure import Answer
from evaluation.peers.dates import KNOWN, dated
from evaluation.peers.latin import ascii_name
from ilex.matching.facts import Facts

Scorer = Callable[..., float]
SCORERS: dict[str, Scorer] = {"rapidfuzz ratio": fuzz.ratio, "rapidfuzz token_set": fuzz.token_set_ratio}
SHOWN = 50
BLOCK = 20_000  # names that are compared in one go


class Fuzzy:
    def __init__(self, records: Iterable[tuple[str, Facts]]) -> None:
        began = time.perf_counter()
        rows = [(key, ascii_name(facts.names[0]), next(iter(facts.born), "")) for key, facts in records]
        self.keys, self.names, self.born = (list(column) for column in zip(*rows, strict=True))
        self.loaded = time.perf_counter() - began

    def answers(self, scorer: Scorer, queries: Sequence[Query]) -> Iterator[tuple[Answer, float]]:
        """Each answer with its seconds, on one core."""
        for query in queries:
            began = time.perf_counter()
            ranked = self._ranked(scorer, query)
            yield Answer(query, ranked), time.perf_counter() - began

    def _ranked(self, scorer: Scorer, query: Query) -> list[tuple[str, float]]:
        asked = ascii_name(query.facts.names[0])
        parts = [
            process.cdist([asked], self.names[at : at + BLOCK], scorer=scorer, dtype=np.float32)[0]
            for at in range(0, len(self.names), BLOCK)
        ]
        likeness = np.concatenate(parts) / 100
        found = np.argpartition(-likeness, min(KNOWN, len(likeness) - 1))[:KNOWN]
        born = next(iter(query.facts.born), "")
        scored = [(self.keys[at], dated(float(likeness[at]), born, self.born[at])) for at in found]
        return list(islice(sorted(scored, key=lambda one: (-one[1], one[0])), SHOWN))
