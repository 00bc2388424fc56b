"""A coordinator's first walk, by clicks alone: from the map to an action, its sheet, an activity, the people
nominated to it, a hand-over, a news item and the feed. Each page is accessible and silent."""

from __future__ import annotations

import re

import feedparser  # type: ignore[import-untyped]  # it publishes no types
import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from ilex.library.loading import load_news
from ilex.programme.loading import load_programme
from ilex.programme.models import Action, Nomination
from ilex.units.actions import load_directory
from ilex.units.models import Officer
from tests.browser import Shot, axe, is_too_wide, signed_in
from tests.programme.inviting import TITLE, invited, nominates, person, workshop
from tests.programme.test_equipment import bought, given
from tests.sharing.ceca import Partner

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ACTION, NEWS = "ilecu-network", "Lebanon"


@pytest.fixture
def coordinator(vera: Officer, ceca: Partner) -> Officer:
    """Of a unit that knows the seeds, invited Skopje to a workshop, and gave it radios."""
    load_directory()
    load_programme()
    load_news()
    activity = workshop(action=Action.objects.get(key=ACTION))
    nominates(ceca, invited(vera, {"ilecu-mk": 2}, activity=activity), person("Ѓорѓи Измислен"))
    given(vera, bought(vera))
    return vera


class Walk:
    def __init__(self, page: Page, shot: Shot) -> None:
        self.page, self.shot, self.steps = page, shot, 0

    def follow(self, link: str | re.Pattern[str], *, within: str = "main", heading: str | re.Pattern[str]) -> None:
        """Click a link by its words, and look at the page to which it leads."""
        self.page.locator(within).get_by_role("link", name=link, exact=isinstance(link, str)).first.click()
        self.arrived(heading)

    def arrived(self, heading: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(heading)
        axe(self.page)
        assert not is_too_wide(self.page)
        self.steps += 1
        self.shot(self.page, f"walk-{self.steps:02d}")


def test_walk_from_the_map_to_the_feed(live_server: LiveServer, coordinator: Officer, page: Page, shot: Shot) -> None:
    walk = Walk(signed_in(page, live_server, coordinator), shot)
    page.goto(live_server.url)
    walk.follow("Calendar", within="nav >> nth=0", heading="Calendar")
    walk.follow("Map", heading="Where activities take place")
    walk.follow("Serbia", heading="Calendar")
    walk.follow(TITLE, heading=TITLE)

    action = Action.objects.get(key=ACTION)
    walk.follow(action.title, heading=action.title)
    walk.follow("Factsheet", within="aside", heading="International Law Enforcement Coordination Units")
    expect(page.get_by_role("link", name="Download as PDF")).to_be_visible()
    walk.follow(re.compile("The action"), heading=action.title)
    walk.follow(TITLE, heading=TITLE)

    walk.follow("Our invitation", heading=TITLE)
    walk.follow("Decide on the nominated people", heading=TITLE)
    page.get_by_role("combobox", name=re.compile("Ѓорѓи Измислен")).select_option(label="Confirmed")
    page.get_by_role("button", name="Decide and tell the units").click()
    expect(page.get_by_text("The units are told.")).to_be_visible()
    assert Nomination.objects.get().state == "confirmed"
    walk.follow("Ѓорѓи Измислен", heading="Ѓорѓи Измислен")

    walk.follow("Equipment", within="nav >> nth=0", heading="Equipment")
    walk.follow("Hand-overs", heading="Equipment")
    walk.follow(re.compile("^RS-E-"), heading=re.compile("RS-E-"))

    walk.follow("News", within="nav >> nth=0", heading="News")
    rss = page.get_by_role("link", name="RSS").get_attribute("href")
    walk.follow(re.compile(NEWS), heading=NEWS)
    title = page.get_by_role("heading", level=1).inner_text()
    feed = feedparser.parse(page.request.get(f"{live_server.url}{rss}").body())
    assert not feed.bozo
    assert title in [entry.title for entry in feed.entries]
