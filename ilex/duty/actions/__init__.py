"""The verbs of this room."""

from ilex.duty.actions.absence import delegate, end_delegation
from ilex.duty.actions.shifts import hand_over, plan, remove, take_over, write_line

__all__ = ["delegate", "end_delegation", "hand_over", "plan", "remove", "take_over", "write_line"]
