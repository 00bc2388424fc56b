"""Mistyped names are looked for among the skeletons that the holdings have, which are few, not among the records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache

from rapidfuzz.distance import OSA

NEIGHBOURS = 60  # of one skeleton


class Vocabulary:
    """Skeletons with the number of records that have each. Two that differ by one letter share a shorter form."""

    def __init__(self, stamp: int, counts: Mapping[str, int]) -> None:
        self.stamp, self.counts = stamp, counts

    def __contains__(self, skeleton: str) -> bool:
        return skeleton in self.counts

    def count(self, skeleton: str) -> int:
        return self.counts.get(skeleton, 0)

    def near(self, skeleton: str, news: frozenset[str] = frozenset()) -> list[str]:
        """Skeletons one letter or one swap away, the commonest first. `news` are words that are not here yet."""
        found = self._around(skeleton) | (_of(news)._around(skeleton) if news else set())
        close = [other for other in found if OSA.distance(skeleton, other, score_cutoff=1) == 1]
        close.sort()
        close.sort(key=self.count, reverse=True)
        return close[:NEIGHBOURS]

    def _around(self, skeleton: str) -> set[str]:
        return {other for variant in shorter(skeleton) for other in self._shorter.get(variant, ())}

    @cached_property
    def _shorter(self) -> Mapping[str, list[str]]:
        shelved: dict[str, list[str]] = defaultdict(list)
        for skeleton in self.counts:
            for variant in shorter(skeleton):
                shelved[variant].append(skeleton)
        return dict(shelved)


@lru_cache(maxsize=2)
def _of(news: frozenset[str]) -> Vocabulary:
    return Vocabulary(0, dict.fromkeys(news, 0))


def shorter(skeleton: str) -> Iterator[str]:
    """The skeleton and each of its forms that lack one letter, each once."""
    yield skeleton
    seen = {skeleton}
    for at in range(len(skeleton)):
        variant = skeleton[:at] + skeleton[at + 1 :]
        if variant not in seen:
            seen.add(variant)
            yield variant
