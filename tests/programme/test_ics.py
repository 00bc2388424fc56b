"""The calendar as other programs read it: wall clocks, whole days, secrets."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext, override
from icalendar import Calendar, Timezone

from ilex.journal.actions import act
from ilex.journal.models import Line, Operation
from ilex.programme.actions.activities import add_activity, announce, cancel, change_activity
from ilex.programme.actions.subscriptions import end_subscription, subscribe
from ilex.programme.ics import calendar_text
from ilex.programme.models import Activity, CalendarKey
from ilex.programme.rules.errors import Invalid, NotNow
from ilex.units.actions import load_directory
from ilex.units.models import Officer, Organisation
from tests.sharing.ceca import Partner

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _directory(house: Organisation) -> None:
    load_directory()


SUMMER_ENDS, SUMMER_BEGINS = date(2026, 10, 25), date(2027, 3, 28)


def meeting(vera: Officer, **more: Any) -> Activity:
    return add_activity(vera, **{"title": "Meeting", "kind": "meeting", "when": "2026-10-24/2026-10-25", **more})


def parsed(*activities: Activity) -> Any:
    rows = Activity.objects.select_related("place", "action").filter(pk__in=[one.pk for one in activities])
    return Calendar.from_ical(calendar_text(list(rows), "en", "Calendar of the network"))


def one_event(calendar: Any) -> Any:
    [event] = calendar.walk("VEVENT")
    return event


@pytest.mark.parametrize(
    ("place", "zone"),
    [("MD", "Europe/Chisinau"), ("BY", "Europe/Minsk"), ("GE", "Asia/Tbilisi"), ("RS", "Europe/Belgrade")],
)
@pytest.mark.parametrize("turns", [SUMMER_ENDS, SUMMER_BEGINS])
def test_meeting_keeps_its_wall_clock_over_the_end_of_summer_time(
    vera: Officer, place: str, zone: str, turns: date
) -> None:
    days = f"{turns - timedelta(days=1)}/{turns}"
    calendar = parsed(meeting(vera, when=days, place=place, opens=time(18), closes=time(10, 30)))
    event = one_event(calendar)
    begins, ends = event["dtstart"], event["dtend"]
    assert (begins.params["TZID"], ends.params["TZID"]) == (zone, zone)
    assert begins.dt.replace(tzinfo=None) == datetime.combine(turns - timedelta(days=1), time(18))
    assert ends.dt.replace(tzinfo=None) == datetime.combine(turns, time(10, 30))
    # A program that knows no time zones reads the rules in the file, and comes to the same moments.
    [rules] = calendar.walk("VTIMEZONE")
    assert isinstance(rules, Timezone)
    told = rules.to_tz(lookup_tzid=False)
    for at in (begins.dt, ends.dt):
        clock = at.replace(tzinfo=None)
        assert clock.replace(tzinfo=told).utcoffset() == clock.replace(tzinfo=ZoneInfo(zone)).utcoffset()


def test_hours_are_entered_on_the_clock_of_the_place_before_and_after_the_change(vera: Officer) -> None:
    before = meeting(vera, when="2026-10-24", place="MD", opens=time(9), closes=time(10))
    after = meeting(vera, when="2026-10-26", place="MD", opens=time(9), closes=time(10))
    assert [one.starts_at for one in (before, after)] == [
        datetime(2026, 10, 24, 6, tzinfo=UTC),
        datetime(2026, 10, 26, 7, tzinfo=UTC),
    ]


def test_whole_days_end_on_the_day_behind_them_and_vague_ones_keep_nobody_busy(vera: Officer) -> None:
    event = one_event(parsed(meeting(vera)))
    assert (event["dtstart"].dt, event["dtend"].dt, event["transp"]) == (
        date(2026, 10, 24),
        date(2026, 10, 26),
        "OPAQUE",
    )
    vague = one_event(parsed(meeting(vera, when="2027-02")))
    assert (vague["dtstart"].dt, vague["dtend"].dt, vague["transp"]) == (
        date(2027, 2, 1),
        date(2027, 3, 1),
        "TRANSPARENT",
    )
    assert "February 2027" in vague["description"]
    assert not list(parsed(meeting(vera, when="")).walk("VEVENT"))


def test_change_is_the_same_event_with_a_higher_number(vera: Officer) -> None:
    activity = meeting(vera, venue="Hall; one, with a comma")
    first = one_event(parsed(activity))
    change_activity(vera, activity, title="Meeting,\nmoved")
    second = one_event(parsed(activity))
    assert first["uid"] == second["uid"] == str(activity.pk)
    assert second["sequence"] > first["sequence"]
    assert (second["summary"], second["location"]) == ("Meeting, moved", "Hall; one, with a comma")
    calendar = parsed(activity)
    assert (calendar["method"], calendar["version"]) == ("PUBLISH", "2.0")


def fetched(client: Client, secret: str) -> list[str]:
    CalendarKey.objects.update(used_at=None)
    answer = client.get(reverse("calendar-file", args=[secret]))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/calendar")
    return sorted(str(one["summary"]) for one in Calendar.from_ical(answer.content).walk("VEVENT"))


def test_subscription_gives_what_its_filters_leave_without_a_session(
    vera: Officer, ana: Officer, client: Client, ceca: Partner
) -> None:
    soon = str(localdate() + timedelta(days=9))
    for title, place in (("In Serbia", "RS"), ("In Moldova", "MD")):
        announce(vera, meeting(vera, title=title, place=place, when=soon))
    meeting(vera, title="A draft", place="MD", when=soon)
    everything, narrowed = subscribe(ana, "Telephone", {}), subscribe(ana, "Wall", {"place": "MD"})
    assert fetched(client, everything) == ["In Moldova", "In Serbia"]
    assert fetched(client, narrowed) == ["In Moldova"]
    assert "_auth_user_id" not in client.session


def test_cancelled_activity_stays_in_the_calendar_as_cancelled(vera: Officer, ceca: Partner) -> None:
    activity = meeting(vera)
    announce(vera, activity)
    cancel(vera, activity, "No money")
    event = one_event(parsed(activity))
    assert (event["status"], "No money" in event["description"]) == ("CANCELLED", True)


def test_address_opens_nothing_once_it_ended_or_its_officer_left(vera: Officer, ana: Officer, client: Client) -> None:
    secret = subscribe(ana, "Telephone", {})
    address = reverse("calendar-file", args=[secret])
    assert client.get(address).status_code == 200
    assert client.get(reverse("calendar-file", args=["not-a-secret"])).status_code == 404
    Officer.objects.filter(pk=ana.pk).update(is_active=False)
    assert client.get(address).status_code == 404
    Officer.objects.filter(pk=ana.pk).update(is_active=True, roles=["auditor"])
    assert client.get(address).status_code == 404
    Officer.objects.filter(pk=ana.pk).update(roles=["duty"])
    key = CalendarKey.objects.get()
    with pytest.raises(NotNow):
        end_subscription(vera, key)
    end_subscription(ana, key)
    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 405


def test_address_is_read_again_only_after_a_moment(ana: Officer, client: Client) -> None:
    address = reverse("calendar-file", args=[subscribe(ana, "Telephone", {})])
    assert client.get(address).status_code == 200
    again = client.get(address)
    assert (again.status_code, again.headers["Retry-After"]) == (429, "5")
    CalendarKey.objects.update(used_at=now() - timedelta(seconds=6))
    assert client.get(address).status_code == 200


def test_secret_is_shown_once_and_kept_nowhere(ana: Officer, client: Client) -> None:
    client.force_login(ana)
    page = reverse("calendar-keys")
    shown = client.post(f"{page}?kind=meeting", {"name": "Telephone"})
    [key] = CalendarKey.objects.all()
    secret = shown.text.split("/calendar/", 2)[-1].split(".ics")[0].rpartition("/")[2]
    assert len(secret) > 40
    assert secret not in client.get(page).text
    assert secret not in str(list(Line.objects.values_list("detail", flat=True)))
    assert key.filters == {"kind": "meeting"}
    assert "Kind: Meeting" in client.get(page).text
    client.post(reverse("calendar-key-end", args=[key.pk]))
    key.refresh_from_db()
    assert key.ended_at is not None


def test_hour_that_comes_twice_is_told_so_that_it_comes_once(vera: Officer) -> None:
    """On the last Sunday of October clocks in Belgrade show 02:30 at 00:30 and again at 01:30 UTC."""
    activity = meeting(vera, when=str(SUMMER_ENDS), place="RS", opens=time(1), closes=time(9))
    begins, ends = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 15, tzinfo=UTC)
    with act("activity.changed", Operation.ALTERATION, by=vera, on=("activity", str(activity.pk))):
        Activity.objects.filter(pk=activity.pk).update(starts_at=begins, ends_at=ends)
    event = one_event(parsed(activity))
    assert (event["dtstart"].dt.astimezone(UTC), event["dtend"].dt.astimezone(UTC)) == (begins, ends)


def test_one_calendar_holds_summer_and_winter_of_several_years(vera: Officer) -> None:
    days = ("2026-07-01", "2026-10-24", "2026-10-26", "2027-01-15", "2027-03-29", "2028-07-01")
    rows = [meeting(vera, when=day, place="MD", opens=time(9), closes=time(17)) for day in days]
    calendar = parsed(*rows)
    [rules] = calendar.walk("VTIMEZONE")
    told = rules.to_tz(lookup_tzid=False)
    events = sorted(calendar.walk("VEVENT"), key=lambda one: one["dtstart"].dt)
    read_back = [one["dtstart"].dt.replace(tzinfo=None).replace(tzinfo=told) for one in events]
    assert [f"{at:%H:%M}" for at in read_back] == ["09:00"] * 6
    assert [at.astimezone(UTC) for at in read_back] == sorted(one.starts_at for one in rows if one.starts_at)


def test_cancelled_activity_is_the_same_event_with_a_higher_number(vera: Officer, ceca: Partner) -> None:
    activity = meeting(vera)
    announce(vera, activity)
    before = one_event(parsed(activity))
    cancel(vera, activity, "No money")
    after = one_event(parsed(activity))
    assert (after["uid"], after["status"]) == (before["uid"], "CANCELLED")
    assert after["sequence"] > before["sequence"]
    assert after["dtstamp"].dt >= before["dtstamp"].dt


def test_date_beyond_all_calendars_cannot_come_in(vera: Officer, ana: Officer, client: Client, ceca: Partner) -> None:
    for when in ("9999-12-31", "9999", "0001-01-01/.."):
        with pytest.raises(Invalid, match="1900 to 2199"):
            meeting(vera, when=when)
        said = {"id": str(uuid4()), "version": 1, "key": "far", "kind": "meeting", "title": "Far", "when": when}
        assert ceca.refused("programme.activity", {"activity": said}, uuid4()) == "malformed"
    far = {"starts_at": "9999-12-31T23:00:00.000Z", "ends_at": "9999-12-31T23:30:00.000Z"}
    soon = localdate() + timedelta(days=9)
    said = {"id": str(uuid4()), "version": 1, "key": "near", "kind": "meeting", "title": "Near", "when": str(soon)}
    said |= {"zone": "Europe/Skopje", "agenda": [{"order": 1, "title": "Late", **far}], **far}
    envelope = ceca.says("programme.activity", {"activity": said}, uuid4())
    assert envelope.state == "taken", envelope.failure
    assert fetched(client, subscribe(ana, "Telephone", {})) == ["Near"]
    client.force_login(ana)
    assert client.get(reverse("activity", args=["near"])).status_code == 200


def test_calendar_has_its_name_in_the_language_of_its_officer(ana: Officer, client: Client) -> None:
    Officer.objects.filter(pk=ana.pk).update(page_language="sr")
    answer = client.get(reverse("calendar-file", args=[subscribe(ana, "Telephone", {})]))
    with override("sr"):
        assert Calendar.from_ical(answer.content)["name"] == gettext("Calendar of the network")


def test_page_of_many_subscriptions_asks_no_more_than_that_of_one(ana: Officer, client: Client) -> None:
    client.force_login(ana)
    counted = []
    for number in (1, 8):
        for _more in range(number):
            subscribe(ana, "Telephone", {"kind": "meeting"})
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("calendar-keys"))
        counted.append(len(asked))
    assert counted[0] == counted[1]


def test_draft_that_was_cancelled_before_anybody_heard_of_it_stays_in_the_house(
    vera: Officer, ana: Officer, client: Client, ceca: Partner
) -> None:
    soon = str(localdate() + timedelta(days=9))
    draft, told = meeting(vera, title="Never told", when=soon), meeting(vera, title="Told", when=soon)
    announce(vera, told)
    for activity in (draft, told):
        cancel(vera, activity, "No money")
    assert fetched(client, subscribe(ana, "Telephone", {})) == ["Told"]
