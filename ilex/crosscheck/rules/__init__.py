"""The plain rules of this room: names of records, opinions, thresholds, numbers without a type."""

from ilex.crosscheck.rules.ends import ORIGINS, REQUESTS, SUBJECTS, TYPED, End, pair_of
from ilex.crosscheck.rules.numbers import typed
from ilex.crosscheck.rules.opinions import DIFFERENT, JUDGED, NONE, SAME, UNSURE, Opinion, settled
from ilex.exchange.rules import Invalid, NotNow

__all__ = [
    "DIFFERENT",
    "JUDGED",
    "NONE",
    "ORIGINS",
    "REQUESTS",
    "SAME",
    "SUBJECTS",
    "TYPED",
    "UNSURE",
    "End",
    "Invalid",
    "NotNow",
    "Opinion",
    "pair_of",
    "settled",
    "typed",
]
