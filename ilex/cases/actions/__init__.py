"""The verbs of this room, a file for each noun; the page of a case calls them, and so may higher rooms."""

from ilex.cases.actions.authority import answer, ask_back, return_task
from ilex.cases.actions.authority import take as take_task
from ilex.cases.actions.cases import assign, check_off, close, edit, note, open_case, outcome_name, reopen, take
from ilex.cases.actions.circles import change_circle, close_circle, open_circle
from ilex.cases.actions.gathering import (
    add_request,
    add_subject,
    link,
    remove_request,
    remove_subject,
    unlink,
)
from ilex.cases.actions.importing import Imported, import_cases
from ilex.cases.actions.joining import merge, split
from ilex.cases.actions.tasks import accept, move_due, reply, send_back, send_task, withdraw
from ilex.cases.actions.waking import wake, wake_on, woken

__all__ = [
    "Imported",
    "accept",
    "add_request",
    "add_subject",
    "answer",
    "ask_back",
    "assign",
    "change_circle",
    "check_off",
    "close",
    "close_circle",
    "edit",
    "import_cases",
    "link",
    "merge",
    "move_due",
    "note",
    "open_case",
    "open_circle",
    "outcome_name",
    "remove_request",
    "remove_subject",
    "reopen",
    "reply",
    "return_task",
    "send_back",
    "send_task",
    "split",
    "take",
    "take_task",
    "unlink",
    "wake",
    "wake_on",
    "withdraw",
    "woken",
]
