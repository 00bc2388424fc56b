"""The ledger: who received which statement under which code, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from ilex.sharing.models import Disclosure
from ilex.sharing.queries.releases import hidden_subjects
from ilex.subjects.models import Link, Statement, Subject
from ilex.subjects.queries.access import visible
from ilex.units.models import Officer
from ilex.units.rules import check


def ledger(
    officer: Officer,
    *,
    subject: Subject | None = None,
    case: str = "",
    unit: str = "",
    statement: UUID | None = None,
    open_recalls: bool = False,
) -> QuerySet[Disclosure]:
    """Newest first; of closed circles only what the officer may see. Raises PermissionDenied."""
    check(officer, "subject.read")
    hidden = hidden_subjects(officer).values("pk")
    # Not `exclude(subject__in=...)`: a row whose subject was erased stays.
    found = Disclosure.objects.filter(Q(subject=None) | ~Q(subject__in=hidden))
    if subject is not None:
        found = found.filter(Q(subject=subject) | Q(subject__merged_into=subject))
    if case:
        found = found.filter(release__case=case)
    if unit:
        found = found.filter(to=unit)
    if statement is not None:
        found = found.filter(statement=statement)
    if open_recalls:
        found = found.filter(recalled_at__isnull=False, recall_applied_at=None)
    related = ("release", "subject", "to", "owner", "consent")
    return found.select_related(*related).order_by("-at", "-id")


def texts(officer: Officer, rows: Iterable[Disclosure]) -> dict[UUID, Statement | Link]:
    """What the rows are about, as far as it is still here and he may see it."""
    ids = {row.statement for row in rows}
    said = Statement.objects.filter(visible(officer, "subject__"), pk__in=ids).select_related("subject")
    joined = Link.objects.filter(visible(officer, "one__"), visible(officer, "other__"), pk__in=ids)
    found: dict[UUID, Statement | Link] = {row.pk: row for row in said}
    return found | {row.pk: row for row in joined.select_related("one", "other")}
