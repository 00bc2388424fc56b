"""How many activities each place has, under our own names and footnotes."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.db.models import Count

from ilex.programme.queries import values
from ilex.programme.queries.calendar import CalendarFilter, chosen
from ilex.programme.queries.people import Named, Names
from ilex.units.models import Officer, Place

SHAPES = Path(__file__).parent.parent / "data" / "map" / "shapes.json"  # drawn by tools/shapes.py


@dataclass(frozen=True)
class Shape:
    """One state or territory as the source draws it; `x` and `y`: where its number stands."""

    code: str  # empty for what our directory has no place for
    x: int
    y: int
    path: str


@dataclass(frozen=True)
class Sheet:
    wide: int
    high: int
    source: str
    shapes: Sequence[Shape]


@cache
def sheet() -> Sheet:
    drawn = json.loads(SHAPES.read_text(encoding="utf-8"))
    return Sheet(drawn["wide"], drawn["high"], drawn["source"], tuple(Shape(**one) for one in drawn["shapes"]))


@dataclass(frozen=True)
class Spot:
    """A state or territory, with the towns in it taken together."""

    place: Named
    count: int
    within: Sequence[tuple[Named, int]] = ()  # its towns and regions


@dataclass(frozen=True)
class Spots:
    spots: Sequence[Spot]
    drawn: Sequence[tuple[Shape, Spot]]  # those that the sheet shows
    land: Sequence[Shape]  # all others on it
    nowhere: int  # activities of which no place is known
    footnotes: Sequence[tuple[str, str]]


def spots_of(officer: Officer, filters: CalendarFilter) -> Spots:
    """The most activities first."""
    rows = chosen(officer, filters).order_by().values_list("place").annotate(count=Count("pk"))
    counts: dict[str | None, int] = dict(rows)
    parents = dict(Place.objects.filter(pk__in=[code for code in counts if code]).values_list("pk", "parent"))
    kinds = dict(Place.objects.values_list("pk", "kind"))
    names = Names.read(values.language())
    total: dict[str, int] = defaultdict(int)
    within: dict[str, list[tuple[Named, int]]] = defaultdict(list)
    for code, count in counts.items():
        if code is None:
            continue
        above = parents.get(code)
        top = above if above and kinds.get(above) in ("state", "territory") else code
        total[top] += count
        if top != code:
            within[top].append((names.place(code), count))
    spots = [
        Spot(names.place(code), count, sorted(within[code], key=lambda one: one[0].text))
        for code, count in sorted(total.items(), key=lambda one: (-one[1], names.place(one[0]).text))
    ]
    noted = [(one.place.text, one.place.footnote) for one in spots if one.place.footnote]
    by_code = {one.place.code: one for one in spots}
    shapes = sheet().shapes
    drawn = [(shape, by_code[shape.code]) for shape in shapes if shape.code in by_code]
    land = [shape for shape in shapes if shape.code not in by_code]
    return Spots(spots, drawn, land, counts.get(None, 0), noted)
