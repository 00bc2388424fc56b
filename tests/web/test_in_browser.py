"""The pages of this room in Chromium: axe, the console, 320 pixels, without JavaScript, and what the scripts do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from pytest_django.live_server_helper import LiveServer

from ilex.units.models import Officer
from tests.browser import SMALL, Shot, axe, is_too_wide, signed_in
from tests.web import parts_urls
from tests.web.conftest import PASSWORD

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("parts_page"),
]

Browsing = Callable[..., Page]
PAGES = ["/settings", "/keys", "/parts", "/draft", "/nowhere", "/wrong/413", "/wrong/503"]
LOOKS = [
    pytest.param({}, id="light"),
    pytest.param({"color_scheme": "dark"}, id="dark"),
    pytest.param({"viewport": SMALL}, id="small"),
    pytest.param({"viewport": {"width": 683, "height": 384}, "device_scale_factor": 2}, id="zoomed"),
    pytest.param({"java_script_enabled": False}, id="without-scripts"),
]


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_is_accessible_fits_and_the_console_is_silent(
    live_server: LiveServer, ana: Officer, browsing: Browsing, shot: Shot, look: dict[str, object]
) -> None:
    page = signed_in(browsing(**look), live_server, ana)
    for path in PAGES:
        page.goto(live_server.url + path)
        if look.get("java_script_enabled", True):
            axe(page)
            assert not is_too_wide(page), path
        expect(page.locator("h1")).to_have_count(1)
        shot(page, f"{path}-{look}")


def test_the_sign_in_page_is_accessible_and_works_without_scripts(
    live_server: LiveServer, ana: Officer, browsing: Browsing
) -> None:
    page = browsing()
    page.goto(live_server.url + "/keys")
    axe(page)
    plain = browsing(java_script_enabled=False, viewport=SMALL)
    plain.goto(live_server.url + "/keys")
    plain.get_by_label("Sign-in name").fill("ana")
    plain.get_by_label("Password").fill("wrong")
    plain.get_by_role("button", name="Sign in").click()
    expect(plain.get_by_role("alert")).to_contain_text("is not right")
    plain.get_by_label("Password").fill(PASSWORD)
    plain.get_by_role("button", name="Sign in").click()
    expect(plain).to_have_url(live_server.url + "/keys")


def test_a_wrong_form_moves_to_its_summary_and_from_there_to_the_field(
    live_server: LiveServer, ana: Officer, page: Page
) -> None:
    signed_in(page, live_server, ana).goto(live_server.url + "/parts")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_be_focused()
    axe(page)
    page.get_by_role("alert").get_by_role("link").first.click()
    expect(page.locator("#id_subject")).to_be_focused()


def test_a_menu_opens_and_closes_by_keys_and_by_a_click_elsewhere(
    live_server: LiveServer, ana: Officer, page: Page
) -> None:
    signed_in(page, live_server, ana).goto(live_server.url + "/keys")
    menu = page.locator("details.languages")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(menu.get_by_role("button", name="English")).to_be_focused()
    axe(page)
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()
    menu.locator("summary").click()
    page.locator("h1").click()
    expect(menu).not_to_have_attribute("open", "")
    menu.locator("summary").click()
    menu.get_by_role("button", name="Magyar").click()
    expect(page.locator("html")).to_have_attribute("lang", "hu")


def test_the_dark_choice_of_an_officer_wins_over_the_computer(
    live_server: LiveServer, ana: Officer, browsing: Browsing
) -> None:
    page = signed_in(browsing(color_scheme="light"), live_server, ana)
    page.goto(live_server.url + "/settings")
    page.get_by_label("Dark", exact=True).check()
    page.get_by_role("button", name="Keep these choices").click()
    expect(page.get_by_role("status")).to_contain_text("Your choices are kept.")
    dark = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert dark == "rgb(22, 21, 19)"
    axe(page)


def test_every_script_has_its_letters(live_server: LiveServer, ana: Officer, page: Page) -> None:
    signed_in(page, live_server, ana).goto(live_server.url + "/parts")
    page.wait_for_function("document.fonts.ready")
    loaded = page.evaluate(
        "[...document.fonts].filter(face => face.status === 'loaded').map(face => face.unicodeRange)"
    )
    ranges = " ".join(loaded)
    for first in ("U+0-FF", "U+100-2BA", "U+400-45F", "U+10A0-10FF", "U+530-58F"):
        assert first in ranges, (first, ranges)
    assert "U+370" not in ranges  # no Greek on this page, so no Greek was fetched


def test_keys_move_in_the_list_only_while_it_holds_the_focus(live_server: LiveServer, ana: Officer, page: Page) -> None:
    signed_in(page, live_server, ana).goto(live_server.url + "/parts")
    page.keyboard.press("j")
    expect(page.locator("#r1")).not_to_be_focused()
    page.locator("#r1").focus()
    page.keyboard.press("j")
    expect(page.locator("#r2")).to_be_focused()
    page.keyboard.press("End")
    expect(page.locator("#r3")).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page).to_have_url(live_server.url + "/parts#two")


def test_single_keys_can_be_switched_off_and_the_arrows_stay(live_server: LiveServer, ana: Officer, page: Page) -> None:
    signed_in(page, live_server, ana).goto(live_server.url + "/settings")
    page.get_by_label("Single keys work inside lists").uncheck()
    page.get_by_role("button", name="Keep these choices").click()
    page.goto(live_server.url + "/parts")
    page.locator("#r1").focus()
    page.keyboard.press("j")
    expect(page.locator("#r1")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#r2")).to_be_focused()


def test_a_draft_is_saved_while_the_officer_types(live_server: LiveServer, ana: Officer, page: Page) -> None:
    parts_urls.SAVED.clear()
    signed_in(page, live_server, ana).goto(live_server.url + "/draft")
    page.get_by_label("Facts").fill("Зоран прешао границу")
    expect(page.locator("[data-saved]")).to_contain_text("Saved ")
    assert parts_urls.SAVED[-1]["facts"] == "Зоран прешао границу"
    assert page.evaluate("localStorage.length") == 0


def test_text_typed_without_a_line_is_put_back_and_saved_later(
    live_server: LiveServer, ana: Officer, browsing: Browsing
) -> None:
    parts_urls.SAVED.clear()
    page = browsing(may_fail="/draft/save")
    page.clock.install()
    signed_in(page, live_server, ana).goto(live_server.url + "/draft")
    page.route("**/draft/save", lambda route: route.fulfill(status=503, body=""))
    page.get_by_label("Facts").fill("Не сме да се изгуби")
    page.get_by_label("Offence number 2").check()
    expect(page.locator("[data-saved]")).to_contain_text("kept in this browser")
    page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))  # the sentence goes when it is saved
    page.reload()
    page.unroute("**/draft/save")
    expect(page.locator("[data-saved]")).to_contain_text("It was put back.")
    page.clock.resume()
    expect(page.get_by_label("Facts")).to_have_value("Не сме да се изгуби")
    expect(page.get_by_label("Offence number 2")).to_be_checked()
    expect(page.locator("[data-saved]")).to_contain_text("Saved ")
    assert parts_urls.SAVED[-1]["facts"] == "Не сме да се изгуби"
    assert page.evaluate("localStorage.length") == 0


def test_what_the_node_has_already_is_not_put_back(live_server: LiveServer, ana: Officer, browsing: Browsing) -> None:
    page = signed_in(browsing(may_fail="/draft/save"), live_server, ana)
    page.goto(live_server.url + "/draft")
    page.route("**/draft/save", lambda route: route.fulfill(status=503, body=""))
    page.get_by_label("Facts").fill("Већ на чвору")
    expect(page.locator("[data-saved]")).to_contain_text("kept in this browser")
    page.goto(live_server.url + "/draft?facts=Већ на чвору")
    expect(page.get_by_label("Facts")).to_have_value("Већ на чвору")
    expect(page.locator("[data-saved]")).to_be_empty()
    assert page.evaluate("localStorage.length") == 0


def test_what_an_officer_could_not_save_is_not_shown_to_another(
    live_server: LiveServer, ana: Officer, bojan: Officer, browsing: Browsing
) -> None:
    page = signed_in(browsing(may_fail="/draft/save"), live_server, ana)
    page.goto(live_server.url + "/draft")
    page.route("**/draft/save", lambda route: route.fulfill(status=503, body=""))
    page.get_by_label("Facts").fill("Ana's own text")
    expect(page.locator("[data-saved]")).to_contain_text("kept in this browser")
    page.unroute("**/draft/save")
    signed_in(page, live_server, bojan).goto(live_server.url + "/draft")
    expect(page.get_by_label("Facts")).to_have_value("")


def test_the_clock_follows_the_node_and_not_the_computer(
    live_server: LiveServer, ana: Officer, browsing: Browsing
) -> None:
    page = browsing(timezone_id="Pacific/Auckland")
    page.clock.install(time=0)
    signed_in(page, live_server, ana).goto(live_server.url + "/keys")
    page.clock.pause_at(5 * 60)  # seconds of its own time: no minute ends by itself while it is read
    served = page.locator("[data-utc]").inner_text()
    page.clock.fast_forward(3 * 60 * 1000)
    shown = page.locator("[data-utc]").inner_text()

    def minutes(text: str) -> int:
        hours, rest = text.split(":")
        return int(hours) * 60 + int(rest)

    assert (minutes(shown) - minutes(served)) % (24 * 60) == 3


def test_a_printed_page_bears_its_banner_and_its_number(live_server: LiveServer, ana: Officer, page: Page) -> None:

    signed_in(page, live_server, ana).goto(live_server.url + "/parts")
    sheets = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert len(sheets) > 1
    for number, sheet in enumerate(sheets, 1):
        text = sheet.extract_text()
        assert "For law-enforcement use only" in text
        assert f"{number} / {len(sheets)}" in text
    assert "Sign out" not in sheets[0].extract_text()
