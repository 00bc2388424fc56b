"""The calendar of the network: months, lists, filters, clocks and clashes; and the map."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations
from math import cos, radians
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.programme.actions.activities import add_activity
from ilex.programme.actions.agenda import agree
from ilex.programme.actions.claims import prefer
from ilex.programme.actions.involving import involve, release_involvement
from ilex.programme.loading import load_programme
from ilex.programme.models import Activity
from ilex.programme.queries.calendar import CalendarFilter, list_of, month_of
from ilex.programme.queries.clashes import keys_in_clash
from ilex.programme.queries.map import sheet
from ilex.programme.rules.calendar import Slot, clashes
from ilex.programme.tiles.activities import activities_tiles
from ilex.units.actions import load_directory
from ilex.units.models import Officer, Place
from tests.programme.inviting import invites
from tests.programme.shown import read
from tests.sharing.ceca import Partner

MARCH = date(2027, 3, 1)
WEST, EAST, NORTH = -11.0, 63.0, 66.0  # of the sheet of the map
DAY: dict[str, Any] = {"first": MARCH, "last": MARCH}


def an_activity(vera: Officer, title: str, when: str, **more: object) -> Activity:
    return add_activity(vera, **{"title": title, "kind": "meeting", "when": when, **more})  # type: ignore[arg-type]


def titles(officer: Officer, **filters: object) -> list[str]:
    found = list_of(officer, CalendarFilter(**filters), None)  # type: ignore[arg-type]
    return [one.row.title for one in found.entries]


def test_same_host_on_the_same_day_is_a_clash_and_another_day_is_none() -> None:
    one, other = Slot("1", **DAY, host=frozenset("h")), Slot("2", **DAY, host=frozenset("h"))
    later = Slot("3", date(2027, 3, 2), date(2027, 3, 2), host=frozenset("h"))
    [clash] = clashes([one, other, later])
    assert (clash.one, clash.other, clash.shared, clash.sure) == ("1", "2", (("host", frozenset("h")),), True)


def test_hours_decide_where_both_have_hours() -> None:
    def slot(key: str, opens: int, closes: int) -> Slot:
        hours = [datetime(2027, 3, 1, hour, tzinfo=UTC) for hour in (opens, closes)]
        return Slot(key, **DAY, starts_at=hours[0], ends_at=hours[1], person=frozenset("p"))

    assert clashes([slot("1", 9, 11), slot("2", 11, 12)]) == []
    assert len(clashes([slot("1", 9, 11), slot("2", 10, 12)])) == 1


def test_vague_date_may_clash_and_a_year_says_too_little() -> None:
    month = Slot("1", MARCH, date(2027, 3, 31), exact=False, unit=frozenset("u"))
    year = Slot("2", date(2027, 1, 1), date(2027, 12, 31), exact=False, unit=frozenset("u"))
    [clash] = clashes([month, year, Slot("3", **DAY, unit=frozenset("u")), Slot("4", None, None, unit=frozenset("u"))])
    assert (clash.one, clash.other, clash.sure) == ("1", "3", False)


@pytest.mark.parametrize("seed", range(20))
def test_clashes_are_those_that_comparing_each_two_finds(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    slots = []
    for number in range(25):
        first = MARCH + timedelta(days=chance.randrange(40))
        last, exact = first + timedelta(days=chance.choice((0, 3, 20, 45))), chance.random() < 0.7
        host, unit = frozenset(chance.sample("abcd", 1)), frozenset(chance.sample("xyz", chance.randrange(3)))
        slots.append(Slot(str(number), first, last, exact, host=host, unit=unit))
    found = [(one.one, one.other) for one in clashes(slots)]
    each_two = [(one.key, other.key) for one, other in combinations(slots, 2) if clashes([one, other])]
    assert found == each_two
    assert [(one.one, one.other) for one in clashes(slots, ["7"])] == [pair for pair in each_two if "7" in pair]


@pytest.mark.django_db
def test_month_shows_each_day_and_keeps_the_vague_apart(vera: Officer) -> None:
    an_activity(vera, "Two days", "2027-03-01/2027-03-02")
    an_activity(vera, "Some time", "2027-03")
    an_activity(vera, "Long", "2027-02-01/2027-03-31")
    an_activity(vera, "Next", "2027-05-03")
    month = month_of(vera, MARCH, CalendarFilter(), MARCH)
    days = {
        day.day: [part.one.row.title for part in day.entries] for week in month.weeks for day in week if day.entries
    }
    assert days == {date(2027, 3, 1): ["Two days"], date(2027, 3, 2): ["Two days"]}
    assert {one.row.title for one in month.vague} == {"Some time", "Long"}
    assert (month.earlier, month.later) == (date(2027, 2, 1), date(2027, 5, 1))
    assert all(len(week) == 7 for week in month.weeks)


@pytest.mark.django_db
def test_filters_narrow_the_calendar_down(vera: Officer, ceca: Partner) -> None:
    ours = an_activity(vera, "Ours", "2027-03-01", place="RS")
    involve(vera, ours, role="host", organisation="ilecu-mk")
    Activity.objects.filter(pk=an_activity(vera, "Theirs", "2027-04", kind="visit", place="MK").pk).update(owner=None)
    invites(ceca)
    assert titles(vera, place="MK") == ["Обука за граница", "Theirs"]
    assert titles(vera, host="ilecu-mk") == ["Ours"]
    assert titles(vera, kind="visit") == ["Theirs"]
    assert titles(vera, mine=True) == ["Обука за граница", "Ours"]


@pytest.mark.django_db
def test_calendar_shows_the_clock_of_the_place_beside_ours_and_the_clash(vera: Officer, client: Client) -> None:
    for title in ("One", "Other"):
        load_directory()
        hours = {"opens": time(9), "closes": time(17), "place": "GE", "venue": "Hall"}
        an_activity(vera, title, "2027-03-01", **hours)
    client.force_login(vera)
    shown = read(client, reverse("calendar") + "?month=2027-03")
    assert "09:00–17:00 UTC+04 · 05:00–13:00 UTC" in shown
    assert "clash" in shown
    listed = read(client, reverse("calendar") + "?show=list&year=2027")
    assert "At the same time: Other" in listed
    assert "No activity stands here" in read(client, reverse("calendar") + "?show=list&year=2031")
    assert "The nearest is in March 2027" in read(client, reverse("calendar") + "?month=2029-01")


@pytest.mark.django_db
def test_every_activity_of_the_seeds_stands_in_a_list(vera: Officer, client: Client) -> None:
    load_directory()
    load_programme()
    client.force_login(vera)
    shown = "".join(read(client, f"{reverse('calendar')}?show={show}") for show in ("list", "list&first=60", "undated"))
    assert [one.title for one in Activity.objects.all() if " ".join(one.title.split()) not in shown] == []
    network = read(client, f"{reverse('calendar')}?action=ilecu-network")
    assert "Action: Further strengthening" in network
    strange = (
        "month=2027-13",
        "month=0001-01",
        "year=abcd",
        "show=x",
        "place=%00",
        "kind=party",
        "first=9x",
        "action=%00",
    )
    for query in strange:
        assert client.get(f"{reverse('calendar')}?{query}").status_code == 200, query


@pytest.mark.django_db
def test_map_counts_by_place_and_says_of_how_many_no_place_is_known(vera: Officer, client: Client) -> None:
    load_directory()
    load_programme()
    client.force_login(vera)
    shown = read(client, reverse("map"))
    nowhere = Activity.objects.filter(place=None).count()
    assert f"Of {nowhere} activit" in shown
    place = Activity.objects.exclude(place=None).earliest("pk").place_id
    assert client.get(f"{reverse('calendar')}?show=list&place={place}").status_code == 200


@pytest.mark.django_db
def test_month_and_page_ask_few_statements(vera: Officer, client: Client) -> None:
    counted = []
    client.force_login(vera)
    for more in (2, 40):
        for number in range(more):
            made = an_activity(vera, f"Meeting {more} {number}", "2027-03-01", place="RS")
            involve(vera, made, role="host", organisation="ilecu-mk")
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("calendar") + "?month=2027-03")
            client.get(reverse("activity", args=[made.key]))
        counted.append(len(asked))
    assert counted[1] <= counted[0] + 4  # the names of organisations in clashes


@pytest.mark.django_db
def test_map_draws_each_place_once_with_its_number_and_a_link(vera: Officer, client: Client) -> None:
    load_directory()
    for place in ("XK", "RS", "RS", "MD"):
        an_activity(vera, f"In {place}", "2027-03-01", place=place)
    client.force_login(vera)
    page = client.get(reverse("map")).text
    assert page.count('aria-label="Serbia: 2 activities"') == 1
    assert "?show=list&amp;place=XK" in page
    shown = read(client, reverse("map"))
    assert "* Kosovo: " in shown
    assert "as it draws them" in shown
    codes = [shape.code for shape in sheet().shapes if shape.code]
    assert len(codes) == len(set(codes))
    assert set(Place.objects.filter(pk__in=codes).values_list("pk", flat=True)) >= {"XK", "MK", "MD", "UA", "GE"}


@pytest.mark.django_db
def test_clash_is_shown_also_where_the_calendar_is_narrowed_down_to_one_of_the_two(
    vera: Officer, client: Client
) -> None:
    load_directory()
    for title, kind in (("Board", "meeting"), ("Seminar", "workshop")):
        involve(vera, an_activity(vera, title, "2027-03-01", kind=kind), role="host", organisation="ilecu-mk")
    client.force_login(vera)
    listed = read(client, reverse("calendar") + "?show=list&kind=workshop")
    assert "At the same time: Board" in listed
    assert "clash" in read(client, reverse("calendar") + "?month=2027-03&kind=workshop")


@pytest.mark.django_db
def test_two_towns_of_one_state_and_two_halls_of_one_town_are_no_clash(vera: Officer) -> None:
    load_directory()

    def clashing(*places: dict[str, str]) -> bool:
        Activity.objects.all().delete()
        for number, place in enumerate(places):
            an_activity(vera, f"Meeting {number}", "2027-03-01", **place)
        return any(one.clashes for one in list_of(vera, CalendarFilter(), None).entries)

    town, state = {"place": "md-chisinau"}, {"place": "MD"}
    assert clashing(town, town)
    assert not clashing(state, state)
    assert not clashing(town | {"venue": "Hall one"}, town | {"venue": "Hall two"})
    assert clashing(state | {"venue": "Academy"}, state | {"venue": "academy"})


@pytest.mark.django_db
def test_host_who_withdrew_is_host_no_longer(vera: Officer, client: Client, ceca: Partner) -> None:
    one, other = an_activity(vera, "One", "2027-03-01"), an_activity(vera, "Other", "2027-03-01")
    parts = [involve(vera, activity, role="host", organisation="ilecu-mk") for activity in (one, other)]
    assert titles(vera, host="ilecu-mk") == ["One", "Other"]
    release_involvement(vera, parts[0], "No room")
    assert titles(vera, host="ilecu-mk") == ["Other"]
    shown = list_of(vera, CalendarFilter(), None).entries
    assert [(bool(entry.hosts), bool(entry.clashes)) for entry in shown] == [(False, False), (True, False)]


@pytest.mark.django_db
def test_of_an_open_end_the_beginning_counts_and_what_has_no_beginning_stands_in_no_month(vera: Officer) -> None:
    an_activity(vera, "Goes on", "2027-03-10/..")
    an_activity(vera, "Ended then", "../2027-03-20")
    an_activity(vera, "Across", "2027-02-20/2027-04-10")

    def vague(month: date) -> list[str]:
        return [one.row.title for one in month_of(vera, month, CalendarFilter(), date(2027, 3, 1)).vague]

    def of_year(year: int) -> list[str]:
        return [one.row.title for one in list_of(vera, CalendarFilter(), year).entries]

    assert vague(date(2027, 3, 1)) == ["Across", "Goes on"]
    assert vague(date(2027, 4, 1)) == ["Across"]
    assert of_year(2027) == ["Across", "Goes on"]
    assert of_year(2028) == []
    assert titles(vera) == ["Ended then", "Across", "Goes on"]


@pytest.mark.django_db
def test_month_shows_some_of_very_many_and_says_how_many_more_there_are(vera: Officer, client: Client) -> None:
    for number in range(14):
        an_activity(vera, f"Some day {number}", "2027-03")
    for number in range(5):
        an_activity(vera, f"On the day {number}", "2027-03-09")
    month = month_of(vera, MARCH, CalendarFilter(), MARCH)
    [busy] = [day for week in month.weeks for day in week if day.entries]
    assert (len(month.vague), month.more) == (12, 2)
    assert (len(busy.entries), busy.more) == (3, 2)
    client.force_login(vera)
    said = client.get("/calendar/?month=2027-03").content.decode()
    assert said.count("and 2 more in the list") == 2


@pytest.mark.django_db
def test_month_looks_at_the_parts_of_its_own_activities_only(vera: Officer) -> None:
    """A statement that asks for an activity or for a session at once reads every part that anybody takes."""
    two = [an_activity(vera, title, "2027-03-01") for title in ("One", "Other")]
    with CaptureQueriesContext(connection) as asked:
        keys_in_clash(two)
    statements = [one["sql"] for one in asked if "programme_person" in one["sql"]]
    assert len(statements) == 2
    assert not any(" OR " in one for one in statements)


@pytest.mark.django_db
def test_desk_counts_what_waits_and_leads_to_it(vera: Officer, ana: Officer, client: Client) -> None:
    load_directory()
    load_programme()
    today = localdate()
    an_activity(vera, "Soon", str(today + timedelta(days=3)))
    an_activity(vera, "Some time this year", str(today.year))
    an_activity(vera, "Later", str(today + timedelta(days=30)))
    begun = an_activity(vera, "Over", str(today - timedelta(days=3)))
    agree(vera, begun, text="Send the list.", due_on=today - timedelta(days=1))
    agree(vera, begun, text="Meet again.")
    with act("activity.announced", Operation.DISCLOSURE, by=vera, on=("activity", str(begun.pk))):
        Activity.objects.filter(pk=begun.pk).update(state="announced")
    client.force_login(vera)
    tiles = {tile.name: tile for tile in activities_tiles(vera)}
    wanted = {"activities-soon": ["Soon"], "activities-over": ["Over"], "outcomes-due": ["Over"]}
    for name, found in wanted.items():
        assert tiles[name].count == len(found)
        listed = read(client, tiles[name].url)
        assert all(title in listed for title in found)
        assert "Later" not in listed
    assert tiles["outcomes-due"].tone == "overdue"
    undecided = read(client, tiles["activities-undecided"].url)
    event = Activity.objects.get(key="training-it-event")
    assert event.title in undecided
    assert "Sources differ, and nobody has decided" in undecided
    before = tiles["activities-undecided"].count
    prefer(vera, event.claims.earliest("pk"), "The caption names town and month.")
    left = {tile.name: tile.count for tile in activities_tiles(vera)}
    assert left.get("activities-undecided", 0) == before - 1
    assert [tile.name for tile in activities_tiles(ana)] == ["activities-soon"]


def test_map_draws_crimea_with_ukraine() -> None:
    """The point of Simferopol, 34.1 E, 45.0 N, as tools/shapes.py lays it on the sheet."""
    scale = sheet().wide / (EAST - WEST)
    x, y = (34.1 - WEST) * scale, (NORTH - 45.0) * scale / cos(radians(50))
    holding = [shape.code for shape in sheet().shapes if _inside(shape.path, x, y)]
    assert holding == ["UA"]


def _inside(path: str, x: float, y: float) -> bool:
    """Whether a ray from the point crosses the lines of the shape an odd number of times."""
    odd = False
    for ring in path.split("Z")[:-1]:
        numbers = [int(one) for one in ring.removeprefix("M").split()]
        points = list(zip(numbers[::2], numbers[1::2], strict=True))
        for (a, b), (c, d) in zip(points, [*points[1:], points[0]], strict=True):
            if (b > y) != (d > y) and x < a + (y - b) * (c - a) / (d - b):
                odd = not odd
    return odd
