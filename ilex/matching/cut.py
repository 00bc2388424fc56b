"""Which of many candidates are worth comparing: those with the most weight of keys, and the likest signatures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

KEPT = 120  # candidates that are compared at the most
LEAST = 10  # compared in any case
ASKED = 400  # keys of one query
STEP_POSTINGS = (20_000, 10_000, 6_000)  # records that the lists of a step may bring; the surest come first
LIKENESS = 20.0  # how much full likeness of the signatures weighs beside the weights of the keys: measured
# A candidate that is worth less than this share of the one that compared best is not compared, nor are those after
# it. Measured at a million records: half as much is compared, and one or two of a thousand that are meant are missed.
FAR = 0.6
MOST = 36.0  # what the best one is worth at the most when others are measured by it
NEAR = FAR * MOST  # worth of which nobody is far
BEARS = 100.0  # what the very number says: more than any name, for a hundred namesakes must not come before its bearer
BEARERS = 40  # but a number that more records have is a firm's telephone or no number at all,
BORNE_BY_MANY = 12.0  # and says no more than this

Rids = NDArray[np.int64]
Weights = NDArray[np.float32]


def gathered(lists: Sequence[Rids], weights: Sequence[float]) -> tuple[Rids, Weights]:
    """Every record of these posting lists once, with the sum of the weights of the lists it stands in."""
    if not lists:
        return np.empty(0, np.int64), np.empty(0, np.float32)
    sizes = [len(one) for one in lists]
    rids, where = np.unique(np.concatenate(lists), return_inverse=True)
    return rids, np.bincount(where, np.repeat(weights, sizes), len(rids)).astype(np.float32)


def says(weight: float, size: int) -> float:
    """What a key of this weight says whose list is so long."""
    return BORNE_BY_MANY if weight >= BEARS and size > BEARERS else weight


def far(worth: float, of_the_best: float) -> bool:
    """Whether a candidate is so much less likely than the one that compared best that looking at it is in vain."""
    return worth < FAR * min(of_the_best, MOST)


def best(rids: Rids, worth: Weights, kept: int = KEPT) -> Rids:
    """The worthiest, in an order that is the same for the same input: of equals the older record first."""
    return rids[np.lexsort((rids, -worth))[:kept]]
