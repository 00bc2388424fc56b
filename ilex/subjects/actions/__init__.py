"""The verbs of this room, by noun."""

from ilex.subjects.actions.categories import change_category
from ilex.subjects.actions.links import link, withdraw_link
from ilex.subjects.actions.merges import merge, unmerge
from ilex.subjects.actions.receiving import Arrived, ArrivedLink, ArrivedStatement, receive
from ilex.subjects.actions.statements import correct, state, withdraw
from ilex.subjects.actions.subjects import add_subject, move_to_circle

__all__ = [
    "Arrived",
    "ArrivedLink",
    "ArrivedStatement",
    "add_subject",
    "change_category",
    "correct",
    "link",
    "merge",
    "move_to_circle",
    "receive",
    "state",
    "unmerge",
    "withdraw",
    "withdraw_link",
]
