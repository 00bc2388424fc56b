"""Files of subjects: those that were taken in, and those that wait for their officer."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from ilex.subjects.models import Import, Trial
from ilex.units.models import Officer
from ilex.units.rules import check


def imports(officer: Officer) -> QuerySet[Import]:
    """The newest first."""
    check(officer, "subject.import")
    return Import.objects.select_related("by").order_by("-at")


def trials(officer: Officer) -> QuerySet[Trial]:
    """What he tried himself and has not decided on."""
    check(officer, "subject.import")
    return Trial.objects.filter(by=officer).select_related("attachment").order_by("-made_at")


def trial_for(officer: Officer, id: UUID) -> Trial:
    """Raises Trial.DoesNotExist, also when it is a colleague's."""
    return trials(officer).get(pk=id)
