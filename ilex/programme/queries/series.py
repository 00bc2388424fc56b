"""How fairly the activities of a series are spread: what each location hosted, has ahead, and is behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import Http404

from ilex.programme.models import Activity, Location, Series
from ilex.programme.queries import values
from ilex.programme.queries.calendar import Entry, entries_of
from ilex.programme.queries.people import Named, Names
from ilex.programme.rules.fairshare import short, spread
from ilex.units.models import Officer
from ilex.units.rules import check


@dataclass(frozen=True)
class Share:
    location: Location
    place: Named
    host: str
    count: int  # activities there, without the cancelled ones
    last: date | None
    behind: int  # how many fewer than where most are; only where that is more than one


@dataclass(frozen=True)
class SeriesPage:
    series: Series
    shares: Sequence[Share]
    entries: Sequence[Entry]
    missing: int
    turns: Sequence[Named]  # who hosts next, for those that are missing
    footnotes: Sequence[tuple[str, str]]

    @property
    def even(self) -> bool:
        return not any(one.behind for one in self.shares)


def series_for(officer: Officer, id: UUID) -> Series:
    """Raises Http404, or PermissionDenied."""
    check(officer, "programme.read")
    found = Series.objects.select_related("action").filter(pk=id).first()
    if found is None:
        raise Http404
    return found


def standing(series: Series) -> list[Activity]:
    """The activities of the series that count: all but the cancelled ones."""
    found = series.activities.exclude(state=Activity.State.CANCELLED).select_related("place", "action")
    return list(found.defer("search").order_by("first", "id"))


def held_at(activities: Sequence[Activity]) -> dict[str, int]:
    held: dict[str, int] = {}
    for one in activities:
        if one.place_id:
            held[one.place_id] = held.get(one.place_id, 0) + 1
    return held


def last_at(activities: Sequence[Activity]) -> dict[str, date]:
    last: dict[str, date] = {}
    for one in activities:
        if one.place_id and one.first:
            last[one.place_id] = max(one.first, last.get(one.place_id, one.first))
    return last


def page_of(series: Series) -> SeriesPage:
    there = standing(series)
    locations = list(series.locations.select_related("host"))
    codes = [one.place_id for one in locations]
    names = Names.read(values.language(), {one.host_id for one in locations if one.host_id})
    held, last = held_at(there), last_at(there)
    counts = {code: held.get(code, 0) for code in codes}
    behind = short(counts)
    missing = max(series.count - len(there), 0)
    places = [names.place(code) for code in codes]
    return SeriesPage(
        series=series,
        shares=[
            Share(
                one,
                place,
                names.organisation(one.host_id).text if one.host_id else "",
                counts[one.place_id],
                last.get(one.place_id),
                behind.get(one.place_id, 0),
            )
            for one, place in zip(locations, places, strict=True)
        ],
        entries=entries_of(there),
        missing=missing,
        turns=[names.place(code) for code in spread(codes, missing, held, last)],
        footnotes=list(dict.fromkeys((one.text, one.footnote) for one in places if one.footnote)),
    )
