"""The verbs of this room."""

from ilex.approvals.actions.asking import ask, take_edits, withdraw
from ilex.approvals.actions.deciding import approve, note_alone, read, release_alone, return_

__all__ = ["approve", "ask", "note_alone", "read", "release_alone", "return_", "take_edits", "withdraw"]
