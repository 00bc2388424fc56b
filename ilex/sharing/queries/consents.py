"""Questions about the use of what was provided: ours to owners, and theirs to us."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from ilex.sharing.models import Consent
from ilex.sharing.queries.releases import hidden_subjects
from ilex.sharing.queries.uses import Item
from ilex.subjects.models import Link, Statement
from ilex.units.models import Officer
from ilex.units.rules import check


def visible_consents(officer: Officer) -> QuerySet[Consent]:
    """All about statements that he may see, ours and those given to us. Raises PermissionDenied."""
    check(officer, "subject.read")
    hidden = list(hidden_subjects(officer).values_list("pk", flat=True))
    found = Consent.objects.select_related("unit", "release", "asked_by", "decided_by", "envelope")
    if not hidden:
        return found
    closed = Statement.objects.filter(subject__in=hidden) | Statement.objects.filter(subject__merged_into__in=hidden)
    joined = Link.objects.filter(Q(one__in=hidden) | Q(other__in=hidden))
    numbers = {number for rows in (closed, joined) for number in _numbers_of(rows)}
    return found.exclude(statements__overlap=list(numbers))


def _numbers_of(rows: QuerySet[Statement] | QuerySet[Link]) -> Iterable[UUID]:
    """By which these are known: to us, to who gave them, to their owners."""
    for several in rows.values_list("pk", "given__number", "given__origin"):
        yield from (number for number in several if number is not None)


def consent_for(officer: Officer, id: UUID) -> Consent:
    """Raises Consent.DoesNotExist, also when it is not for this officer."""
    return visible_consents(officer).get(pk=id)


def to_answer(officer: Officer) -> QuerySet[Consent]:
    """What partners asked us and nobody has decided."""
    return visible_consents(officer).filter(way=Consent.Way.GIVEN, state=Consent.State.ASKED)


def ours_in(consent: Consent) -> list[Item]:
    """Our own statements and links that a partner's question is about."""
    said = Statement.objects.filter(pk__in=consent.statements).select_related("subject__merged_into", "owner")
    joined = Link.objects.filter(pk__in=consent.statements).select_related("one", "other", "owner")
    return [*said, *joined]
