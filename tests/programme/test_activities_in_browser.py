"""The pages of actions, activities, the calendar, series and the map in Chromium: accessible, and no wider than a
telephone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localdate
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from ilex.programme.actions.actions import add_action
from ilex.programme.actions.activities import add_activity, announce
from ilex.programme.actions.agenda import Point, agree, set_agenda
from ilex.programme.actions.claims import add_source, claim
from ilex.programme.actions.findings import note_finding, remark
from ilex.programme.actions.involving import involve
from ilex.programme.actions.mistakes import take_back
from ilex.programme.actions.series import Host, plan_series, spread
from ilex.programme.models import Action, Activity
from ilex.units.actions import load_directory
from ilex.units.models import Officer
from tests.browser import SMALL, Shot, axe, is_too_wide, signed_in
from tests.sharing.ceca import Partner

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def written_about(vera: Officer, about: Action | Activity) -> None:
    """Two sources that differ, and one of each kind that was taken back."""
    for title, when in (("Letter of the host", "2027-03"), ("Page of the donor", "2027-04")):
        source = add_source(vera, title=title, kind="letter")
        claim(vera, about, field="when", value=when, source=source.key)
    take_back(vera, claim(vera, about, field="title", value="Seminar", source=source.key), "It names another one.")
    remark(vera, about, kind="doubt", text="The host has not signed yet.")
    take_back(vera, remark(vera, about, kind="rule", text="Two trainers in each room."), "It is a rule of last year.")
    note_finding(vera, about, kind="need", text="Radios are missing.")
    take_back(vera, note_finding(vera, about, kind="lesson", text="Meet earlier."), "Nobody said so.")
    involve(vera, about, role="partner", organisation="ilecu-mk", note="Since May")
    take_back(vera, involve(vera, about, role="partner", place="HU"), "Hungary was only asked.")


@pytest.fixture
def addresses(vera: Officer, ceca: Partner, budapest: Partner) -> dict[str, str]:
    load_directory()
    soon = localdate() + timedelta(days=2)
    action = add_action(vera, title="Joint training of border police", kind="project", when="2026/2027")
    activity = add_activity(
        vera, title="Seminar on forged seals", kind="workshop", when=str(soon), place="md-chisinau", action=action
    )
    other = add_activity(vera, title="Board", kind="meeting", when=str(soon), place="md-chisinau", action=action)
    for one in (activity, other):
        involve(vera, one, role="host", organisation="ilecu-mk")
    set_agenda(vera, activity, [Point("Welcome", speakers=["Head of the academy"]), Point("Seals")])
    agree(vera, activity, text="Send the list.", responsible="ilecu-mk", due_on=localdate())
    announce(vera, activity)
    for about in (action, activity):
        written_about(vera, about)
    places = [Host("RS"), Host("MK", "ilecu-mk"), Host("HU")]
    series = plan_series(vera, action, kind="training", title="Training", count=4, locations=places)
    spread(vera, series)
    mistake = action.remarks.get()
    return {
        "actions": reverse("actions"),
        "action": reverse("action", args=[action.key]),
        "action-mistakes": reverse("action", args=[action.key]) + "?mistakes=show",
        "take-back": reverse("remark-take-back", args=[mistake.pk]),
        "activity": reverse("activity", args=[activity.key]),
        "activity-mistakes": reverse("activity", args=[activity.key]) + "?mistakes=show",
        "activity-edit": reverse("activity-edit", args=[activity.key]),
        "agenda": reverse("activity-agenda", args=[activity.key]),
        "calendar": f"{reverse('calendar')}?month={soon:%Y-%m}",
        "calendar-due": reverse("calendar") + "?show=list&waits=outcomes",
        "series": reverse("series", args=[series.pk]),
        "map": reverse("map"),
    }


@pytest.mark.parametrize("look", [pytest.param({}, id="desk"), pytest.param({"viewport": SMALL}, id="small")])
def test_pages_are_accessible_and_fit(
    live_server: LiveServer,
    vera: Officer,
    addresses: dict[str, str],
    browsing: Callable[..., Page],
    shot: Shot,
    look: dict[str, object],
) -> None:
    page = signed_in(browsing(**look), live_server, vera)
    for name, address in {**addresses, "desk": "/"}.items():
        page.goto(live_server.url + address)
        axe(page)
        assert not is_too_wide(page), address
        shot(page, f"{name}-{'small' if look else 'desk'}")
