"""Activities as a calendar program reads them (RFC 5545)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext, override
from icalendar import Calendar, Event

from ilex.programme.models import Activity
from ilex.programme.queries.hours import zone_of
from ilex.programme.queries.people import Names, in_words
from ilex.programme.rules.hours import exact_days

MAKER = "-//Ilex//Calendar of the network//EN"
AGAIN = timedelta(hours=1)  # how often a program should look
STATUS = {Activity.State.DRAFT: "TENTATIVE", Activity.State.CANCELLED: "CANCELLED"}


def calendar_text(
    activities: Sequence[Activity], language: str, name: str, address: Callable[[Activity], str] | None = None
) -> bytes:
    """One event for each that has a date, in its own time zone; whole days where no hours are known.

    Places must be loaded. `address` gives the page of an activity.
    """
    made = Calendar()
    made.add("prodid", MAKER)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("name", name)
    made.add("x-wr-calname", name)
    made.add("refresh-interval", AGAIN, parameters={"VALUE": "DURATION"})
    dated = [one for one in activities if one.first is not None]
    with override(language):
        names = Names.read(language)
        for one in dated:
            made.add_component(_event(one, names, address(one) if address else ""))
    if days := [day for one in dated for day in _days(one)]:
        made.add_missing_timezones(min(days) - timedelta(days=366), max(days) + timedelta(days=366))
    text: bytes = made.to_ical()
    return text


def _days(activity: Activity) -> Iterable[date]:
    return (moment.date() for moment in (activity.starts_at, activity.ends_at) if moment)


def _event(activity: Activity, names: Names, address: str) -> Event:
    event = Event()
    event.add("uid", str(activity.pk))
    event.add("sequence", activity.version)
    event.add("dtstamp", activity.changed_at)
    event.add("last-modified", activity.changed_at)
    event.add("summary", activity.title)
    event.add("categories", [str(activity.get_kind_display())])
    event.add("status", STATUS.get(Activity.State(activity.state or Activity.State.HELD), "CONFIRMED"))
    if where := _where(activity, names):
        event.add("location", where)
    event.add("description", _text(activity, names.language))
    if address:
        event.add("url", address)
    _set_time(event, activity)
    return event


def _set_time(event: Event, activity: Activity) -> None:
    """Hours on the clock of the place, or whole days; the end of whole days is the day behind them."""
    if activity.starts_at is not None and activity.ends_at is not None:
        zone = ZoneInfo(zone_of(activity))
        event.add("dtstart", _clock(activity.starts_at, zone))
        event.add("dtend", _clock(activity.ends_at, zone))
        return
    if activity.first is not None:
        event.add("dtstart", activity.first)
    if activity.last is not None:
        event.add("dtend", activity.last + timedelta(days=1))
    sure = exact_days(activity.when) and activity.last is not None
    event.add("transp", "OPAQUE" if sure else "TRANSPARENT")  # what is vague keeps nobody from other things


def _clock(at: datetime, zone: ZoneInfo) -> datetime:
    """What clocks there show; in UTC where they show it for the second time, since a program would read the first."""
    there = at.astimezone(zone)
    return at.astimezone(UTC) if there.fold else there


def _where(activity: Activity, names: Names) -> str:
    place = names.place(activity.place_id).text if activity.place_id else activity.place_printed
    return ", ".join(filter(None, (activity.venue, place)))


def _text(activity: Activity, language: str) -> str:
    kind = str(activity.get_kind_display())
    lines = [kind if activity.action is None else f"{kind}: {activity.action}"]
    if not exact_days(activity.when):
        lines.append(gettext("When: %(when)s") % {"when": in_words(activity.when, language)})
    if activity.state == Activity.State.CANCELLED:
        lines.append(gettext("Cancelled: %(why)s") % {"why": activity.cancelled_why})
    return "\n".join([*lines, activity.text]).strip()
