"""What an authority's officer does with a task of his organisation: takes, asks back, answers, returns it."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.cases.actions.holding import written
from ilex.cases.actions.tasks import acting, keep_papers, said, turn
from ilex.cases.models import Task, TaskStep
from ilex.cases.rules import BECOMES
from ilex.gate.models import Attachment
from ilex.units.models import Officer


def take(officer: Officer, task: Task) -> None:
    """I work on it; colleagues of my organisation can still answer it."""
    with acting("take", officer, task) as row:
        turn(row, "take", BECOMES["take"], taken_at=now(), taken_by=officer)
        said(row, TaskStep.Kind.TAKEN, officer)


def ask_back(officer: Officer, task: Task, text: str) -> None:
    """Something is not clear: the unit must answer first. The due date stays."""
    text = written("text", text, _("Write the question."))
    with acting("ask", officer, task) as row:
        _speak(officer, row, "ask")
        said(row, TaskStep.Kind.ASKED, officer, text)


def answer(officer: Officer, task: Task, text: str, papers: Sequence[Attachment] = ()) -> None:
    """The answer, in words and documents. A later one, after the task was sent back, takes the place of the first."""
    text = written("text", text, _("Write the answer; documents alone say too little."))
    with acting("answer", officer, task) as row:
        _speak(officer, row, "answer", answer=text)
        said(row, TaskStep.Kind.ANSWERED, officer, text)
        keep_papers(officer, row, papers)


def return_task(officer: Officer, task: Task, why: str) -> None:
    """It cannot be done, and why."""
    why = written("text", why, _("Say why it cannot be done."))
    with acting("return", officer, task) as row:
        _speak(officer, row, "return", answer=why)
        said(row, TaskStep.Kind.RETURNED, officer, why)


def _speak(officer: Officer, task: Task, verb: str, **columns: object) -> None:
    at = now()
    if task.taken_by_id is None:  # whoever speaks for the authority has taken it
        columns |= {"taken_at": at, "taken_by": officer}
    turn(task, verb, BECOMES[verb], answered_at=at, answered_by=officer, read_at=None, **columns)
