"""Series: so many activities, spread evenly over locations and over time, with the hosting going round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.programme import index
from ilex.programme.actions import checking
from ilex.programme.actions.owning import locked, take
from ilex.programme.kinds import ActivityKind, InvolvementRole
from ilex.programme.models import Action, Activity, Involvement, Location, Series
from ilex.programme.queries.series import held_at, last_at, standing
from ilex.programme.rules.errors import Invalid, NotNow, written
from ilex.programme.rules.fairshare import spread as fairly
from ilex.units.models import Officer
from ilex.units.queries import here
from ilex.units.rules import check
from ilex.words.edtf import When

MOST, PLACES = 200, 40


@dataclass(frozen=True)
class Host:
    """A location of a series: a place, and who hosts there."""

    place: str
    organisation: str = ""


def plan_series(
    officer: Officer,
    action: Action,
    *,
    kind: str,
    title: str,
    count: int,
    locations: Sequence[Host],
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Series:
    """Plan so many activities of one kind over these locations, in the order in which the turn goes. Raises Invalid."""
    check(officer, "programme.write")
    if not 1 <= count <= MOST:
        raise Invalid({"count": _("Plan from 1 to %(most)d activities.") % {"most": MOST}})
    if starts_on and ends_on and ends_on < starts_on:
        raise Invalid({"ends_on": _("The end is before the beginning.")})
    series = Series(
        action=action,
        kind=checking.choice("kind", kind, ActivityKind),
        title=written("title", " ".join(title.split()), _("Give the series a title."), 250),
        count=count,
        starts_on=starts_on,
        ends_on=ends_on,
        made_by=officer,
        made_at=now(),
    )
    rows = _locations(series, locations)
    with act("series.planned", Operation.COLLECTION, by=officer, on=("series", str(series.pk)), count=count):
        take(locked(action))
        series.save(force_insert=True)
        Location.objects.bulk_create(rows)
    return series


def _locations(series: Series, locations: Sequence[Host]) -> list[Location]:
    if not locations or len(locations) > PLACES:
        raise Invalid({"locations": _("Name from 1 to %(most)d locations.") % {"most": PLACES}})
    rows = [
        Location(
            series=series,
            place=checking.place(one.place, "locations"),
            host=checking.organisation(one.organisation, "locations") if one.organisation else None,
            order=order,
        )
        for order, one in enumerate(locations, 1)
    ]
    if len({row.place_id for row in rows}) != len(rows):
        raise Invalid({"locations": _("A location stands twice.")})
    return rows


def spread(officer: Officer, series: Series) -> list[Activity]:
    """Make drafts of all activities of the series that are still missing: the least served location first.

    Their days are left open where the series has no time; else each is set into a month, evenly. Raises NotNow.
    """
    check(officer, "programme.write")
    with act("series.spread", Operation.COLLECTION, by=officer, on=("series", str(series.pk))) as this:
        row = Series.objects.select_for_update(of=("self",)).select_related("action").get(pk=series.pk)
        there = standing(row)
        missing = row.count - len(there)
        if missing <= 0:
            raise NotNow(_("All activities of this series are planned."))
        locations = list(row.locations.select_related("host"))
        turns = fairly([one.place_id for one in locations], missing, held_at(there), last_at(there))
        hosts = {one.place_id: one for one in locations}
        begun = row.activities.count()  # with the cancelled ones: no two are of one name
        made = [
            _draft(officer, row, hosts[place], f"{row.title} {begun + turn + 1}", _month(row, len(there) + turn))
            for turn, place in enumerate(turns)
        ]
        index.renew(activities=[one.pk for one in made])
        this.detail |= {"made": [one.key for one in made]}
    return made


def _draft(officer: Officer, series: Series, location: Location, title: str, month: str) -> Activity:
    activity = Activity(
        key=checking.new_key(Activity, title),
        state=Activity.State.DRAFT,
        kind=series.kind,
        action=series.action,
        series=series,
        title=title,
        language=series.action.language,
        place_id=location.place_id,
        owner=here(),
        made_by=officer,
        made_at=now(),
        changed_at=now(),
    )
    activity.take_when(When.parse(month))
    activity.save(force_insert=True)
    if location.host is not None:
        Involvement.objects.create(activity=activity, role=InvolvementRole.HOST, organisation=location.host, order=1)
    return activity


def _month(series: Series, number: int) -> str:
    """The month of the activity of this number, as EDTF; empty where the series has no time."""
    if series.starts_on is None or series.ends_on is None:
        return ""
    days = (series.ends_on - series.starts_on).days + 1
    day = series.starts_on + timedelta(days=days * (2 * number + 1) // (2 * series.count))
    return f"{min(day, series.ends_on):%Y-%m}"
