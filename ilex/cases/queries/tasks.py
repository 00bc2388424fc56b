"""Tasks as lists want them, and the time and the words that a new one may be given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Prefetch, Q, QuerySet
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.cases.models import Case, Task, TaskStep
from ilex.cases.queries.access import is_theirs, subjects_of, visible_tasks
from ilex.cases.rules import FOR_US, OVER, WITH_THEM
from ilex.documents.models import Document
from ilex.exchange.models import OPEN, Request
from ilex.sharing import queries as sharing
from ilex.subjects.models import Statement, Subject
from ilex.subjects.queries import statements_of
from ilex.subjects.values import in_words
from ilex.units.models import Officer
from ilex.units.rules import may
from ilex.words import casework, kinds

PAGE = 50
SHOWS = ("open", "overdue", "for-us", "over")
THEIR_SHOWS = ("open", "over")


def task_list(officer: Officer, show: str = "open", *, first: int = 0, count: int = PAGE) -> list[Task]:
    """The soonest due first. One more than `count` tells that there are more. Raises ValueError for an unknown show."""
    order = F("closed_at").desc(nulls_last=True) if show == "over" else F("due_at").asc()
    found = visible_tasks(officer).filter(shown(show, now())).select_related("authority", "case", "taken_by", "request")
    return list(found.order_by(order, "number")[first : first + count + 1])


def shown(show: str, at: datetime) -> Q:
    match show:
        case "open":
            return ~Q(state__in=OVER)
        case "overdue":
            return Q(state__in=WITH_THEM, due_at__lte=at)
        case "for-us":
            return Q(state__in=FOR_US)
        case "over":
            return Q(state__in=OVER)
    raise ValueError(f"There is no list {show!r} of tasks.")


def task_counts(officer: Officer, at: datetime | None = None) -> tuple[int, int]:
    """Overdue ones, and answers and questions that wait for us: the tiles of the desk."""
    found, at = visible_tasks(officer), at or now()
    return found.filter(shown("overdue", at)).count(), found.filter(shown("for-us", at)).count()


def waiting_for(officer: Officer) -> int:
    """For the navigation: what an authority's officer still has to answer; of the unit, what waits for it."""
    if may(officer, "case.read"):
        return visible_tasks(officer).filter(state__in=FOR_US).count()
    return visible_tasks(officer).filter(state__in=(Task.State.SENT, Task.State.TAKEN)).count()


def tasks_of(case: Case) -> list[Task]:
    return _whole(Task.objects.filter(case=case))


def tasks_of_request(request: Request, officer: Officer) -> list[Task]:
    return _whole(visible_tasks(officer).filter(request=request))


def _whole(found: QuerySet[Task]) -> list[Task]:
    steps = TaskStep.objects.select_related("by").order_by("at", "id")
    return list(
        found.select_related("authority", "taken_by").prefetch_related(Prefetch("steps", steps)).order_by("due_at")
    )


def papers_of_answer(task: Task, papers: Sequence[Document]) -> list[Document]:
    """Those that came from the authority. `made_by` is loaded with them."""
    return [paper for paper in papers if paper.made_by and paper.made_by.organisation_id == task.authority_id]


def content_is_shown(task: Task, officer: Officer) -> bool:
    """What was withdrawn the authority reads no longer."""
    return not (is_theirs(officer, task) and task.state == Task.State.WITHDRAWN)


def due_for(request: Request | None, at: datetime) -> casework.Due:
    """When a task sent now is due, by the legal clock of the request behind it, when one runs."""
    if request is None or request.due_at is None or request.state not in OPEN:
        return casework.due(at, None)
    return casework.due(at, request.due_at, request.stopped_at)


def stricter(handlings: Iterable[str]) -> str:
    """All the codes of these markings together: H1 and H2 make H1+H2, beside which H0 says nothing."""
    codes = {code for handling in handlings for code in handling.split("+") if code}
    return "+".join(sorted(codes - {"H0"})) or "H0"


def due_words(request: Request | None, due: casework.Due) -> str:
    """Why it is due then, as one sentence that both sides read."""
    if request is None or due.legal_at is None:
        return _(due.why)
    return _("%(ref)s, %(law)s: %(share)s") % {"ref": request.our_ref, "law": request.due_reason, "share": _(due.why)}


@dataclass(frozen=True)
class Offered:
    """One statement that could be shown to an authority, or the sentence that forbids it."""

    statement: Statement
    label: str
    value: str  # as people read it
    forbidden: str = ""
    conditions: str = ""


def offered(case: Case | None, officer: Officer, to: str) -> list[tuple[Subject, list[Offered]]]:
    """What is stated of the subjects of the case, and whether this authority may be shown it."""
    if case is None:
        return []
    return [(subject, list(_offered(subject, officer, to))) for subject, _role in subjects_of(case, officer)]


def _offered(subject: Subject, officer: Officer, to: str) -> Iterable[Offered]:
    for statement in statements_of(subject, officer):
        forbidden = sharing.forbids(statement, "forward", to) if to else ""
        value = in_words(subject.kind, statement.property, statement.value)
        yield Offered(statement, label_of(subject, statement), value, forbidden, sharing.conditions(statement))


def label_of(subject: Subject, statement: Statement) -> str:
    properties = kinds.kind(subject.kind).properties
    found = properties.get(statement.property)
    return _(found.label) if found else statement.property


def lines_shown(chosen: Sequence[UUID], offers: Sequence[tuple[Subject, list[Offered]]]) -> list[dict[str, Any]]:
    """The chosen statements as the authority will read them, without anything else of the subjects."""
    picked = []
    for subject, offered_here in offers:
        lines = [_line(offer) for offer in offered_here if offer.statement.pk in chosen]
        if lines:
            picked.append({"caption": _caption(subject, lines), "kind": subject.kind, "lines": lines})
    return picked


def _caption(subject: Subject, lines: Sequence[dict[str, str]]) -> str:
    """Its name, when a line that is shown says it; else only what kind of thing it is."""
    told = any(line["value"].strip() == subject.caption.strip() for line in lines)
    return subject.caption if told else ""


def _line(offer: Offered) -> dict[str, str]:
    statement = offer.statement
    return {
        "statement": str(statement.pk),
        "label": offer.label,
        "value": offer.value,
        "language": statement.language,
        "handling": statement.handling,
        "note": offer.conditions or statement.handling_note,
    }
