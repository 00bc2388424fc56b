"""What can be done now with a case or a task, and which of it is the one main thing."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from ilex.cases.models import Case, Task
from ilex.cases.queries.access import is_theirs
from ilex.cases.rules import CASE, FOR_US, OVER, TASK, WITH_THEM
from ilex.exchange import queries as exchange
from ilex.exchange.models import Request, State
from ilex.exchange.queries import NextStep
from ilex.subjects.models import Subject
from ilex.units.models import Officer
from ilex.units.rules import may

# A settled request that is only not closed yet holds no case up.
ANSWERED = (State.ANSWERED, State.REFUSED, State.RECALLED, State.CLOSED)


def case_steps(case: Case, officer: Officer) -> set[str]:
    return {name for name in CASE if case_allowed(name, case, officer)}


def case_allowed(name: str, case: Case, officer: Officer) -> bool:
    rule = CASE[name]
    return case.state in rule.states and may(officer, rule.verb)


def task_steps(task: Task, officer: Officer) -> set[str]:
    return {name for name in TASK if task_allowed(name, task, officer)}


def task_allowed(name: str, task: Task, officer: Officer) -> bool:
    """The authority's own verbs are for its officers; what the unit does, no officer of the authority may."""
    rule = TASK[name]
    side = is_theirs(officer, task) == (rule.verb == "task.answer")
    return side and task.state in rule.states and may(officer, rule.verb)


def woken(case: Case) -> bool:
    return case.state == Case.State.OPEN and case.wake_at is not None and case.wake_at <= localdate()


def next_step(
    case: Case,
    officer: Officer,
    requests: Sequence[Request],
    tasks: Sequence[Task],
    subjects: Sequence[tuple[Subject, str]] = (),
) -> NextStep | None:
    """The one main thing to do; none while everything that can be done waits for somebody else."""
    can = case_steps(case, officer)
    if "wake" in can and woken(case):
        return NextStep(_("This is seen to"), reverse("case-woken", args=[case.number]), "post", case.wake_why)
    if "assign" in can and case.owner_id is None:
        return NextStep(_("Take this case"), reverse("case-take", args=[case.number]), "post")
    if not requests and not tasks:
        return _at_first(case, can, subjects)
    return _of_task(tasks) or _of_request(requests, officer) or _at_rest(case, can, requests, tasks)


def _of_task(tasks: Sequence[Task]) -> NextStep | None:
    spoke = [task for task in tasks if task.state in FOR_US]
    if spoke:
        task = min(spoke, key=lambda one: one.due_at)
        words = _("Answer the question") if task.state == Task.State.ASKED else _("Read the answer")
        return NextStep(words, reverse("task", args=[task.number]), why=f"{task.number} · {task.authority}")
    late = [task for task in tasks if task.state in WITH_THEM and task.due_at <= now()]
    if late:
        task = min(late, key=lambda one: one.due_at)
        return NextStep(_("See the overdue task"), reverse("task", args=[task.number]), why=str(task.authority))
    return None


def _of_request(requests: Sequence[Request], officer: Officer) -> NextStep | None:
    for request in requests:
        step = exchange.next_step(request, officer)
        if step is not None and request.state not in ANSWERED:
            why = _("%(step)s: %(partner)s") % {"step": step.label, "partner": request.partner.name}
            words = _("Go on with %(ref)s") % {"ref": request.our_ref}
            return NextStep(words, reverse("request", args=[request.our_ref]), why=why)
    return None


def _at_first(case: Case, can: set[str], subjects: Sequence[tuple[Subject, str]]) -> NextStep | None:
    """Of a case in which nothing was asked yet: first whom or what it is about, then somebody is asked."""
    if case.wake_at is not None:
        return None
    if "gather" in can and not subjects:
        why = _("Write down whom or what the case is about.")
        return NextStep(_("Put a subject in"), reverse("case-subjects", args=[case.number]), why=why)
    if "task" in can:
        why = _("Nobody was asked anything yet.")
        return NextStep(_("Task to an authority"), reverse("case-task", args=[case.number]), why=why)
    return None


def _at_rest(case: Case, can: set[str], requests: Sequence[Request], tasks: Sequence[Task]) -> NextStep | None:
    waits = any(request.state not in ANSWERED and request.kind == "request" for request in requests)
    waits = waits or any(task.state not in OVER for task in tasks) or case.wake_at is not None
    if "close" in can and not waits:
        return NextStep(
            _("Close the case"), reverse("case-close", args=[case.number]), why=_("Nothing waits any more.")
        )
    return None
