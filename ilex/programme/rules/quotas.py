"""How many of a unit's nominations count against its quota."""

from __future__ import annotations

from collections.abc import Iterable

from ilex.programme.rules.nominations import HOLDS_A_PLACE


def counted(states: Iterable[str]) -> int:
    """How many of these hold a place of their unit's quota."""
    return sum(state in HOLDS_A_PLACE for state in states)


def over(quota: int, states: Iterable[str]) -> int:
    """By how many nominations a unit is over its quota; 0 when it is not."""
    return max(counted(states) - quota, 0)
