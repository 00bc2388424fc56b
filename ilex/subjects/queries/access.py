"""Loading is permission: what an officer may not see does not exist for him."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from ilex.subjects.models import Link, Statement, Subject
from ilex.units.models import Circle, Officer, Role
from ilex.units.rules import check, may


def visible(officer: Officer, prefix: str = "") -> Q:
    """Which subjects this officer may see: all outside of closed circles, and those of his own circles.

    The data-protection officer sees every circle, with a reason; one who also handles subjects does not.
    """
    if Role.PROTECTION in officer.roles and needs_reason(officer):
        return Q()
    own = Q(**{f"{prefix}circle__in": Circle.objects.filter(officers=officer).values("pk")})
    return Q(**{f"{prefix}circle__isnull": True}) | own


def visible_subjects(officer: Officer) -> QuerySet[Subject]:
    """All he may see, those that were merged into others too. Raises PermissionDenied for roles that read none."""
    check(officer, "subject.read")
    return Subject.objects.filter(visible(officer))


def subject_for(officer: Officer, subject_id: UUID | str) -> Subject:
    """The subject that stands for this id: of a merged one the one it went into.

    Raises Subject.DoesNotExist, also when it is not for this officer.
    """
    found = visible_subjects(officer).select_related("circle", "merged_into__circle").get(pk=subject_id)
    return found if found.merged_into is None else subject_for(officer, found.merged_into.pk)


def statement_for(officer: Officer, statement_id: UUID | str) -> Statement:
    """Raises Statement.DoesNotExist, also when its subject is not for this officer."""
    check(officer, "subject.read")
    return (
        Statement.objects.filter(visible(officer, "subject__")).select_related("subject", "owner").get(pk=statement_id)
    )


def link_for(officer: Officer, link_id: UUID | str) -> Link:
    """Raises Link.DoesNotExist, also when one of its ends is not for this officer."""
    check(officer, "subject.read")
    seen = Link.objects.filter(visible(officer, "one__"), visible(officer, "other__"))
    return seen.select_related("one", "other", "owner").get(pk=link_id)


def needs_reason(officer: Officer) -> bool:
    """Whoever only supervises types a reason before he reads a subject."""
    return not may(officer, "subject.write")


def circles_of(officer: Officer) -> QuerySet[Circle]:
    """The closed circles he can put a subject into."""
    return officer.circles.order_by("name")
