"""The table of what may become of a nomination, and how long it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

# Each step, the states from which it may be taken, and the state it leads to.
MAY: Final[Mapping[str, tuple[frozenset[str], str]]] = {
    # at home
    "choose": (frozenset({"proposed", "dropped"}), "chosen"),
    "drop": (frozenset({"proposed", "chosen"}), "dropped"),
    "send": (frozenset({"chosen"}), "sent"),
    "turned-away": (frozenset({"sent"}), "chosen"),  # the organiser's node did not take the message in
    "withdraw": (frozenset({"sent", "waiting", "confirmed"}), "withdrawn"),
    # at the organiser's, and at home once he has told it
    "confirm": (frozenset({"sent", "waiting"}), "confirmed"),
    "wait": (frozenset({"sent", "confirmed"}), "waiting"),
    "decline": (frozenset({"sent", "waiting", "confirmed"}), "declined"),
    "attend": (frozenset({"confirmed", "waiting", "absent"}), "attended"),
    "miss": (frozenset({"confirmed", "waiting", "attended"}), "absent"),
}

AT_HOME: Final = frozenset({"proposed", "dropped", "chosen"})  # nobody outside has heard of these
HOLDS_A_PLACE: Final = frozenset({"chosen", "sent", "waiting", "confirmed", "attended", "absent"})
OVER: Final = frozenset({"dropped", "withdrawn", "declined"})  # the same person may be nominated anew

QUESTIONS: Final = ("content", "method", "use", "organisation")  # of the evaluation, answered with 1 to 5


def leads_to(step: str) -> str:
    return MAY[step][1]


def erase_day(keep_days: int, last: date | None, otherwise: date) -> date:
    """The day on which names go: so many days after the activity, or after `otherwise` when no day of it is known."""
    keep = timedelta(days=keep_days)
    return min(last or otherwise, date.max - keep) + keep
