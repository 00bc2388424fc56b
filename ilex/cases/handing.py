"""What this room hands to the rooms below it at start-up: where a request or subject is used, who sees papers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ilex.cases import actions, queries
from ilex.cases.models import Case, Task
from ilex.cases.queries.names import case_number, task_number
from ilex.cases.rules import ALIVE
from ilex.documents import owners
from ilex.exchange import uses as of_requests
from ilex.exchange.models import Request
from ilex.exchange.rules import NotNow
from ilex.sharing import cases as of_releases
from ilex.subjects import uses as of_subjects
from ilex.subjects.models import Subject
from ilex.subjects.queries import members
from ilex.units.models import Officer
from ilex.units.rules import may

MOST = 50


def hand_in() -> None:
    of_requests.register("cases", of_requests.Use(gettext_lazy("Cases"), request_cases, request_steps))
    of_requests.register("tasks", of_requests.Use(gettext_lazy("Tasks to authorities"), request_tasks))
    of_subjects.register(of_subjects.Use(gettext_lazy("Cases"), subject_cases, order=10))
    of_subjects.register_case(put_in)
    owners.register(
        owners.Owner("case", gettext_lazy("Case"), queries.cases_seen, case_page, name=case_number, case=case_number)
    )
    owners.register(
        owners.Owner("task", gettext_lazy("Task"), queries.tasks_seen, task_page, name=task_number, case=task_case)
    )
    of_releases.register(
        of_releases.CaseDoor(open_cases=open_cases, may_see=may_see, subjects=subjects, attach=attach, page=page)
    )


# --- requests ---


def request_cases(request: Request, officer: Officer) -> Iterator[of_requests.Row]:
    if not may(officer, "case.read"):
        return
    found = queries.visible_cases(officer).filter(case_requests__request=request).order_by("-changed_at")
    for case in found.defer("search")[:MOST]:
        note = "" if queries.needs_reason(officer) else case.title
        yield of_requests.Row(case.number, reverse("case", args=[case.number]), note)


def request_tasks(request: Request, officer: Officer) -> Iterator[of_requests.Row]:
    if not may(officer, "case.read"):
        return
    for task in queries.visible_tasks(officer).filter(request=request).select_related("authority").order_by("due_at"):
        note = f"{task.authority} · {task.get_state_display()}"
        yield of_requests.Row(task.number, reverse("task", args=[task.number]), note, task.due_at)


def request_steps(request: Request, officer: Officer) -> Iterator[of_requests.Row]:
    if may(officer, "case.write"):
        query = urlencode({"request": request.our_ref})
        yield of_requests.Row(_("Open a case"), f"{reverse('case-new')}?{query}")
    if may(officer, "task.send") and request.state not in ("recalled", "closed"):
        yield of_requests.Row(_("Task to an authority"), reverse("request-task", args=[request.our_ref]))


# --- subjects ---


def subject_cases(subject: Subject, officer: Officer) -> Iterator[of_subjects.Row]:
    if not may(officer, "case.read"):
        return
    found = queries.visible_cases(officer).filter(case_subjects__subject__in=members(subject)).distinct()
    roles = dict(subject.case_subjects.exclude(role="").values_list("case", "role"))
    for case in found.order_by("-changed_at").defer("search")[:MOST]:
        note = " · ".join(part for part in (roles.get(case.pk, ""), str(case.get_state_display())) if part)
        yield of_subjects.Row(f"{case.number} {case.title}", reverse("case", args=[case.number]), note)


def put_in(officer: Officer, number: str, subject: Subject, role: str) -> str:
    """The page of the case into which the subject went; empty when this officer may put nothing into it."""
    try:
        attach(officer, number, [subject], role)
    except (Case.DoesNotExist, NotNow, PermissionDenied):
        return ""
    return page(number)


# --- documents ---


def case_page(id: UUID) -> str:
    return reverse("case", args=[case_number(id)])


def task_page(id: UUID) -> str:
    return reverse("task", args=[task_number(id)])


def task_case(id: UUID) -> str:
    return Task.objects.filter(pk=id).values_list("case__number", flat=True).first() or ""


# --- releases ---


def open_cases(officer: Officer) -> Iterable[tuple[str, str]]:
    if not may(officer, "case.write"):
        return []
    found = queries.visible_cases(officer).filter(state__in=ALIVE).order_by("-changed_at")
    return list(found.values_list("number", "title")[:MOST])


def may_see(officer: Officer, number: str) -> bool:
    return may(officer, "case.read") and queries.visible_cases(officer).filter(number=number).exists()


def subjects(officer: Officer, number: str) -> Iterable[Subject]:
    if not may_see(officer, number):
        return []
    return [subject for subject, _role in queries.subjects_of(queries.case_for(officer, number), officer)]


def attach(officer: Officer, number: str, chosen: Collection[Subject], role: str = "") -> None:
    case = queries.case_for(officer, number)
    with transaction.atomic():
        for subject in chosen:
            actions.add_subject(officer, case.merged_into or case, subject, role)


def page(number: str) -> str:
    return reverse("case", args=[number])
