"""Who may do what with a case and a task, and in which state: two tables, and the sentences of what is refused."""

from __future__ import annotations

from dataclasses import dataclass

from ilex.cases.models import Case, Task

ALIVE = (Case.State.OPEN, Case.State.WAITING)


@dataclass(frozen=True)
class Rule:
    verb: str  # of units.rules
    states: tuple[str, ...]


CASE: dict[str, Rule] = {
    "edit": Rule("case.write", ALIVE),
    "assign": Rule("case.write", ALIVE),
    "note": Rule("case.write", (*ALIVE, Case.State.CLOSED)),
    "gather": Rule("case.write", ALIVE),  # requests, subjects, documents, links, checks
    "wake": Rule("case.write", ALIVE),
    "circle": Rule("case.write", (*ALIVE, Case.State.CLOSED)),
    "merge": Rule("case.write", ALIVE),
    "split": Rule("case.write", ALIVE),
    "close": Rule("case.write", ALIVE),
    "reopen": Rule("case.write", (Case.State.CLOSED,)),
    "task": Rule("task.send", ALIVE),
}

AT_WORK = (Task.State.SENT, Task.State.TAKEN)
WITH_THEM = (*AT_WORK, Task.State.ASKED)  # the authority has not said its last word
SPOKEN = (Task.State.ANSWERED, Task.State.RETURNED)  # it has; we must read and accept it
FOR_US = (Task.State.ASKED, *SPOKEN)
OVER = (Task.State.ACCEPTED, Task.State.WITHDRAWN)

TASK: dict[str, Rule] = {
    "take": Rule("task.answer", (Task.State.SENT,)),
    "answer": Rule("task.answer", WITH_THEM),
    "return": Rule("task.answer", WITH_THEM),
    "ask": Rule("task.answer", AT_WORK),
    "reply": Rule("task.send", (Task.State.ASKED,)),
    "send_back": Rule("task.send", SPOKEN),
    "accept": Rule("task.send", SPOKEN),
    "move": Rule("task.send", (*WITH_THEM, *SPOKEN)),
    "withdraw": Rule("task.send", (*WITH_THEM, *SPOKEN)),
}

# What each verb makes of a task. "reply" and "send_back" give it to who had it, or to all of the authority again.
BECOMES: dict[str, Task.State] = {
    "take": Task.State.TAKEN,
    "answer": Task.State.ANSWERED,
    "return": Task.State.RETURNED,
    "ask": Task.State.ASKED,
    "accept": Task.State.ACCEPTED,
    "withdraw": Task.State.WITHDRAWN,
}


def back_to(task: Task) -> Task.State:
    """The state of a task that goes to the authority again."""
    return Task.State.TAKEN if task.taken_by_id else Task.State.SENT
