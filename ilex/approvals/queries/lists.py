"""What an officer is told: what he asked for, what came back, what went without a second person."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from ilex.approvals.models import Approval
from ilex.approvals.queries.access import to_approve
from ilex.units.models import Officer, Organisation, Role

SHOWN = 50


def waiting_for(kind: str, object_id: UUID) -> Approval | None:
    """The approval that waits for this object: while there is one, nobody changes the object."""
    found = Approval.objects.filter(kind=kind, object_id=object_id, state=Approval.State.WAITING)
    return found.select_related("author").first()


def asked_by(officer: Officer) -> list[Approval]:
    """The officer's own, newest first."""
    found = Approval.objects.filter(author=officer).select_related("author", "reviewer").order_by("-asked_at")
    return list(found[:SHOWN])


def with_recipients(rows: Iterable[Approval]) -> list[tuple[Approval, list[str]]]:
    """Each with the names of the units that would receive it."""
    rows = list(rows)
    wanted = {unit for row in rows for unit in row.recipients}
    names = dict(Organisation.objects.filter(pk__in=wanted).values_list("pk", "name"))
    return [(row, [names.get(unit, unit) for unit in row.recipients]) for row in rows]


def returned_to(officer: Officer) -> QuerySet[Approval]:
    """What came back and its author has not read."""
    return Approval.objects.filter(author=officer, state=Approval.State.RETURNED, read_at=None)


def to_note(officer: Officer) -> QuerySet[Approval]:
    """What went out without a second person and the head has not noted."""
    if Role.HEAD not in officer.roles:
        return Approval.objects.none()
    open_ones = Q(state=Approval.State.ALONE, noted_at=None) & ~Q(author=officer)
    return Approval.objects.filter(open_ones).select_related("author").order_by("decided_at")


def count_for(officer: Officer) -> int:
    """What waits on the page of approvals for this officer."""
    return len(to_approve(officer)) + returned_to(officer).count() + to_note(officer).count()
