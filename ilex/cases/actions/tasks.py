"""What the unit does with a task: sends it, answers questions, accepts or sends back, moves its date, withdraws it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.cases.actions import holding, numbers
from ilex.cases.actions.holding import fitting, written
from ilex.cases.models import Case, Task, TaskStep
from ilex.cases.queries.access import authorities, visible_tasks
from ilex.cases.queries.steps import task_allowed
from ilex.cases.queries.tasks import due_for, due_words, lines_shown, offered, stricter
from ilex.cases.rules import BECOMES, TASK, back_to
from ilex.documents import actions as documents
from ilex.documents.models import Document
from ilex.exchange import queries as exchange
from ilex.exchange.models import Request
from ilex.exchange.rules import Invalid, NotNow, Unconfirmed, Warning
from ilex.gate.models import Attachment
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.units.models import Officer, Organisation
from ilex.units.rules import check
from ilex.web.moments import moment_text
from ilex.words import law

SLACK = timedelta(minutes=1)  # what a form without seconds may differ
FARTHEST = timedelta(days=730)


def send_task(
    officer: Officer,
    *,
    authority: Organisation,
    title: str,
    text: str,
    case: Case | None = None,
    request: Request | None = None,
    chosen: Collection[UUID] = (),
    handling: str = "H0",
    handling_note: str = "",
    due_at: datetime | None = None,
    due_why: str = "",
    confirmed: bool = False,
) -> Task:
    """Put a task to an authority. `chosen`: statements of the case's subjects that it is shown; it sees nothing else.

    Raises Invalid with a sentence for each wrong field; Unconfirmed when it is due only after the legal deadline and
    the officer has not said that he knows.
    """
    check(officer, "task.send")
    at = now()
    with act("task.sent", Operation.DISCLOSURE, by=officer, case=case.number if case else "") as this:
        if case is not None:
            case = holding.locked(officer, "task", case)
        _must_belong(officer, case, request)
        _must_be_manned(authority)
        shown, stated = _shown(officer, case, authority, chosen)
        code, note = _handling(handling, handling_note, stated)
        due, reason = _due(request, due_at, due_why, at, confirmed=confirmed)
        task = Task(
            number=numbers.take(numbers.TASKS, at)[0],
            case=case,
            request=request,
            authority=authority,
            title=written("title", " ".join(title.split()), _("Give the task a title."), longest=300),
            text=written("text", text, _("Write what the authority is asked to do.")),
            shown=shown,
            handling=code,
            handling_note=note,
            due_at=due,
            due_reason=reason,
            sent_at=at,
            sent_by=officer,
        )
        task.save(force_insert=True)
        TaskStep.objects.create(task=task, kind=TaskStep.Kind.SENT, at=at, by=officer)
        this.on, this.recipients = ("task", str(task.pk)), [authority.pk]
        this.detail |= {"number": task.number, "statements": [line["statement"] for line in stated], "due": due}
        if case is not None:
            holding.change(case, changed_at=at)
    return task


def _must_belong(officer: Officer, case: Case | None, request: Request | None) -> None:
    if case is None and request is None:
        raise Invalid({"request": _("A task belongs to a case or to a request.")})
    if request is not None and not exchange.visible_requests(officer).filter(pk=request.pk).exists():
        raise PermissionDenied
    if case is not None and request is not None and not case.case_requests.filter(request=request).exists():
        raise Invalid({"request": _("This request is not in the case.")})


def _must_be_manned(authority: Organisation) -> None:
    if not authorities().filter(pk=authority.pk).exists():
        raise Invalid({"authority": _("No officer of %(name)s signs in here.") % {"name": authority.name}})


def _shown(
    officer: Officer, case: Case | None, authority: Organisation, chosen: Collection[UUID]
) -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
    """What the authority will read, and its lines one by one. Raises Invalid for what a code forbids."""
    offers = offered(case, officer, authority.pk)
    known = {offer.statement.pk: offer for _subject, row in offers for offer in row}
    if missing := set(chosen) - set(known):
        raise Invalid({"shown": _("%(count)d of the lines are not there any more.") % {"count": len(missing)}})
    for pk in chosen:
        if known[pk].forbidden:
            raise Invalid({"shown": f"{known[pk].label}: {known[pk].forbidden}"})
    shown = lines_shown(list(chosen), offers)
    stated: list[dict[str, str]] = [line for part in shown for line in part["lines"]]
    return shown, stated


def _handling(handling: str, note: str, stated: Sequence[dict[str, str]]) -> tuple[str, str]:
    """The strictest of all, with what H3 says in words."""
    code = stricter([handling, *(line["handling"] for line in stated)])
    try:
        needed = any(entry.needs_note for entry in law.handling(code))
    except law.LawError:
        raise Invalid({"handling": _("Choose the handling code from the list.")}) from None
    notes = [note.strip(), *(line["note"] for line in stated)]
    words = "\n".join(dict.fromkeys(one for one in notes if one))
    if needed and not words:
        raise Invalid({"handling_note": _("This handling code needs its conditions in words.")})
    return code, fitting("handling_note", words)


def _due(
    request: Request | None, wanted: datetime | None, why: str, at: datetime, *, confirmed: bool
) -> tuple[datetime, str]:
    """The date and why. Shorter is free, longer needs a reason, after the legal deadline a word that this is known."""
    given = due_for(request, at)
    reason, why = due_words(request, given), fitting("due_why", why, longest=150)
    if wanted is None:
        return given.at, reason[:300]
    if wanted <= at or wanted > at + FARTHEST:
        raise Invalid({"due_at": _("Choose a moment in the future, within two years.")})
    if wanted > given.at + SLACK and not why:
        raise Invalid({"due_why": _("Say why the authority gets more time than the rule gives.")})
    if given.legal_at is not None and at < given.legal_at < wanted and not confirmed:
        words = {"due": moment_text(wanted), "legal": moment_text(given.legal_at)}
        sentence = _("The task is due %(due)s, after the legal deadline of the request, %(legal)s.") % words
        raise Unconfirmed([Warning("after-the-deadline", sentence)])
    if abs(wanted - given.at) <= SLACK:
        return given.at, reason[:300]
    changed = _("longer: %(why)s") if wanted > given.at else _("shorter: %(why)s")
    said = "; ".join([reason, changed % {"why": why} if why else _("shorter")])
    return wanted, said[:300]


def reply(officer: Officer, task: Task, text: str) -> None:
    """Answer what the authority asked back."""
    text = written("text", text, _("Write the answer to their question."))
    with acting("reply", officer, task) as row:
        turn(row, "reply", back_to(row))
        said(row, TaskStep.Kind.REPLIED, officer, text)


def accept(officer: Officer, task: Task) -> None:
    """The answer is good, or it is true that it cannot be done."""
    with acting("accept", officer, task) as row:
        turn(row, "accept", BECOMES["accept"], closed_at=now(), read_at=row.read_at or now())
        said(row, TaskStep.Kind.ACCEPTED, officer)


def send_back(
    officer: Officer,
    task: Task,
    why: str,
    *,
    due_at: datetime | None = None,
    due_why: str = "",
    confirmed: bool = False,
) -> None:
    """Something is missing: they go on with it, until the same moment or a new one."""
    why = written("text", why, _("Say what is missing."))
    with acting("send_back", officer, task) as row:
        due, reason = row.due_at, row.due_reason
        if due_at is not None:
            due, reason = _due(row.request, due_at, due_why or why[:150], now(), confirmed=confirmed)
        turn(row, "send_back", back_to(row), due_at=due, due_reason=reason, read_at=None)
        said(row, TaskStep.Kind.SENT_BACK, officer, why)


def move_due(officer: Officer, task: Task, due_at: datetime, why: str = "", *, confirmed: bool = False) -> None:
    with acting("move", officer, task) as row:
        due, reason = _due(row.request, due_at, why, now(), confirmed=confirmed)
        turn(row, "move", Task.State(row.state), due_at=due, due_reason=reason)
        # Not the reason of the law: it names the request, which the authority does not see.
        said(row, TaskStep.Kind.MOVED, officer, ": ".join(part for part in (moment_text(due), why.strip()) if part))


def withdraw(officer: Officer, task: Task, why: str) -> None:
    """It is no longer needed. The authority reads no more than that, and why."""
    why = written("text", why, _("Say why it is withdrawn."))
    with acting("withdraw", officer, task) as row:
        turn(row, "withdraw", BECOMES["withdraw"], closed_at=now())
        said(row, TaskStep.Kind.WITHDRAWN, officer, why)


def keep_papers(officer: Officer, task: Task, papers: Sequence[Attachment]) -> list[Document]:
    return [documents.keep(paper, ("task", task.pk), by=officer, handling=task.handling) for paper in papers]


# --- what every verb on a task shares ---


@contextmanager
def acting(verb: str, officer: Officer, task: Task, name: str = "") -> Iterator[Task]:
    """The act of one verb on a task: the row held and checked, one journal line."""
    number = task.case.number if task.case else ""
    named = name or f"task.{verb.replace('_', '-')}"
    with act(named, Operation.ALTERATION, by=officer, on=("task", str(task.pk)), case=number):
        yield locked(officer, verb, task)


def locked(officer: Officer, verb: str, task: Task) -> Task:
    """The task as it is now. Raises PermissionDenied when he may not do or see this, NotNow when it is late."""
    check(officer, TASK[verb].verb)
    row = (
        visible_tasks(officer)
        .select_for_update(of=("self",), no_key=True)
        .select_related("case", "request__partner", "authority")
        .filter(pk=task.pk)
        .first()
    )
    if row is None:
        raise PermissionDenied
    if not task_allowed(verb, row, officer):
        if row.state in TASK[verb].states:
            raise PermissionDenied(_("This is for the other side to do."))
        words = {"number": row.number, "state": row.get_state_display()}
        raise NotNow(_("%(number)s is in the state “%(state)s”: this can no longer be done.") % words)
    return row


def turn(task: Task, verb: str, to: Task.State, **columns: object) -> None:
    """Change the state in one statement; the row is held, so zero rows cannot be."""
    Task.objects.filter(pk=task.pk, state__in=TASK[verb].states).update(state=to, **columns)
    task.state = to
    for name, value in columns.items():
        setattr(task, name, value)
    if task.case is not None:
        holding.change(task.case)


def said(task: Task, kind: TaskStep.Kind, by: Officer, text: str = "") -> TaskStep:
    return TaskStep.objects.create(task=task, kind=kind, at=now(), by=by, text=text)
