"""Which activities are in each other's way, in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import starmap
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext

from ilex.programme.kinds import InvolvementRole, InvolvementState
from ilex.programme.models import Activity, Invitation, Involvement, Quota
from ilex.programme.queries.days import AnyOf, on_days
from ilex.programme.queries.people import Names, in_words
from ilex.programme.rules.calendar import TOO_VAGUE, Clash, Reason, Slot, clashes
from ilex.programme.rules.hours import exact_days
from ilex.units.models import Organisation, Place

NEAR = 300  # activities at the same time that are looked at
ORGANISATION = ("organisation", "organisation__kind")
OVER = (InvolvementState.ENDED, InvolvementState.DECLINED)


class Lying(NamedTuple):
    """What of an activity says where it lies, and what is said of it. Hundreds are read for one page: no models."""

    pk: UUID
    key: str
    title: str
    language: str
    when: str
    first: date | None
    last: date | None
    starts_at: datetime | None
    ends_at: datetime | None
    venue: str
    place: str | None
    place_kind: str | None

    @classmethod
    def of(cls, activity: Activity) -> Lying:
        """Its place must be loaded."""
        return cls(
            pk=activity.pk,
            key=activity.key,
            title=activity.title,
            language=activity.language,
            when=activity.when,
            first=activity.first,
            last=activity.last,
            starts_at=activity.starts_at,
            ends_at=activity.ends_at,
            venue=activity.venue,
            place=activity.place_id,
            place_kind=activity.place.kind if activity.place else None,
        )


@dataclass(frozen=True)
class ShownClash:
    """The other activity, and why the two are in each other's way."""

    activity: Lying
    when: str
    reasons: Sequence[str]
    sure: bool


def clashes_of(activity: Activity, names: Names) -> list[ShownClash]:
    """With this one; no clash of what was cancelled."""
    if activity.first is None or activity.last is None or activity.state == Activity.State.CANCELLED:
        return []
    everything = [Lying.of(activity), *_at_once(activity.first, activity.last, [activity.pk])]
    known = {str(one.pk): one for one in everything}
    mine = str(activity.pk)
    ours = clashes(slots_of(everything), [mine])
    called = _organisations(ours)
    found = []
    for clash in ours:
        other = known[clash.other if clash.one == mine else clash.one]
        reasons = [_words(reason, codes, names, called) for reason, codes in clash.shared]
        found.append(ShownClash(other, in_words(other.when, names.language), reasons, clash.sure))
    return found


def keys_in_clash(activities: Sequence[Activity]) -> dict[str, list[tuple[str, bool]]]:
    """Of activities that stand in one list: the id of each that is in another's way, with the titles of those, and
    whether it is sure. The others need not stand in the list: it may be narrowed down, or be one page of many."""
    lying = [Lying.of(one) for one in activities if one.state != Activity.State.CANCELLED]
    shown = {str(one.pk) for one in lying}
    everything = [*lying, *_beside(lying)]
    titles = {str(one.pk): one.title for one in everything}
    found: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for clash in clashes(slots_of(everything), shown):
        found[clash.one].append((titles[clash.other], clash.sure))
        found[clash.other].append((titles[clash.one], clash.sure))
    return found


def _beside(activities: Sequence[Lying]) -> list[Lying]:
    """What lies in the same days and is none of these. Days of a long one are not searched through."""
    spans = [(one.first, one.last) for one in activities if one.first and one.last]
    short = [(first, last) for first, last in spans if last - first <= TOO_VAGUE]
    if not short:
        return []
    earliest, latest = min(first for first, _last in short), max(last for _first, last in short)
    return _at_once(earliest, latest, [one.pk for one in activities])


def _at_once(first: date, last: date, without: Sequence[UUID]) -> list[Lying]:
    """What lies at least partly between these days, without these and without what was cancelled."""
    found = on_days(Activity.objects.exclude(last=None), first, last).exclude(AnyOf("pk", without))
    found = found.exclude(state=Activity.State.CANCELLED).order_by("first", "id")
    return list(starmap(Lying, found.values_list(*Lying._fields[:-1], "place__kind")[:NEAR]))


def slots_of(activities: Sequence[Lying]) -> list[Slot]:
    """A handful of statements for all of them together."""
    persons, hosts, units = _needed([one.pk for one in activities])
    return [
        Slot(
            key=str(one.pk),
            first=one.first,
            last=one.last,
            exact=exact_days(one.when),
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            person=frozenset(persons[one.pk]),
            host=frozenset(hosts[one.pk]),
            unit=frozenset(units[one.pk] - hosts[one.pk]),
            place=frozenset(filter(None, [_where(one)])),
        )
        for one in activities
    ]


def _where(one: Lying) -> str:
    """The town, or the hall where that is known: two halls of one town, and two towns of one state, are no clash."""
    if one.place is None:
        return ""
    if one.venue:
        return f"{one.place}|{one.venue.casefold()}"
    return one.place if one.place_kind == Place.Kind.CITY else ""


Sets = Mapping[UUID, set[str]]


def _needed(ids: Sequence[UUID]) -> tuple[Sets, Sets, Sets]:
    """The persons known by name, the hosts, and the units that take part or are invited, of each activity."""
    persons: dict[UUID, set[str]] = defaultdict(set)
    hosts: dict[UUID, set[str]] = defaultdict(set)
    units: dict[UUID, set[str]] = defaultdict(set)
    parts = Involvement.objects.exclude(state__in=OVER)
    named = parts.exclude(person=None).exclude(person__name="")  # two of one function are not the same person
    for of in ("activity", "session__activity"):  # one at a time: together they would read the whole table
        for activity, person in named.filter(AnyOf(of, ids)).values_list(of, "person"):
            persons[activity].add(str(person))
    taken = parts.filter(AnyOf("activity", ids)).exclude(organisation=None)
    for activity, role, organisation, kind in taken.values_list("activity", "role", *ORGANISATION):
        if role == InvolvementRole.HOST:
            hosts[activity].add(organisation)
        if kind == Organisation.Kind.UNIT:
            units[activity].add(organisation)
    for activity, unit in _invited(ids):
        units[activity].add(unit)
    return persons, hosts, units


def _invited(ids: Sequence[UUID]) -> Iterable[tuple[UUID, str]]:
    gone = [Invitation.State.DRAFT, Invitation.State.CANCELLED]
    quotas = Quota.objects.filter(AnyOf("invitation__activity", ids), declined_at=None)
    return quotas.exclude(invitation__state__in=gone).values_list("invitation__activity", "unit")


def _organisations(found: Iterable[Clash]) -> dict[str, str]:
    codes = {
        code for clash in found for reason, shared in clash.shared if reason in ("host", "unit") for code in shared
    }
    return dict(Organisation.objects.filter(pk__in=codes).values_list("pk", "name")) if codes else {}


def _words(reason: Reason, codes: Iterable[str], names: Names, organisations: Mapping[str, str]) -> str:
    if reason == "person":
        return gettext("the same person")
    if reason == "place":
        called = ", ".join(names.place(code.partition("|")[0]).text for code in sorted(codes))
        return gettext("the same place: %(names)s") % {"names": called}
    called = ", ".join(organisations.get(code, code) for code in sorted(codes))
    pattern = gettext("the same host: %(names)s") if reason == "host" else gettext("the same unit: %(names)s")
    return pattern % {"names": called}
