"""Judging hits in Chromium: by the keyboard alone, taken back, without scripts, with keys switched off."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from ilex.crosscheck import actions
from ilex.crosscheck.models import Hit
from ilex.units.models import Officer
from ilex.web.models import Preference
from tests.browser import signed_in
from tests.crosscheck.holding import asked, hold
from tests.exchange.ceca import Ceca

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Browsing = Callable[..., Page]
WORDS = {"y": "same", "n": "different", "u": "unsure"}


def tab_to(page: Page, words: str) -> None:
    """Press Tab until the focus stands on what says these words, as somebody without a mouse does."""
    for _step in range(150):
        page.keyboard.press("Tab")
        if words in str(page.evaluate("document.activeElement.textContent")):
            return
    raise AssertionError(f"Tab never came to {words!r}")


def focus(page: Page) -> None:
    """Into the review, where the keys act."""
    page.keyboard.press("Tab")
    page.locator("[data-hit]").focus()


def test_twenty_candidates_are_judged_by_the_keyboard_alone(
    live_server: LiveServer, ana: Officer, bojan: Officer, ceca: Ceca, page: Page
) -> None:
    hold(bojan, 20)
    request = asked(ceca, ana)
    assert Hit.objects.count() == 20
    signed_in(page, live_server, ana).goto(live_server.url + reverse("request", args=[request.our_ref]))
    tab_to(page, "Judge them one by one")
    page.keyboard.press("Enter")
    place = page.locator("[data-hit] .place")
    expect(place).to_have_text("1 of 20")
    tab_to(page, "The same")
    for number, key in enumerate("ynu" * 6 + "yn", start=1):
        expect(place).to_have_text(f"{number} of 20")
        page.keyboard.press(key)
    expect(page.get_by_text("Nothing waits to be judged")).to_be_visible()
    judged = list(Hit.objects.order_by("-score", "id").values_list("judgement", flat=True))
    assert judged == [WORDS[key] for key in "ynu" * 6 + "yn"]
    assert set(Hit.objects.values_list("judged_by", flat=True)) == {ana.pk}


def test_last_judgement_is_taken_back_by_a_key(
    live_server: LiveServer, ana: Officer, bojan: Officer, ceca: Ceca, page: Page
) -> None:
    hold(bojan, 3)
    asked(ceca, ana)
    signed_in(page, live_server, ana).goto(live_server.url + reverse("hits"))
    place = page.locator("[data-hit] .place")
    focus(page)
    first = str(page.locator("[data-hit]").get_attribute("data-hit"))
    page.keyboard.press("n")
    expect(place).to_have_text("2 of 3")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    page.keyboard.press("z")
    expect(place).to_have_text("1 of 3")
    expect(page.locator("[data-hit]")).to_have_attribute("data-hit", first)
    assert Hit.objects.get(pk=first).judgement == "none"
    page.keyboard.press("y")
    expect(page.locator("[data-told]")).to_contain_text("The same")
    assert Hit.objects.get(pk=first).judgement == "same"


def test_keys_write_words_in_a_field_and_judge_nothing_outside_the_review(
    live_server: LiveServer, ana: Officer, bojan: Officer, ceca: Ceca, page: Page
) -> None:
    hold(bojan, 2)
    asked(ceca, ana)
    signed_in(page, live_server, ana).goto(live_server.url + reverse("hits"))
    page.keyboard.press("y")
    page.get_by_label("Why").fill("")
    page.get_by_label("Why").press_sequentially("yes, any")
    expect(page.get_by_label("Why")).to_have_value("yes, any")
    assert not Hit.objects.exclude(judgement="none").exists()
    page.get_by_role("button", name="The same").click()
    expect(page.locator("[data-told]")).to_contain_text("The same")
    expect(page.locator("[data-hit] .place")).to_have_text("2 of 2")
    assert Hit.objects.get(judgement="same").why == "yes, any"


def test_officer_who_switched_single_keys_off_uses_the_buttons(
    live_server: LiveServer, ana: Officer, bojan: Officer, ceca: Ceca, page: Page
) -> None:
    Preference.objects.create(officer=ana, single_keys=False)
    hold(bojan, 2)
    asked(ceca, ana)
    signed_in(page, live_server, ana).goto(live_server.url + reverse("hits"))
    expect(page.locator("[data-hit] kbd")).to_have_count(0)
    focus(page)
    page.keyboard.press("y")
    page.get_by_role("button", name="Different").click()
    expect(page.locator("[data-told]")).to_contain_text("Different")
    assert list(Hit.objects.exclude(judgement="none").values_list("judgement", flat=True)) == ["different"]


def test_what_a_colleague_judged_meanwhile_is_not_judged_over(
    live_server: LiveServer, ana: Officer, bojan: Officer, ceca: Ceca, browsing: Browsing
) -> None:
    hold(bojan, 3)
    asked(ceca, ana)
    page = signed_in(browsing(may_fail="/judge/"), live_server, ana)
    page.goto(live_server.url + reverse("hits"))
    first = Hit.objects.order_by("-score", "id")[0]
    actions.judge(bojan, first, "different")
    focus(page)
    page.keyboard.press("y")
    expect(page.locator("[data-said]")).to_contain_text("A colleague judged this")
    expect(page.locator("[data-hit]")).to_have_attribute("data-hit", str(first.pk))
    first.refresh_from_db()
    assert first.judgement == "different"


def test_hits_are_judged_and_taken_back_without_scripts(
    live_server: LiveServer, ana: Officer, bojan: Officer, ceca: Ceca, browsing: Browsing
) -> None:
    hold(bojan, 2)
    asked(ceca, ana)
    page = signed_in(browsing(java_script_enabled=False), live_server, ana)
    page.goto(live_server.url + reverse("hits"))
    page.get_by_role("button", name="The same").click()
    expect(page.locator("[data-hit] .place")).to_have_text("2 of 2")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back.")).to_be_visible()
    for _hit in range(2):
        page.get_by_role("button", name="Different").click()
    expect(page.get_by_text("Nothing waits to be judged")).to_be_visible()
    assert set(Hit.objects.values_list("judgement", flat=True)) == {"different"}
