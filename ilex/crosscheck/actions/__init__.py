"""The verbs of this room, by noun."""

from ilex.crosscheck.actions.accesses import close_access, give_access
from ilex.crosscheck.actions.drafting import draft_from_hits
from ilex.crosscheck.actions.judging import judge, undo
from ilex.crosscheck.actions.looking import look
from ilex.crosscheck.actions.thresholds import drop_threshold, set_threshold
from ilex.crosscheck.actions.watching import unwatch, watch

__all__ = [
    "close_access",
    "draft_from_hits",
    "drop_threshold",
    "give_access",
    "judge",
    "look",
    "set_threshold",
    "undo",
    "unwatch",
    "watch",
]
