"""The ways to look at the desk. Each is a tile with its number, or one of the two quiet ones behind the list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ilex.crosscheck.tiles import hit_tiles
from ilex.desk.casework import case_tiles
from ilex.desk.models import SavedSearch
from ilex.desk.partners import gate_tiles
from ilex.desk.tiles import register
from ilex.desk.waiting import approval_tiles
from ilex.exchange import queries
from ilex.library.tiles import library_tiles
from ilex.programme.tiles import programme_tiles
from ilex.sharing.tiles import sharing_tiles
from ilex.units.models import Officer
from ilex.units.rules import may, sees_only_its_own
from ilex.web.tiles import Tile


@dataclass(frozen=True)
class Show:
    name: str  # as ilex.exchange.queries.desk_rows knows it
    label: str | Promise
    tone: str = ""


SHOWS = (
    Show("open", _("All open")),
    Show("overdue", _("Overdue"), "overdue"),
    Show("hours", _("Due in 8 h"), "near"),
    Show("days", _("Due in 3 d")),
    Show("ours", _("Waiting for us")),
    Show("theirs", _("Waiting for them")),
    Show("stopped", _("Clock stands")),
    Show("information", _("Information received")),
    Show("alarms", _("Warnings not seen"), "near"),
    Show("mine", _("Mine")),
    Show("settled", _("Settled")),
)
WITHOUT_TILE = {"settled"}


def show_of(name: str) -> Show:
    """The one of this name; a name that is not known shows what is open."""
    return next((show for show in SHOWS if show.name == name), SHOWS[0])


def answers_tasks_only(officer: Officer) -> bool:
    """Of a national authority that is not designated: it writes to no foreign unit, so no request waits for it."""
    return sees_only_its_own(officer) and not officer.organisation.designated


def reads_requests(officer: Officer) -> bool:
    return may(officer, "request.read")


def request_tiles(officer: Officer) -> Iterator[Tile]:
    if not may(officer, "request.read"):
        return
    counts = queries.desk_counts(officer)
    desk = reverse("desk")
    for place, show in enumerate(SHOWS):
        if show.name not in WITHOUT_TILE:
            yield Tile(show.name, show.label, counts.get(show.name, 0), f"{desk}?show={show.name}", show.tone, place)


def search_tiles(officer: Officer) -> Iterator[Tile]:
    """Only while a kept search has found something new."""
    count = SavedSearch.objects.filter(officer=officer, fresh__len__gt=0).count()
    if count:
        yield Tile("searches", _("Kept searches with news"), count, reverse("find"), "near", 80)


def waits_in_the_programme(officer: Officer) -> list[Tile]:
    return sorted([*programme_tiles(officer), *library_tiles(officer)], key=lambda tile: tile.order)


def programme_tile(officer: Officer) -> Iterator[Tile]:
    """One for all that waits there, which has a page of its own: this row is for requests."""
    found = [tile for tile in waits_in_the_programme(officer) if tile.count]
    if found:
        tone = next((tone for tone in ("overdue", "near") if tone in {tile.tone for tile in found}), "")
        count = sum(tile.count for tile in found)
        yield Tile("programme", _("Waits in the programme"), count, reverse("waiting"), tone, 70)


register(request_tiles)
register(search_tiles)
register(gate_tiles)
register(approval_tiles)
register(case_tiles)
register(sharing_tiles)
register(hit_tiles)
register(programme_tile)
