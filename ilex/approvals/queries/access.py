"""Loading is permission: whoever may not see the object does not see that it waits."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import F, QuerySet

from ilex.approvals import registry
from ilex.approvals.models import Approval
from ilex.units.models import Officer, Role
from ilex.units.rules import may


def visible(officer: Officer, rows: Iterable[Approval]) -> list[Approval]:
    """Those of the rows that exist for this officer: his own, and with `approval.give` those he may see into."""
    rows = [row for row in rows if row.kind in registry.codes()]
    seen: set[UUID] = {row.pk for row in rows if row.author_id == officer.pk}
    if may(officer, "approval.give"):
        seen |= _seen_by_kind(officer, rows)
    if Role.HEAD in officer.roles and officer.is_active:
        # Whatever went without a second person is told to the head, who may not see into it for all that.
        seen |= {row.pk for row in rows if row.state == Approval.State.ALONE}
    return [row for row in rows if row.pk in seen]


def _seen_by_kind(officer: Officer, rows: list[Approval]) -> set[UUID]:
    seen: set[UUID] = set()
    for code in {row.kind for row in rows}:
        of_kind = [row for row in rows if row.kind == code]
        open_to_him = registry.kind(code).may_see(officer, {row.object_id for row in of_kind})
        # When a released object is gone only those who decided on it go on seeing that it was.
        seen |= {row.pk for row in of_kind if row.object_id in open_to_him or row.reviewer_id == officer.pk}
    return seen


def may_see(officer: Officer, approval: Approval) -> bool:
    return bool(visible(officer, [approval]))


def approval_for(officer: Officer, id: UUID) -> Approval:
    """Raises Approval.DoesNotExist, also when it is not for this officer."""
    found = _rows().get(pk=id)
    if not may_see(officer, found):
        raise Approval.DoesNotExist
    return found


def may_approve(officer: Officer, approval: Approval) -> bool:
    """A second person: never the author, and only one who may see what he approves."""
    if officer.pk == approval.author_id or not may(officer, "approval.give"):
        return False
    return approval.object_id in registry.kind(approval.kind).may_see(officer, {approval.object_id})


def to_approve(officer: Officer) -> list[Approval]:
    """What waits for this officer as the second person, soonest legal deadline first."""
    if not may(officer, "approval.give"):
        return []
    rows = _rows().filter(state=Approval.State.WAITING).exclude(author=officer)
    return visible(officer, rows.order_by(F("due_at").asc(nulls_last=True), "asked_at"))


def _rows() -> QuerySet[Approval]:
    return Approval.objects.select_related("author", "reviewer", "noted_by")
