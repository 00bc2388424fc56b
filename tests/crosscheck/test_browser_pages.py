"""The pages of the cross-check in Chromium: accessible in light and dark, on a small screen, names in their scripts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localdate, now
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from ilex.crosscheck import actions
from ilex.crosscheck.models import Hit, Look
from ilex.exchange.models import Request
from ilex.holdings.models import Source
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.subjects.rules import Said
from ilex.units.models import Officer, Organisation
from tests.browser import DESK, SMALL, Shot, axe, is_too_wide, signed_in
from tests.crosscheck.holding import asked, hold, typed
from tests.exchange.ceca import Ceca
from tests.subjects.conftest import person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Browsing = Callable[..., Page]
LOOKS = [
    pytest.param({}, id="light"),
    pytest.param({"color_scheme": "dark"}, id="dark"),
    pytest.param({"viewport": SMALL}, id="small"),
    pytest.param({"viewport": {"width": 1920, "height": 1080}}, id="large"),
]


@pytest.fixture
def request_of_skopje(ana: Officer, bojan: Officer, head: Officer, house: Organisation, ceca: Ceca) -> Request:
    """A request with hits, some of them judged; a watch, a list, access of another system."""
    hold(bojan, 7)
    person(bojan, "მაყვალა წიფელაური", Said("born", "1991"), Said("nationality", "GE"))
    request = asked(ceca, ana)
    same, different, unsure, *_rest = Hit.objects.order_by("-score", "id")
    actions.judge(ana, same, "same", "The same passport photograph.")
    actions.judge(bojan, different, "different")
    actions.judge(bojan, unsure, "unsure")
    typed(ana, "Makvala Tsipelauri", born=("1991-04-30",), sex="f", countries=("GE",))
    actions.watch(ana, request=request, until=localdate() + timedelta(days=30), reason="Још није нађен")
    with act("holding.loaded", Operation.COLLECTION, by=None, on=("source", "border-list")):
        Source.objects.create(
            code="border-list",
            title="Списак граничне полиције",
            purpose="Проналажење лица за којима се трага",
            legal="Закон о граничној контроли, чл. 12",
            handling="H1",
            review_on=localdate() - timedelta(days=2),
            made_at=now(),
            changed_at=now(),
            records=128_410,
        )
    actions.give_access(
        head,
        system="Border control",
        organisation=house,
        purpose="Checks at the border",
        sources=["border-list"],
        quota=500,
        until=localdate() + timedelta(days=90),
    )
    return request


def pages_of(request: Request) -> dict[str, str]:
    typed_look = Look.objects.get(about=Look.About.TYPED)
    asked_look = Look.objects.get(about=Look.About.REQUEST)
    return {
        "check": reverse("check"),
        "check-request": f"{reverse('check')}?request={request.our_ref}",
        "look-georgian": reverse("check-look", args=[typed_look.pk]),
        "look": reverse("check-look", args=[asked_look.pk]),
        "review": reverse("hits"),
        "hit": reverse("hit", args=[Hit.objects.get(judgement="same").pk]),
        "hits": reverse("hits-list"),
        "hits-of-request": f"{reverse('hits-list')}?request={request.our_ref}",
        "watches": reverse("watches"),
        "holdings": reverse("sources"),
        "holding": reverse("source", args=["border-list"]),
        "request": reverse("request", args=[request.our_ref]),
        "desk": reverse("desk"),
    }


@pytest.mark.parametrize("look", LOOKS)
def test_pages_of_an_officer_are_accessible_and_fit(
    live_server: LiveServer,
    request_of_skopje: Request,
    ana: Officer,
    browsing: Browsing,
    shot: Shot,
    look: dict[str, object],
    request: pytest.FixtureRequest,
) -> None:
    page = signed_in(browsing(**look), live_server, ana)
    for name, address in pages_of(request_of_skopje).items():
        page.goto(live_server.url + address)
        shot(page, f"crosscheck-{name}-{request.node.callspec.id}")
        axe(page)
        assert not is_too_wide(page), name


@pytest.mark.parametrize("look", LOOKS[:3])
def test_pages_of_the_head_are_accessible_and_fit(
    live_server: LiveServer,
    request_of_skopje: Request,
    head: Officer,
    browsing: Browsing,
    shot: Shot,
    look: dict[str, object],
    request: pytest.FixtureRequest,
) -> None:
    page = signed_in(browsing(**look), live_server, head)
    for name, address in {
        "accesses": reverse("accesses"),
        "access-new": reverse("access-new"),
        "thresholds": reverse("thresholds"),
        "holding-switch": reverse("source", args=["border-list"]),
    }.items():
        page.goto(live_server.url + address)
        shot(page, f"crosscheck-{name}-{request.node.callspec.id}")
        axe(page)
        assert not is_too_wide(page), name


def test_names_stand_in_their_script_with_their_language(
    live_server: LiveServer, request_of_skopje: Request, ana: Officer, page: Page
) -> None:
    look = Look.objects.get(about=Look.About.TYPED)
    signed_in(page, live_server, ana).goto(live_server.url + reverse("check-look", args=[look.pk]))
    georgian = page.locator(".leads h2 [lang=und-Geor]")
    expect(georgian).to_have_text("მაყვალა წიფელაური")
    expect(page.locator(".leads h2 small[lang=und-Latn]")).to_be_visible()
    page.goto(live_server.url + reverse("hits"))
    expect(page.locator("[data-hit] .names [lang=und-Cyrl]").first).to_have_text("Ѓорѓе Јасенолистовиќ")


def test_whole_review_is_in_sight_on_the_screen_of_a_desk(
    live_server: LiveServer, request_of_skopje: Request, ana: Officer, page: Page
) -> None:
    signed_in(page, live_server, ana).goto(live_server.url + reverse("hits"))
    box = page.get_by_role("button", name="The same").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= DESK["height"]


def test_somebody_is_checked_without_scripts(
    live_server: LiveServer, request_of_skopje: Request, ana: Officer, browsing: Browsing, shot: Shot
) -> None:
    page = signed_in(browsing(java_script_enabled=False), live_server, ana)
    page.goto(live_server.url + reverse("check"))
    page.locator("#id_name").fill("TSIPELAURI Makvala")
    page.get_by_label("Why do you check?").fill("Control at Horgoš")
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator(".leads h2").first).to_contain_text("მაყვალა წიფელაური")
    page.get_by_role("button", name="Search harder").click()
    expect(page.locator(".leads h2").first).to_contain_text("მაყვალა წიფელაური")
    page.emulate_media(media="print")
    shot(page, "crosscheck-print")
    assert page.get_by_role("button", name="Search harder").count() == 0
