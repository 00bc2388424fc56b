"""Neighbouring words of a name taken for one: Abd al Rahman and Abdulrahman, Good Will and Goodwill."""

from __future__ import annotations

from collections.abc import Sequence

from ilex.matching.facts import Part

REMEMBERED = 20_000

_joined: dict[tuple[tuple[str, str], ...], Part] = {}


def joined(run: Sequence[Part]) -> Part:
    """All as one word; remembered by their letters and how they were written."""
    key = tuple((part.plain, part.written) for part in run)
    found = _joined.get(key)
    if found is None:
        if len(_joined) >= REMEMBERED:
            _joined.clear()
        found = _joined[key] = _one_word(run)
    return found


def _one_word(run: Sequence[Part]) -> Part:
    skeletons = list(run[0].skeletons[:2])
    for part in run[1:]:
        skeletons = [one + other.removeprefix("A") for one in skeletons for other in part.skeletons[:2]]
    return Part(
        " ".join(part.written for part in run),
        "".join(part.plain for part in run),
        "".join(part.sound for part in run),
        tuple(dict.fromkeys(skeletons))[:6],
        frozenset(),
        "joined",
    )
