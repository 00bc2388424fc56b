"""The second pair of eyes in Chromium: two officers, one letter, no JavaScript, accessible, on a narrow screen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import now
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from ilex.approvals import actions
from ilex.duty import actions as duty
from ilex.exchange.models import Request
from ilex.units.models import Officer
from tests.approvals.conftest import asked, written
from tests.browser import SMALL, Shot, axe, is_too_wide, signed_in
from tests.exchange.ceca import Ceca
from tests.exchange.test_pages import pages

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Browsing = Callable[..., Page]
HOUR = timedelta(hours=1)


def test_letter_goes_through_two_pairs_of_hands_without_scripts(
    live_server: LiveServer, browsing: Browsing, ana: Officer, bojan: Officer, ceca: Ceca
) -> None:
    draft = written(pages(ana), handling="H2")
    anas = signed_in(browsing(java_script_enabled=False), live_server, ana)
    anas.goto(live_server.url + reverse("draft-review", args=[draft]))
    expect(anas.get_by_role("heading", name="A second person must approve this")).to_be_visible()
    anas.get_by_label("For the colleague who approves").fill("Please look at the facts.")
    anas.get_by_role("button", name="Ask for approval").click()
    expect(anas.get_by_text("A colleague must approve this; nothing has left yet.")).to_be_visible()
    assert not Request.objects.exists()

    bojans = signed_in(browsing(java_script_enabled=False), live_server, bojan)
    bojans.goto(live_server.url + reverse("desk"))
    bojans.get_by_role("navigation", name="Main").get_by_role("link", name="To approve").click()
    bojans.get_by_role("link", name="New request").last.click()
    expect(bojans.get_by_text("Please look at the facts.")).to_be_visible()
    bojans.get_by_text("Return it to its author").click()
    bojans.get_by_label("Why do you return it?").fill("Say the date.")
    bojans.get_by_label("Facts").fill("Возило је одузето 31. октобра.")
    bojans.get_by_role("button", name="Return it", exact=True).click()

    anas.goto(live_server.url + reverse("approvals"))
    anas.get_by_role("link", name="New request").last.click()
    expect(anas.get_by_text("Say the date.")).to_be_visible()
    anas.get_by_role("button", name="Take these texts over").click()
    expect(anas.get_by_role("textbox", name="Facts")).to_have_value("Возило је одузето 31. октобра.")
    anas.get_by_role("button", name="Go on").click()
    anas.get_by_role("button", name="Ask for approval").click()

    bojans.goto(live_server.url + reverse("approvals"))
    bojans.get_by_role("link", name="New request").last.click()
    bojans.get_by_role("button", name="Approve and release").click()
    expect(bojans.get_by_role("status")).to_contain_text("Approved and released")
    assert Request.objects.get().facts == "Возило је одузето 31. октобра."


@pytest.mark.parametrize("look", [{}, {"color_scheme": "dark"}, {"viewport": SMALL}], ids=["light", "dark", "small"])
def test_pages_are_accessible_and_fit(
    live_server: LiveServer,
    browsing: Browsing,
    ana: Officer,
    bojan: Officer,
    dana: Officer,
    ceca: Ceca,
    shot: Shot,
    look: dict[str, object],
) -> None:
    duty.plan(dana, bojan, now() - HOUR, now() + 7 * HOUR)
    duty.plan(dana, ana, now() + 6 * HOUR, now() + 20 * HOUR)
    duty.delegate(ana, ana, bojan, now(), now() + 48 * HOUR, "Training")
    duty.write_line(bojan, "GEO called, answer promised 16:00.", "RS-2026-000001")
    shift = duty.plan(dana, dana, now() - HOUR, now() + HOUR)
    duty.hand_over(dana, shift, "Ceca waits for the photograph.")
    approval = asked(pages(ana), handling="H2", urgency="U_B", urgency_reason="A life is in danger")
    mine = signed_in(browsing(**look), live_server, ana)
    theirs = signed_in(browsing(**look), live_server, bojan)
    heads = signed_in(browsing(**look), live_server, dana)
    one = reverse("approval", args=[approval.pk])
    for name, person, address in (
        ("approvals", theirs, reverse("approvals")),
        ("approval", theirs, one),
        ("approval-own", mine, one),
        ("duty", theirs, reverse("duty")),
        ("roster", heads, reverse("duty-roster")),
        ("away", mine, reverse("duty-away")),
        ("desk-with-approvals", theirs, reverse("desk")),
    ):
        person.goto(live_server.url + address)
        axe(person)
        assert not is_too_wide(person), name
        shot(person, f"{name}-{look}")
    actions.return_(bojan, approval, "Say the date.", {"facts": "Возило је одузето 31. октобра."})
    mine.goto(live_server.url + one)
    axe(mine)
    assert not is_too_wide(mine)
    shot(mine, f"returned-{look}")
    draft = written(pages(ana), handling="H2")
    mine.goto(live_server.url + reverse("draft-review", args=[draft]))
    axe(mine)
    assert not is_too_wide(mine)
    shot(mine, f"review-{look}")
