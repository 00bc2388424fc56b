"""How a date is used by those peers that know none: the obvious way, over the likest names."""

from __future__ import annotations

KNOWN = 200  # names among which the date decides
NAME, DATE = 0.75, 0.25


def dated(likeness: float, asked: str, held: str) -> float:
    """The likeness of the names alone when no date is asked for; else a quarter of the score is the date's."""
    return NAME * likeness + DATE * _agreement(asked, held) if asked else likeness


def _agreement(asked: str, held: str) -> float:
    if not held:
        return 0.5
    if asked == held:
        return 1.0
    return 0.6 if asked[:4] == held[:4] else 0.0
