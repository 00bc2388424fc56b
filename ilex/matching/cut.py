"""Which of many candidates are worth comparing: those with the most weight of keys, and the likest signatures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

KEPT = 90  # candidates that are compared
ASKED = 400  # keys of one query
STEP_POSTINGS = (20_000, 10_000, 6_000)  # records that the lists of a step may bring; the surest come first
LIKENESS = 20.0  # how much full likeness of the signatures weighs beside the weights of the keys: measured

Rids = NDArray[np.int64]
Weights = NDArray[np.float32]


def gathered(lists: Sequence[Rids], weights: Sequence[float]) -> tuple[Rids, Weights]:
    """Every record of these posting lists once, with the sum of the weights of the lists it stands in."""
    if not lists:
        return np.empty(0, np.int64), np.empty(0, np.float32)
    sizes = [len(one) for one in lists]
    rids, where = np.unique(np.concatenate(lists), return_inverse=True)
    return rids, np.bincount(where, np.repeat(weights, sizes), len(rids)).astype(np.float32)


def best(rids: Rids, worth: Weights, kept: int = KEPT) -> Rids:
    """The worthiest, in an order that is the same for the same input: of equals the older record first."""
    return rids[np.lexsort((rids, -worth))[:kept]]
