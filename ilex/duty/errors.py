"""What the verbs of this room raise: one clear sentence; nothing was changed."""

from __future__ import annotations


class NotNow(Exception):
    """What was asked is not right, or somebody was faster."""
