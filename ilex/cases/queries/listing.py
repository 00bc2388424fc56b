"""The rows of the list of cases: one statement for the rows, one each for their deadlines and their tasks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from ilex.cases.models import Case, CaseRequest, Task
from ilex.cases.queries.access import visible_cases
from ilex.cases.rules import ALIVE, FOR_US, WITH_THEM
from ilex.exchange.models import OPEN
from ilex.units.models import Officer
from ilex.words import law

PAGE = 50
PAGES = 200
SHOWS = ("open", "mine", "woken", "nobody", "closed", "all")


@dataclass(frozen=True)
class CaseFilter:
    show: str = "open"
    state: str = ""
    owner: UUID | None = None
    area: str = ""


@dataclass(frozen=True)
class CaseRow:
    pk: UUID
    number: str
    url: str
    title: str
    area: str
    state: str
    state_text: str
    owner: str
    mine: bool
    closed_circle: bool
    due_at: datetime | None  # the soonest legal deadline of its open requests
    tasks: int  # with authorities
    late: int  # of these, overdue
    for_us: int  # answers and questions that wait for us
    wake_at: date | None
    woken: bool
    references: tuple[str, ...]
    changed_at: datetime


def chosen(officer: Officer, filters: CaseFilter, *, stands_in: Sequence[UUID] = ()) -> QuerySet[Case]:
    """Raises ValueError for a `show` that is not one of SHOWS."""
    found = visible_cases(officer).filter(_shows(officer, stands_in)[filters.show])
    if filters.state in Case.State.values:
        found = found.filter(state=filters.state)
    if filters.owner:
        found = found.filter(owner=filters.owner)
    return found.filter(area=filters.area) if filters.area else found


def _shows(officer: Officer, stands_in: Sequence[UUID]) -> dict[str, Q]:
    alive = Q(state__in=ALIVE)
    mine = Q(owner__in=[officer.pk, *stands_in])
    return {
        "open": alive,
        "mine": alive & mine,
        "woken": mine & Q(state=Case.State.OPEN, wake_at__isnull=False, wake_at__lte=localdate()),
        "nobody": alive & Q(owner=None),
        "closed": Q(state=Case.State.CLOSED),
        "all": Q(),
    }


def case_rows(
    officer: Officer,
    filters: CaseFilter | None = None,
    *,
    first: int = 0,
    count: int = PAGE,
    stands_in: Sequence[UUID] = (),
) -> list[CaseRow]:
    """The last changed first. One row more than `count` tells that there are more."""
    filters = filters or CaseFilter()
    page = chosen(officer, filters, stands_in=stands_in).order_by("-changed_at", "id")
    return rows_of(page.select_related("owner").defer("summary", "search")[first : first + count + 1], officer)


def rows_of(cases: Iterable[Case], officer: Officer) -> list[CaseRow]:
    page = list(cases)
    ids = [case.pk for case in page]
    dues, tasks = _deadlines(ids), _tasks(ids)
    return [_row(case, officer, dues.get(case.pk), tasks.get(case.pk, (0, 0, 0))) for case in page]


def _row(case: Case, officer: Officer, due_at: datetime | None, tasks: tuple[int, int, int]) -> CaseRow:
    return CaseRow(
        pk=case.pk,
        number=case.number,
        url=reverse("case", args=[case.number]),
        title=case.title,
        area=area_name(case.area),
        state=case.state,
        state_text=str(case.get_state_display()),
        owner=case.owner.name if case.owner else "",
        mine=case.owner_id == officer.pk,
        closed_circle=case.circle_id is not None,
        due_at=due_at,
        tasks=tasks[0],
        late=tasks[1],
        for_us=tasks[2],
        wake_at=case.wake_at,
        woken=case.state == Case.State.OPEN and case.wake_at is not None and case.wake_at <= localdate(),
        references=tuple(case.references),
        changed_at=case.changed_at,
    )


def _deadlines(ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """Clocks that run; one that stands hurries nobody."""
    running = CaseRequest.objects.filter(case__in=ids, request__state__in=OPEN, request__stopped_at=None)
    rows = running.exclude(request__due_at=None).values_list("case").annotate(soonest=Min("request__due_at"))
    return dict(rows.order_by())


def _tasks(ids: Sequence[UUID]) -> dict[UUID, tuple[int, int, int]]:
    counted = Task.objects.filter(case__in=ids).order_by().values_list("case")
    rows = counted.annotate(
        with_them=Count("pk", filter=Q(state__in=WITH_THEM)),
        late=Count("pk", filter=Q(state__in=WITH_THEM, due_at__lte=now())),
        for_us=Count("pk", filter=Q(state__in=FOR_US)),
    )
    return {pk: (with_them, late, for_us) for pk, with_them, late, for_us in rows}


def area_name(code: str) -> str:
    return next((_(offence.text) for offence in law.offences() if offence.code == code), code)


def areas() -> list[tuple[str, str]]:
    return [(offence.code, _(offence.text)) for offence in law.offences()]


def owners() -> list[tuple[str, str]]:
    """Officers who may own a case, for a filter."""
    found = Officer.objects.filter(is_active=True, roles__overlap=["duty", "case", "head"]).order_by("name")
    return [(str(pk), name) for pk, name in found.values_list("pk", "name")]


def woken_count(officer: Officer, stands_in: Sequence[UUID] = ()) -> int:
    return chosen(officer, CaseFilter(show="woken"), stands_in=stands_in).count()
