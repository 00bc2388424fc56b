"""What several officers' judgements of one hit come to."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import NamedTuple

NONE, SAME, DIFFERENT, UNSURE = "none", "same", "different", "unsure"
JUDGED = (SAME, DIFFERENT, UNSURE)


class Opinion(NamedTuple):
    by: Hashable
    judgement: str


def settled(opinions: Sequence[Opinion], needs: int) -> str:
    """The judgement that holds, of the standing opinions in their order; of one officer the newest counts.

    Where several must agree, nothing is settled before so many have judged; those who disagree leave it unsure.
    An officer who is not sure settles nothing, so that nobody has to confirm him.
    """
    newest = {opinion.by: opinion.judgement for opinion in opinions}
    said = set(newest.values())
    if not newest:
        return NONE
    if needs <= 1:
        return opinions[-1].judgement
    if len(said) > 1 or said == {UNSURE}:
        return UNSURE
    return said.pop() if len(newest) >= needs else NONE
