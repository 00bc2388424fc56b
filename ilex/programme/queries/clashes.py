"""Which activities are in each other's way, in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext

from ilex.programme.kinds import InvolvementRole, InvolvementState
from ilex.programme.models import Activity, Invitation, Involvement, Quota
from ilex.programme.queries.people import Names, in_words
from ilex.programme.rules.calendar import TOO_VAGUE, Clash, Reason, Slot, clashes
from ilex.programme.rules.hours import exact
from ilex.units.models import Organisation, Place
from ilex.words.edtf import When

NEAR = 300  # activities at the same time that are looked at
OVER = (InvolvementState.ENDED, InvolvementState.DECLINED)

# What a slot is made of, and what is said of it: there may be hundreds in the days of one.
SLOT = (
    *("key", "title", "language", "state", "when", "first", "last", "starts_at", "ends_at", "venue"),
    *("place__code", "place__kind"),
)


@dataclass(frozen=True)
class ShownClash:
    """The other activity, and why the two are in each other's way."""

    activity: Activity
    when: str
    reasons: Sequence[str]
    sure: bool


def clashes_of(activity: Activity, names: Names) -> list[ShownClash]:
    """With this one; no clash of what was cancelled."""
    if activity.first is None or activity.last is None or activity.state == Activity.State.CANCELLED:
        return []
    others = _at_once(activity.first, activity.last, [activity.pk])
    known = {str(one.pk): one for one in others}
    mine = str(activity.pk)
    ours = clashes(slots_of([activity, *others]), [mine])
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
    lying = [one for one in activities if one.state != Activity.State.CANCELLED]
    shown = {str(one.pk) for one in lying}
    everything = [*lying, *_beside(lying)]
    titles = {str(one.pk): one.title for one in everything}
    found: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for clash in clashes(slots_of(everything), shown):
        found[clash.one].append((titles[clash.other], clash.sure))
        found[clash.other].append((titles[clash.one], clash.sure))
    return found


def _beside(activities: Sequence[Activity]) -> list[Activity]:
    """What lies in the same days and is none of these. Days of a long one are not searched through."""
    spans = [(one.first, one.last) for one in activities if one.first and one.last]
    short = [(first, last) for first, last in spans if last - first <= TOO_VAGUE]
    if not short:
        return []
    earliest, latest = min(first for first, _last in short), max(last for _first, last in short)
    return _at_once(earliest, latest, [one.pk for one in activities])


def _at_once(first: date, last: date, without: Sequence[UUID]) -> list[Activity]:
    """What lies at least partly between these days, without these and without what was cancelled."""
    found = Activity.objects.filter(first__lte=last, last__gte=first).exclude(pk__in=without)
    found = found.exclude(state=Activity.State.CANCELLED).select_related("place").only(*SLOT)
    return list(found.order_by("first", "id")[:NEAR])


def slots_of(activities: Sequence[Activity]) -> list[Slot]:
    """A handful of statements for all of them together. Places must be loaded."""
    ids = [one.pk for one in activities]
    persons, hosts, units = _people(ids), _hosts(ids), _units(ids)
    return [
        Slot(
            key=str(one.pk),
            first=one.first,
            last=one.last,
            exact=exact(When.parse(one.when)),
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            person=frozenset(persons[one.pk]),
            host=frozenset(hosts[one.pk]),
            unit=frozenset(units[one.pk] - hosts[one.pk]),
            place=frozenset(filter(None, [_where(one)])),
        )
        for one in activities
    ]


def _where(activity: Activity) -> str:
    """The town, or the hall where that is known: two halls of one town, and two towns of one state, are no clash."""
    if activity.place is None:
        return ""
    if activity.venue:
        return f"{activity.place_id}|{activity.venue.casefold()}"
    return activity.place.code if activity.place.kind == Place.Kind.CITY else ""


def _people(ids: Sequence[UUID]) -> Mapping[UUID, set[str]]:
    """Somebody who is known by name; two of one function are not the same person."""
    named = Involvement.objects.exclude(person=None).exclude(person__name="").exclude(state__in=OVER)
    found: dict[UUID, set[str]] = defaultdict(set)
    for of in ("activity", "session__activity"):  # one at a time: together they would read the whole table
        for activity, person in named.filter(**{f"{of}__in": ids}).values_list(of, "person"):
            found[activity].add(str(person))
    return found


def _hosts(ids: Iterable[UUID]) -> Mapping[UUID, set[str]]:
    rows = Involvement.objects.filter(activity__in=ids, role=InvolvementRole.HOST, organisation__isnull=False)
    found: dict[UUID, set[str]] = defaultdict(set)
    for activity, organisation in rows.exclude(state__in=OVER).values_list("activity", "organisation"):
        found[activity].add(organisation)
    return found


def _units(ids: Iterable[UUID]) -> Mapping[UUID, set[str]]:
    """Units that take part or are invited."""
    rows = Involvement.objects.filter(activity__in=ids, organisation__kind=Organisation.Kind.UNIT)
    found: dict[UUID, set[str]] = defaultdict(set)
    for activity, unit in rows.exclude(state__in=OVER).values_list("activity", "organisation"):
        found[activity].add(unit)
    invited = Quota.objects.filter(invitation__activity__in=ids, declined_at=None)
    gone = [Invitation.State.DRAFT, Invitation.State.CANCELLED]
    for activity, unit in invited.exclude(invitation__state__in=gone).values_list("invitation__activity", "unit"):
        found[activity].add(unit)
    return found


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
