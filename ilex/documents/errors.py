"""What can go wrong, as one sentence for a person."""

from __future__ import annotations


class Refused(Exception):
    """One clear sentence; nothing was changed."""
