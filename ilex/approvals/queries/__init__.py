"""Named reads of this room."""

from ilex.approvals.queries.access import approval_for, may_approve, may_see, to_approve, visible
from ilex.approvals.queries.lists import asked_by, count_for, returned_to, to_note, waiting_for, with_recipients
from ilex.approvals.queries.reach import may_release_alone, places_of

__all__ = [
    "approval_for",
    "asked_by",
    "count_for",
    "may_approve",
    "may_release_alone",
    "may_see",
    "places_of",
    "returned_to",
    "to_approve",
    "to_note",
    "visible",
    "waiting_for",
    "with_recipients",
]
