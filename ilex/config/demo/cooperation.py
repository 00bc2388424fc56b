"""What one unit of the demonstration does with the others, beside its requests, by the real verbs.

Each move looks first whether it is done already, so that a demonstration that was cut short goes on where it stood.
"""

from __future__ import annotations

from collections.abc import Sequence

from ilex.config.demo import giving, meeting
from ilex.config.demo.part import Move, Part

LEADS: tuple[Move, ...] = (meeting.hold_workshop, meeting.decide, meeting.record, meeting.tell_news)
TAKES_PART: tuple[Move, ...] = (meeting.nominate, meeting.travel, meeting.evaluate)
EVERYBODY: tuple[Move, ...] = (giving.ask, giving.give, giving.accept, giving.propose_agreement, giving.agree)


def part_of(code: str, units: Sequence[str]) -> Part:
    """All moves of this unit among these."""
    part = Part(code, units)
    visit = meeting.plan_visit if part.hosts else meeting.propose_for_visit
    part.rest = [*(LEADS if part.leads else TAKES_PART), visit, *EVERYBODY]
    return part
