"""The state of a request, as it follows from what was said."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Facts:
    """What decides a request's state."""

    way: str
    recalled: bool = False
    closed: bool = False
    settled_as: str = ""
    question_open: bool = False
    judicial: bool = False
    partly: bool = False
    taken: bool = False


def state_of(facts: Facts) -> str:
    ranks = (
        (facts.closed, "closed"),
        (facts.recalled, "recalled"),
        (bool(facts.settled_as), facts.settled_as),
        (facts.question_open, "clarifying"),
        (facts.judicial, "judicial"),
        (facts.partly, "partly"),
        (facts.way == "out", "sent"),
        (facts.taken, "work"),
    )
    return next((state for holds, state in ranks if holds), "received")


def answer_settles(stage: str, settles: bool | None) -> bool:
    """A final answer deals with all that was asked, an interim one with nothing; a partial one if the officer says."""
    return stage == "final" or (stage == "partial" and bool(settles))


def refusal_settles(part: str, settles: bool | None) -> bool:
    """A whole refusal deals with all; of a refused part the officer says whether the rest was supplied before."""
    return not part or bool(settles)


# --- what may be done when ---

OPEN_IN = frozenset({"received", "work", "clarifying", "judicial", "partly"})
OPEN_OUT = frozenset({"sent", "clarifying", "judicial", "partly"})
OPEN = OPEN_IN | OPEN_OUT
SETTLED = frozenset({"answered", "refused"})
OVER = SETTLED | {"recalled", "closed"}
ANY = OPEN | OVER


@dataclass(frozen=True)
class Step:
    """One thing that may be done with a request: by whom, on which side, in which states."""

    verb: str  # of ilex.units.rules
    states: frozenset[str]
    way: str = ""  # "in", "out", or either
    information: bool = False  # also with own-initiative information


STEPS: dict[str, Step] = {
    "take": Step("request.answer", OPEN, information=True),
    "assign": Step("request.assign", OPEN, information=True),
    "set_access": Step("request.answer", OPEN_IN, "in"),
    "question": Step("request.answer", OPEN_IN, "in"),
    "give_clarification": Step("request.send", OPEN_OUT, "out"),
    "delay": Step("request.answer", OPEN_IN, "in"),
    "answer": Step("request.answer", OPEN_IN, "in"),
    "refuse": Step("request.refuse", OPEN_IN, "in"),
    "report_outcome": Step("request.send", SETTLED | {"partly", "closed"}, "out"),
    "note": Step("note.write", ANY, information=True),
    "close": Step("request.close", ANY - {"closed"}, information=True),
    "record_entry": Step("request.record", ANY - {"closed"}),
}

# What a partner can say by another channel, by the way of the request.
PARTNER_SAYS: dict[str, tuple[str, ...]] = {
    "in": ("clarification", "outcome", "recall"),
    "out": ("acknowledgement", "question", "delay", "answer", "refusal"),
}
