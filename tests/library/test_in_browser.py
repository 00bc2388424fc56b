"""The pages of the news in a real browser: nothing too wide, nothing that axe complains of."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from ilex.library.actions import items
from ilex.library.actions.items import Text
from ilex.library.actions.site import switch_site
from ilex.library.actions.twins import judge_twin
from ilex.library.loading import load_news
from ilex.library.models import Item
from ilex.library.queries.feeds import twins_open
from ilex.library.site.writing import folder, write_site
from ilex.programme.loading import load_programme
from ilex.units.actions import load_directory
from ilex.units.models import Officer
from tests.browser import axe, is_too_wide, signed_in
from tests.library.conftest import letter, published
from tests.library.test_site import answers, serving
from tests.network import until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Shot = Callable[[Page, str], None]


@pytest.fixture
def loaded(chief: Officer) -> None:
    load_directory()
    load_programme()
    load_news()
    item = published(chief, public=True, about_activities=["crime-workshop"])
    text = Text("sr", "Заједничка обука у Београду", "", "Четрдесет службеника.")
    items.set_text(chief, item, text, version=item.version)
    published(chief, "In Belgrade joint training held")
    items.write_item(chief, letter("A draft to be read once more"))


@pytest.mark.parametrize("width", [1366, 320])
def test_pages_of_the_news_fit_and_are_accessible(
    loaded: None, live_server: LiveServer, browsing: Callable[..., Page], shot: Shot, chief: Officer, width: int
) -> None:
    page = signed_in(browsing(viewport={"width": width, "height": 768}), live_server, chief)
    draft = Item.objects.get(state="draft")
    places = {
        "news": "/news/",
        "item": "/news/items/lebanon-phase-2/",
        "ours": "/news/items/joint-training-held-in-belgrade/",
        "draft": f"/news/items/{draft.key}/",
        "new": "/news/new/",
        "twins": "/news/twins/",
        "feeds": "/news/feeds/",
        "feed": "/news/feeds/icmpd-2019/",
        "site": "/news/site/",
    }
    for name, place in places.items():
        answer = page.goto(live_server.url + place)
        assert answer is not None
        assert answer.ok, name
        shot(page, f"library-{name}-{width}")
        assert not is_too_wide(page), name
        axe(page)


def test_public_site_reads_well_without_any_script(
    loaded: None, browsing: Callable[..., Page], shot: Shot, chief: Officer
) -> None:
    judge_twin(chief, twins_open()[0], True)
    switch_site(chief, True, title="News of Belgrade", languages=["en", "sr"], address="https://news.example.org")
    write_site()
    with serving(folder()) as place:
        until(lambda: answers(place), "the public site to answer")
        for width in (1366, 320):
            page = browsing(viewport={"width": width, "height": 768}, bypass_csp=True)  # axe looks at the style sheet
            for name in ("", "sr/index.html", "en/news/joint-training-held-in-belgrade.html"):
                page.goto(f"{place}/{name}")
                shot(page, f"site-{name.replace('/', '-')}-{width}")
                assert not is_too_wide(page), name
                axe(page)
