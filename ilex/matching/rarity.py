"""How common a word of a name is: an agreement on a rare one says more than one on a common one."""

from __future__ import annotations

import gzip
import math
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from ilex.matching.facts import Part

FREQUENCIES = Path(__file__).parent / "data" / "frequencies.tsv.gz"
SIZE = 100_000  # records, where the holdings do not tell
LENDING = 2_000  # records for which the shipped table stands in while the holdings are small
RAREST = 1e-5
REMEMBERED = 20_000


class Rarity:
    """Shares of records that have a word. Without counts of the holdings a shipped table of names answers.

    `count` gives how many of `size` records have a skeleton. Keep one for many comparisons: it remembers.
    """

    def __init__(self, size: int = 0, count: Callable[[str], int] | None = None) -> None:
        self.size = size or SIZE
        self.growth = math.log(self.size / SIZE)  # by how much these are larger than the usual holdings
        self._held = size if count else 0
        self._count = count
        self._known: dict[str, float] = {}

    def share(self, part: Part) -> float:
        """Of all records, how many have this word or one of the same skeleton: between RAREST and 1."""
        skeleton = part.skeletons[0] if part.skeletons else ""
        found = self._known.get(skeleton)
        if found is None:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            found = self._known[skeleton] = self._share(skeleton)
        return found

    def _share(self, skeleton: str) -> float:
        if not skeleton:
            return RAREST
        general = frequencies().get(skeleton, 0.0)
        held = self._count(skeleton) if self._count else 0
        share = (held + general * LENDING) / (self._held + LENDING)
        return min(max(share, RAREST), 1.0)


@cache
def frequencies() -> Mapping[str, float]:
    """The share of people who have a word of this skeleton, by public lists of names."""
    if not FREQUENCIES.exists():
        return {}
    rows = gzip.decompress(FREQUENCIES.read_bytes()).decode().splitlines()
    return {skeleton: math.exp(-float(surprise)) for skeleton, surprise in (row.split("\t") for row in rows)}
