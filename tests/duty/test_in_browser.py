"""The duty room in Chromium; how its pages look is tried with those of approvals."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from ilex.units.models import Officer
from tests.browser import signed_in
from tests.exchange.ceca import Ceca

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_one_key_leads_from_the_desk_to_the_shift_log(
    live_server: LiveServer, page: Page, ana: Officer, ceca: Ceca
) -> None:
    request = ceca.asks()
    signed_in(page, live_server, ana).goto(live_server.url + reverse("desk"))
    page.locator(f"#row-{request.our_ref}").focus()
    page.keyboard.press("l")
    expect(page).to_have_url(live_server.url + reverse("duty"))
    page.get_by_label("What happened?").fill("GEO called, answer promised 16:00.")
    page.get_by_role("button", name="Write it into the log").click()
    expect(page.get_by_role("list").get_by_text("GEO called, answer promised 16:00.")).to_be_visible()
