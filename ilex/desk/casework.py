"""What the desk shows of cases and of tasks to authorities."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ilex.cases import queries
from ilex.duty.queries import stands_in_for
from ilex.units.models import Officer
from ilex.units.rules import may
from ilex.web.tiles import Tile


def case_tiles(officer: Officer) -> Iterator[Tile]:
    """Each only while there is something: tasks that are late or were answered, cases whose day has come."""
    if not may(officer, "case.write"):
        return
    late, spoken = queries.task_counts(officer)
    tasks, cases = reverse("tasks"), reverse("cases")
    if late:
        yield Tile("tasks-late", _("Tasks overdue"), late, f"{tasks}?show=overdue", "overdue", 70)
    if spoken:
        yield Tile("tasks-spoken", _("Answers of authorities"), spoken, f"{tasks}?show=for-us", "near", 71)
    woken = queries.woken_count(officer, [one.pk for one in stands_in_for(officer)])
    if woken:
        yield Tile("cases-woken", _("Cases to wake"), woken, f"{cases}?show=woken", "near", 72)
