"""The calendar of the network: a month, or a list, narrowed down by place, host, kind and action."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import starmap
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, F, Max, Min, OuterRef, Q, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext

from ilex.gate.models import Envelope
from ilex.programme.kinds import ActivityKind, InvolvementRole
from ilex.programme.models import Activity, Involvement, Quota
from ilex.programme.queries import values
from ilex.programme.queries.access import visible_activities
from ilex.programme.queries.clashes import OVER, keys_in_clash
from ilex.programme.queries.days import AnyOf, on_days
from ilex.programme.queries.hours import hours_here, hours_on, hours_there
from ilex.programme.queries.people import Names, in_words
from ilex.programme.queries.waiting import waiting
from ilex.programme.rules.hours import exact_days
from ilex.units.models import Officer, Place
from ilex.units.queries import here

LEAF, MOST, A_DAY, VAGUE = 60, 400, 3, 12
SHORT = timedelta(days=7)  # what lasts longer stands above the days
FIRST_YEAR, LAST_YEAR = 1950, 2150


# What an entry says of an activity, and what its clashes need of it.
SHOWN = (
    *("key", "title", "language", "kind", "state", "when", "first", "last", "starts_at", "ends_at", "zone", "venue"),
    *("place_printed", "place__kind", "place__zone", "action__short", "action__title"),
)


class Span(NamedTuple):
    """When an activity is: all that is read of those for which a square has no room."""

    pk: UUID
    first: date | None
    last: date | None
    when: str


@dataclass(frozen=True)
class CalendarFilter:
    kind: str = ""
    place: str = ""
    host: str = ""
    action: str = ""  # its key
    mine: bool = False  # ours: we keep it, take part or are invited
    waits: str = ""  # of Waits


@dataclass(frozen=True)
class Entry:
    row: Activity
    when: str
    hours: str
    hours_here: str
    where: str  # the place, and who hosts there
    hosts: Sequence[str]
    clashes: Sequence[str] = ()  # titles of what is in its way
    sure: bool = False  # whether one of them is, with no date that is vague


@dataclass(frozen=True)
class OnADay:
    one: Entry
    hours: str  # of this day, on both clocks


@dataclass(frozen=True)
class Day:
    day: date
    inside: bool  # of this month
    today: bool
    entries: Sequence[OnADay]
    more: int = 0


@dataclass(frozen=True)
class Month:
    first: date
    weeks: Sequence[Sequence[Day]]
    vague: Sequence[Entry]  # without exact days, or longer than a week
    earlier: date | None  # the nearest month before it in which something is
    later: date | None
    more: int = 0  # vague ones that are not shown
    cut: bool = False

    @property
    def empty(self) -> bool:
        return not self.vague and not any(day.entries for week in self.weeks for day in week if day.inside)


@dataclass(frozen=True)
class Leaf:
    entries: Sequence[Entry]
    more: bool
    years: tuple[int, int] | None = field(default=None)


def chosen(officer: Officer, filters: CalendarFilter) -> QuerySet[Activity]:
    """What the filters leave, in no order. Raises PermissionDenied."""
    found = visible_activities(officer)
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.place:
        found = found.filter(Q(place=filters.place) | Q(place__parent=filters.place))
    if filters.action:
        within = Q(action__key=filters.action) | Q(action__parent__key=filters.action)
        shared = Activity.also_in.through.objects.filter(activity=OuterRef("pk"), action__key=filters.action)
        found = found.filter(within | Exists(shared))
    if filters.host:
        found = found.filter(Exists(_involved(organisation=filters.host, role=InvolvementRole.HOST)))
    if filters.waits:
        found = waiting(found, filters.waits, localdate())
    if filters.mine:
        unit = here()
        invited = Quota.objects.filter(invitation__activity=OuterRef("pk"), unit=unit)
        found = found.filter(Q(owner=unit) | Exists(_involved(organisation=unit)) | Exists(invited))
    return found


def _involved(**of: object) -> QuerySet[Involvement]:
    return Involvement.objects.filter(activity=OuterRef("pk"), **of).exclude(state__in=OVER)


def month_of(officer: Officer, first: date, filters: CalendarFilter, today: date) -> Month:
    """`first` is the first day of the month."""
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    found = chosen(officer, filters)
    begins = first - timedelta(days=first.weekday())
    until = last + timedelta(days=6 - last.weekday())
    lying = on_days(found, begins, until).order_by("first", "id")
    rows = list(starmap(Span, lying.values_list(*Span._fields)[: MOST + 1]))
    in_squares = {row.pk for row in rows[:MOST] if _has_days(row)}
    days = _days(begins, until, [row for row in rows[:MOST] if row.pk in in_squares])
    vague = [row for row in rows[:MOST] if row.pk not in in_squares and _touches(row, first, last)]
    shown = {row.pk for day in days.values() for row in day[:A_DAY]} | {row.pk for row in vague[:VAGUE]}
    read = _to_show(visible_activities(officer).filter(AnyOf("pk", list(shown))))
    entries = {one.row.pk: one for one in entries_of(list(read.order_by("first", "id")))}
    return Month(
        first=first,
        weeks=_weeks(days, entries, first.month, today),
        vague=[entries[row.pk] for row in vague[:VAGUE]],
        more=max(len(vague) - VAGUE, 0),
        earlier=_month(found.filter(first__lt=first).aggregate(day=Max("first"))["day"]),
        later=_month(found.filter(first__gt=last).aggregate(day=Min("first"))["day"]),
        cut=len(rows) > MOST,
    )


def _days(begins: date, until: date, rows: Iterable[Span]) -> dict[date, list[Span]]:
    """What stands in the square of each day of the sheet, in its order."""
    days: dict[date, list[Span]] = {begins + timedelta(days=number): [] for number in range((until - begins).days + 1)}
    for row in rows:
        day, last = row.first, row.last
        while day is not None and last is not None and day <= last:
            if day in days:
                days[day].append(row)
            day += timedelta(days=1)
    return days


def _weeks(
    days: Mapping[date, Sequence[Span]], entries: Mapping[UUID, Entry], month: int, today: date
) -> list[list[Day]]:
    shown = []
    for day, rows in days.items():
        known = [entries[row.pk] for row in rows[:A_DAY]]
        seen = [OnADay(one, hours_on(one.row, day)) for one in known]
        shown.append(Day(day, day.month == month, day == today, seen, len(rows) - len(seen)))
    return [shown[start : start + 7] for start in range(0, len(shown), 7)]


def _has_days(row: Span) -> bool:
    """Short enough, and sure enough, to stand in the squares of its days."""
    if row.first is None or row.last is None or row.last - row.first >= SHORT:
        return False
    return exact_days(row.when)


def _touches(row: Span, first: date, last: date) -> bool:
    return row.first is not None and row.first <= last and (row.last or row.first) >= first


def _month(day: date | None) -> date | None:
    return day.replace(day=1) if day else None


def list_of(officer: Officer, filters: CalendarFilter, year: int | None, start: int = 0) -> Leaf:
    """All that have a date, the earliest first; of one year, or of all."""
    found = chosen(officer, filters).exclude(first=None, last=None)
    ends = found.aggregate(earliest=Min("first"), latest=Max("first"))
    if year is not None:
        found = on_days(found, date(year, 1, 1), date(year, 12, 31))
    rows = list(_to_show(found).order_by(F("first").asc(nulls_first=True), "id")[start : start + LEAF + 1])
    years = (ends["earliest"].year, ends["latest"].year) if ends["earliest"] else None
    return Leaf(entries_of(rows[:LEAF]), len(rows) > LEAF, years)


def undated(officer: Officer, filters: CalendarFilter, start: int = 0) -> Leaf:
    found = chosen(officer, filters).filter(first=None, last=None)
    rows = list(_to_show(found).order_by("title", "id")[start : start + LEAF + 1])
    return Leaf(entries_of(rows[:LEAF]), len(rows) > LEAF)


def to_fetch(officer: Officer, filters: CalendarFilter, since: date, count: int) -> list[Activity]:
    """What a calendar program is given: dated, and announced to others or told by a source; drafts stay here."""
    found = on_days(_heard_of(chosen(officer, filters)), since, None).exclude(state=Activity.State.DRAFT)
    found = found.select_related("place", "action").defer("search", "action__search", "action__summary")
    return list(found.order_by("first", "id")[:count])


def _heard_of(found: QuerySet[Activity]) -> QuerySet[Activity]:
    """Without drafts of ours that were cancelled before anybody heard of them."""
    told = Envelope.objects.filter(conversation=OuterRef("pk"), way=Envelope.Way.OUT, type="programme.activity")
    return found.exclude(~Exists(told), state=Activity.State.CANCELLED, owner=here(), source=None)


def _to_show(found: QuerySet[Activity]) -> QuerySet[Activity]:
    return found.select_related("place", "action").only(*SHOWN)


def entries_of(rows: Sequence[Activity]) -> list[Entry]:
    language = values.language()
    involved = Involvement.objects.filter(activity__in=[one.pk for one in rows], role=InvolvementRole.HOST)
    hosts = list(involved.exclude(state__in=OVER).select_related("person").order_by("order", "pk"))
    names = Names.of(hosts, language, places=[row.place_id for row in rows])
    hosted: dict[object, list[str]] = defaultdict(list)
    for one in hosts:
        hosted[one.activity_id].append(names.who(one).shown)
    clashes = keys_in_clash(rows)
    return [_entry(row, names, hosted[row.pk], clashes.get(str(row.pk), [])) for row in rows]


def _entry(row: Activity, names: Names, hosts: Sequence[str], clashes: Sequence[tuple[str, bool]]) -> Entry:
    when = in_words(row.when, names.language)
    titles, sure = [title for title, _sure in clashes], any(sure for _title, sure in clashes)
    return Entry(row, when, hours_there(row), hours_here(row), _where(row, names, hosts), hosts, titles, sure)


def _where(row: Activity, names: Names, hosts: Sequence[str]) -> str:
    place = names.place(row.place_id).shown if row.place_id else row.place_printed or gettext("place not stated")
    host = gettext("Host:")  # not inside the text: whoever gathers the texts would not see it
    return f"{place} · {host} {', '.join(hosts)}" if hosts else place


def kinds() -> list[tuple[str, str]]:
    return [(one.value, str(one.label)) for one in ActivityKind]


def used_places() -> list[tuple[str, str]]:
    """Places where something takes place, in the words of the language."""
    used = Exists(Activity.objects.filter(place=OuterRef("pk")))
    codes = list(Place.objects.filter(used).values_list("pk", flat=True))
    names = Names.read(values.language(), places=codes)
    return sorted(((code, names.place(code).text) for code in codes), key=lambda one: one[1])
