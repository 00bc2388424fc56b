"""The desk in Chromium: how much of it is seen at once, by keys, beside its preview, fresh, and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import now
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from ilex.exchange import actions
from ilex.exchange.models import Request
from ilex.units.models import Officer
from ilex.web.models import Preference
from tests.browser import DESK, SMALL, Shot, axe, is_too_wide, signed_in
from tests.exchange.ceca import Ceca
from tests.exchange.test_asking import CONTENT

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HOUR = timedelta(hours=1)
Browsing = Callable[..., Page]
LOOKS = [
    pytest.param({}, id="light"),
    pytest.param({"color_scheme": "dark"}, id="dark"),
    pytest.param({"viewport": SMALL}, id="small"),
    pytest.param({"viewport": {"width": 1920, "height": 1080}}, id="large"),
    pytest.param({"viewport": {"width": 683, "height": 384}, "device_scale_factor": 2}, id="zoomed"),
]


@pytest.fixture
def desk(live_server: LiveServer) -> str:
    return live_server.url + reverse("desk")


@pytest.fixture
def waiting(ceca: Ceca, ana: Officer) -> list[Request]:
    """Eighteen requests of Skopje, two of ours; one is overdue, one clock stands."""
    actions.ask(ana, CONTENT, to=["ilecu-mk"])
    made = [ceca.asks(reference=f"MK-2026-{number:06}", at=now() - number * HOUR) for number in range(16)]
    made.append(ceca.asks(reference="MK-late", at=now() - 9 * HOUR, urgency="U_A", urgency_reason="x"))
    made.append(ceca.asks(reference="MK-near", at=now() - 6 * HOUR, urgency="U_C", urgency_reason="x"))
    actions.take(ana, made[0])
    ceca.stores(actions.question(ana, made[0], "Која боја?").envelope)
    return made


def row(request: Request) -> str:
    return f"#row-{request.our_ref}"


@pytest.mark.parametrize("look", LOOKS)
def test_the_desk_is_accessible_and_fits(
    live_server: LiveServer,
    desk: str,
    waiting: list[Request],
    ana: Officer,
    browsing: Browsing,
    shot: Shot,
    look: dict[str, object],
) -> None:
    page = signed_in(browsing(**look), live_server, ana)
    page.goto(desk)
    axe(page)
    assert not is_too_wide(page)
    shot(page, f"desk-{look}")


def test_fifteen_rows_are_in_sight_and_stay_so_beside_the_preview(
    live_server: LiveServer, desk: str, waiting: list[Request], ana: Officer, page: Page, shot: Shot
) -> None:
    signed_in(page, live_server, ana).goto(desk)

    def in_sight() -> int:
        rows = page.locator("tbody tr").all()
        boxes = [box for one in rows if (box := one.bounding_box())]
        return sum(box["y"] + box["height"] <= DESK["height"] for box in boxes)

    assert in_sight() >= 15
    page.locator(row(waiting[-1])).click()
    expect(page.locator("#pane h2")).to_contain_text(waiting[-1].our_ref)
    assert in_sight() >= 15
    assert not is_too_wide(page)
    axe(page)
    shot(page, "desk-with-preview")


def test_the_desk_works_by_keys_alone(
    live_server: LiveServer, desk: str, waiting: list[Request], ana: Officer, page: Page
) -> None:
    signed_in(page, live_server, ana).goto(desk)
    late, near = waiting[-2:]
    page.locator(row(late)).focus()
    page.keyboard.press("j")
    expect(page.locator(row(near))).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.locator("#pane")).to_contain_text("Take this request")
    expect(page.locator(row(late))).to_be_focused()
    expect(page.locator(row(late))).to_have_attribute("aria-current", "true")
    page.keyboard.press("/")
    expect(page.locator("[data-search]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(row(late))).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(live_server.url + reverse("request", args=[late.our_ref]))
    page.goto(desk)
    page.locator(row(late)).focus()
    page.keyboard.press("?")
    expect(page).to_have_url(live_server.url + reverse("keys"))


def test_single_keys_rest_for_who_switched_them_off(
    live_server: LiveServer, desk: str, waiting: list[Request], ana: Officer, page: Page
) -> None:
    Preference.objects.create(officer=ana, single_keys=False)
    signed_in(page, live_server, ana).goto(desk)
    page.locator(row(waiting[-2])).focus()
    page.keyboard.press("j")
    page.keyboard.press("?")
    expect(page.locator(row(waiting[-2]))).to_be_focused()


def test_a_click_anywhere_on_a_row_shows_it_and_its_step_can_be_taken(
    live_server: LiveServer, desk: str, waiting: list[Request], ana: Officer, page: Page
) -> None:
    signed_in(page, live_server, ana).goto(desk)
    page.locator("tr", has_text="MK-late").locator(".subject").click()
    page.locator("#pane").get_by_role("button", name="Take this request").click()
    page.goto(desk)
    expect(page.locator("tr", has_text="MK-late").locator(".owner")).to_have_text("me")


def test_new_rows_come_by_themselves_and_the_focus_stays(
    live_server: LiveServer, desk: str, waiting: list[Request], ceca: Ceca, ana: Officer, page: Page
) -> None:
    page.clock.install()
    signed_in(page, live_server, ana).goto(desk)
    page.locator(row(waiting[-1])).click()
    expect(page.locator(row(waiting[-1]))).to_have_attribute("aria-current", "true")
    ceca.asks(reference="MK-fresh", urgency="U_A", urgency_reason="x")
    page.clock.fast_forward(31_000)
    expect(page.get_by_text("MK-fresh")).to_be_visible()
    expect(page.locator(row(waiting[-1]))).to_be_focused()
    expect(page.locator(row(waiting[-1]))).to_have_attribute("aria-current", "true")
    expect(page.locator("#tiles a").first).to_contain_text("20")
    expect(page.locator("#pane h2")).to_contain_text(waiting[-1].our_ref)


def test_a_list_that_cannot_be_renewed_says_since_when(
    live_server: LiveServer, desk: str, waiting: list[Request], ana: Officer, browsing: Browsing
) -> None:
    page = browsing(may_fail="/desk/rows")
    page.clock.install()
    signed_in(page, live_server, ana).goto(desk)
    page.route("**/desk/rows**", lambda route: route.abort())
    page.clock.fast_forward(31_000)
    expect(page.locator("[data-fresh]")).to_contain_text("this list may be out of date")
    page.unroute("**/desk/rows**")
    page.clock.fast_forward(31_000)
    expect(page.locator("[data-fresh]")).to_be_empty()


def test_a_session_that_ended_leads_to_the_sign_in_and_not_into_the_list(
    live_server: LiveServer, desk: str, waiting: list[Request], ana: Officer, page: Page
) -> None:
    page.clock.install()
    signed_in(page, live_server, ana).goto(desk)
    page.context.clear_cookies()
    page.clock.fast_forward(31_000)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_without_scripts_a_row_leads_to_its_page_and_filters_work(
    live_server: LiveServer, desk: str, waiting: list[Request], ana: Officer, browsing: Browsing
) -> None:
    page = signed_in(browsing(java_script_enabled=False), live_server, ana)
    page.goto(desk)
    page.get_by_label("Partner").select_option("ilecu-mk")
    page.get_by_role("button", name="Filter").click()
    expect(page.get_by_text("Partner: Unit of MK")).to_be_visible()
    page.locator(row(waiting[-2])).click()
    expect(page).to_have_url(live_server.url + reverse("request", args=[waiting[-2].our_ref]))


def test_on_a_small_screen_a_row_leads_to_its_page(
    live_server: LiveServer, desk: str, waiting: list[Request], ana: Officer, browsing: Browsing
) -> None:
    page = signed_in(browsing(viewport=SMALL), live_server, ana)
    page.goto(desk)
    page.locator(row(waiting[-2])).click()
    expect(page).to_have_url(live_server.url + reverse("request", args=[waiting[-2].our_ref]))
