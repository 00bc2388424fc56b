"""Loading is permission: what an officer may not see does not exist for him."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.cases.models import Case, Task
from ilex.cases.queries.names import remember
from ilex.cases.rules import FOR_US
from ilex.exchange import queries as exchange
from ilex.exchange.models import Request
from ilex.exchange.rules import Invalid
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.subjects import queries as subjects
from ilex.subjects.models import Subject
from ilex.units.models import Officer, Organisation, Role
from ilex.units.rules import check, may, must_give_a_reason


def visible(officer: Officer, prefix: str = "") -> Q:
    """Cases in a closed circle are seen by its officers alone; the data-protection officer sees all, with a reason."""
    if must_give_a_reason(officer):
        return Q()
    return Q(**{f"{prefix}circle": None}) | Q(**{f"{prefix}circle__in": officer.circles.values("pk")})


def visible_cases(officer: Officer) -> QuerySet[Case]:
    check(officer, "case.read")
    return Case.objects.filter(visible(officer))


def case_for(officer: Officer, number: str) -> Case:
    """The case of this number, also one that was merged. Raises Case.DoesNotExist, also when it is not for him."""
    return visible_cases(officer).select_related("owner", "circle", "merged_into", "split_from").get(number=number)


def visible_tasks(officer: Officer) -> QuerySet[Task]:
    """Officers of the unit see those of cases and requests that they may see; an authority's officer its own."""
    seen = Q(pk__in=[])
    if may(officer, "case.read"):
        seen = _unless("case", visible(officer, "case__")) & _unless("request", exchange.visible(officer, "request__"))
    if may(officer, "task.answer"):
        seen |= Q(authority=officer.organisation_id)
    else:
        check(officer, "case.read")
    return Task.objects.filter(seen)


def _unless(field: str, seen: Q) -> Q:
    """What is seen, or has none. An empty condition sees all: an OR would drop it."""
    return Q(**{field: None}) | seen if seen else Q(pk__isnull=False)


def task_for(officer: Officer, number: str) -> Task:
    """Raises Task.DoesNotExist, also when it is not for this officer."""
    found = visible_tasks(officer).select_related("case", "request__partner", "authority", "sent_by", "taken_by")
    return found.get(number=number)


def is_theirs(officer: Officer, task: Task) -> bool:
    """Whether he reads the task as its authority does, and not as the unit."""
    return task.authority_id == officer.organisation_id and may(officer, "task.answer")


def requests_of(case: Case, officer: Officer) -> list[Request]:
    """Those he may see, the soonest deadline first."""
    found = exchange.visible_requests(officer).filter(case_requests__case=case)
    rows = list(found.select_related("partner__place", "owner"))
    return sorted(rows, key=lambda one: (one.due_at is None or one.settled_at is not None, one.due_at, one.our_ref))


def subjects_of(case: Case, officer: Officer) -> list[tuple[Subject, str]]:
    """Those he may see, by name, each with its role in the case."""
    roles = dict(case.case_subjects.values_list("subject", "role"))
    found = (
        subjects.visible_subjects(officer).filter(pk__in=roles).select_related("merged_into").order_by("order", "pk")
    )
    standing: dict[UUID, tuple[Subject, str]] = {}
    for subject in found:
        stands = subject.merged_into or subject
        standing.setdefault(stands.pk, (stands, roles[subject.pk]))
    return list(standing.values())


def cases_seen(officer: Officer, ids: Collection[UUID]) -> set[UUID]:
    """Of these cases, those that he may see: for the documents that lie in them."""
    if not may(officer, "case.read"):
        return set()
    return set(remember(visible_cases(officer).filter(pk__in=ids).values_list("pk", "number")))


def tasks_seen(officer: Officer, ids: Collection[UUID]) -> set[UUID]:
    if not (may(officer, "case.read") or may(officer, "task.answer")):
        return set()
    found = visible_tasks(officer).filter(pk__in=ids)
    if not may(officer, "case.read"):
        found = found.exclude(state=Task.State.WITHDRAWN)
    return set(remember(found.values_list("pk", "number")))


def authorities() -> QuerySet[Organisation]:
    """Those that can be given a task: an officer of theirs signs in here."""
    manned = Officer.objects.filter(is_active=True, roles__contains=[Role.AUTHORITY]).values("organisation")
    return Organisation.objects.filter(pk__in=manned).exclude(kind=Organisation.Kind.UNIT).order_by("name")


def needs_reason(officer: Officer) -> bool:
    return must_give_a_reason(officer)


def justified(officer: Officer, reason: str) -> str:
    """Why he reads, for the journal. Raises Invalid("reason") when a supervisor gives none."""
    if reason.strip():
        return reason.strip()
    if needs_reason(officer):
        raise Invalid({"reason": _("Type a reason first: your role reads cases to supervise.")})
    return "handling"


def consult(officer: Officer, case: Case, reason: str = "") -> None:
    """Write that this officer opens the case. Raises Invalid("reason")."""
    why = justified(officer, reason)
    with act(
        "case.opened", Operation.CONSULTATION, by=officer, on=("case", str(case.pk)), case=case.number, reason=why
    ):
        pass


def consult_task(officer: Officer, task: Task, reason: str = "") -> None:
    """Write that this officer opens the task; of an answer the first who works on it has read it."""
    why = "handling" if is_theirs(officer, task) else justified(officer, reason)
    number = task.case.number if task.case else ""
    with act("task.opened", Operation.CONSULTATION, by=officer, on=("task", str(task.pk)), case=number, reason=why):
        if task.state in FOR_US and task.read_at is None and may(officer, "task.send"):
            Task.objects.filter(pk=task.pk, read_at=None).update(read_at=now())
