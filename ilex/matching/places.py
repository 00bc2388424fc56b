"""Places side by side: towns and addresses share words; that they differ says little, as people move."""

from __future__ import annotations

from collections.abc import Sequence

from ilex.matching.facts import Name, Part
from ilex.matching.pairs import likeness

ALIKE = 2.0  # likeness of two words from which they count as one
MOST = 5  # places of one side
MOST_WORDS = 8
ENOUGH = 0.75  # share of the shorter place's words


def compare(asked: Sequence[Name], held: Sequence[Name]) -> tuple[str, Name, Name] | None:
    """The best pair and its code of `reasons.PLACE`; None when one side has no place."""
    best: tuple[float, Name, Name] | None = None
    for one in asked[:MOST]:
        for other in held[:MOST]:
            share = shared(one.parts[:MOST_WORDS], other.parts[:MOST_WORDS])
            if best is None or share > best[0]:
                best = (share, one, other)
    if best is None:
        return None
    code = "same" if best[0] >= ENOUGH else "similar" if best[0] > 0 else "contradicts"
    return code, best[1], best[2]


def shared(one: Sequence[Part], other: Sequence[Part]) -> float:
    """The share of the letters of the shorter place that the longer one has too. Numbers of houses must be equal."""
    few, many = sorted((one, other), key=lambda parts: sum(len(part.plain) for part in parts))
    letters = sum(len(part.plain) for part in few)
    met = sum(len(part.plain) for part in few if any(_same(part, there) for there in many))
    return met / letters if letters else 0.0


def _same(one: Part, other: Part) -> bool:
    if one.plain == other.plain:
        return True
    return not (one.plain.isdigit() or other.plain.isdigit()) and likeness(one, other).value >= ALIKE
