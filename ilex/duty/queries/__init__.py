"""Named reads of this room."""

from ilex.duty.queries.absence import delegations, deputies, stands_in_for
from ilex.duty.queries.roster import Day, Week, names_on_duty, on_duty, planned, present_shift, to_take_over, week
from ilex.duty.queries.shiftlog import log

__all__ = [
    "Day",
    "Week",
    "delegations",
    "deputies",
    "log",
    "names_on_duty",
    "on_duty",
    "planned",
    "present_shift",
    "stands_in_for",
    "to_take_over",
    "week",
]
