"""Who hosts next: activities spread evenly over locations, also over time, and the hosting goes round.

S4-21 of the seeds asks for it: trainings are divided evenly between all locations.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date


def spread(
    locations: Sequence[str], count: int, held: Mapping[str, int] | None = None, last: Mapping[str, date] | None = None
) -> list[str]:
    """The locations of the next activities, in their order.

    Each goes to whoever hosted least; among these to whoever waits longest, and then in the order given. So after
    every single one no location is more than one ahead of another, unless it already was (`held`), and then the
    others catch up first. `last` are the days on which a location hosted last; one that never did waits longest.
    """
    if count < 0:
        raise ValueError("The number of activities cannot be less than zero.")
    if not locations and count:
        raise ValueError("Name at least one location.")
    if len(set(locations)) != len(locations):
        raise ValueError("A location stands twice.")
    hosted = {one: (held or {}).get(one, 0) for one in locations}
    waits = {one: ((last or {}).get(one, date.min), place) for place, one in enumerate(locations)}
    chosen: list[str] = []
    for turn in range(count):
        one = min(locations, key=lambda name: (hosted[name], waits[name]))
        hosted[one] += 1
        waits[one] = (date.max, turn)  # behind all that have not had a turn since
        chosen.append(one)
    return chosen


def short(hosted: Mapping[str, int]) -> dict[str, int]:
    """How many activities each location is behind the one that hosted most; only those more than one behind."""
    most = max(hosted.values(), default=0)
    return {name: most - count for name, count in hosted.items() if most - count > 1}
