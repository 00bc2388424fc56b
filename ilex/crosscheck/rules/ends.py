"""How the two ends of a hit are named: by an origin and a key there."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

SUBJECTS = "subjects"  # of cases: the key is the subject's number
REQUESTS = "requests"  # subjects as letters name them: the key is the number of that row
TYPED = "typed"  # what an officer typed: the same words of the same officer have the same key
API = "api"  # what another national system asked
ORIGINS = (SUBJECTS, REQUESTS)  # of our own that are holdings too; every other origin is the code of a source


class End(NamedTuple):
    origin: str
    key: str


def pair_of(one: End, other: End) -> str:
    """The name of an edge: the same from either side."""
    ends = sorted([one, other])
    return hashlib.sha256("\0".join(part for end in ends for part in end).encode()).hexdigest()
