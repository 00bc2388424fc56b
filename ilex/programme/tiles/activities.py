from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from ilex.programme.kinds import Waits
from ilex.programme.queries.access import visible_activities
from ilex.programme.queries.calendar import CalendarFilter, chosen
from ilex.programme.queries.waiting import overdue, waiting
from ilex.units.models import Officer
from ilex.units.rules import may
from ilex.web.tiles import Tile


def activities_tiles(officer: Officer) -> Iterator[Tile]:
    if count := chosen(officer, CalendarFilter(mine=True, waits=Waits.SOON)).count():
        page = f"{_page(Waits.SOON)}&mine=on"
        yield Tile("activities-soon", _("Our activities that begin within a week"), count, page, order=66)
    if may(officer, "programme.write"):
        yield from _to_write_down(officer)


def _to_write_down(officer: Officer) -> Iterator[Tile]:
    today, found = localdate(), visible_activities(officer)
    if count := waiting(found, Waits.HELD, today).count():
        yield Tile("activities-over", _("Activities to write down as held"), count, _page(Waits.HELD), "near", 67)
    if count := waiting(found, Waits.OUTCOMES, today).count():
        tone = "overdue" if overdue(found, today) else "near"
        yield Tile(
            "outcomes-due", _("Activities with something agreed that is due"), count, _page(Waits.OUTCOMES), tone, 68
        )
    if count := waiting(found, Waits.UNDECIDED, today).count():
        words = _("Activities on which sources differ")
        yield Tile("activities-undecided", words, count, _page(Waits.UNDECIDED), order=69)


def _page(waits: Waits) -> str:
    return f"{reverse('calendar')}?show=list&waits={waits.value}"
