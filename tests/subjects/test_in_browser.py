"""Subjects in Chromium: accessible in every look, in every script, by keys and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from ilex.subjects import actions, vocabulary
from ilex.subjects.models import Subject
from ilex.subjects.rules import Evaluation, Said
from ilex.units.models import Circle, Officer
from tests.browser import SMALL, Shot, axe, is_too_wide, signed_in
from tests.subjects.conftest import person, vehicle
from tests.subjects.test_pages import ZONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Browsing = Callable[..., Page]
LOOKS = [
    pytest.param({}, id="light"),
    pytest.param({"color_scheme": "dark"}, id="dark"),
    pytest.param({"viewport": SMALL}, id="small"),
    pytest.param({"viewport": {"width": 1920, "height": 1080}}, id="large"),
]
H2 = Evaluation(handling="H1+H2", source_grade="B", information_grade="2", from_note="Letter of Skopje, 4 May")


@pytest.fixture
def known(ana: Officer, circle: Circle) -> Subject:
    """A person with names in four scripts, all kinds of marks, links, a merge, and a double of her number."""
    made = actions.add_subject(
        ana,
        "person",
        [
            Said("name", "Ani Sargsyan", "legal", "en"),
            Said("name", "Անի Սարգսյան", "legal", "hy", H2),
            Said("name", "Ани Саргсян", "transliteration", "sr"),
            Said("name", "ანი სარგსიანი", "alias", "ka"),
            Said("born", "1985-03"),
            Said("nationality", "AM"),
            Said("passport", "008123456", evaluation=H2),
            Said("national-number", "1203985710000"),
            Said("danger", "high", evaluation=Evaluation(basis="assessment")),
            Said("blood-group", "0+", evaluation=Evaluation(necessity="Injured at the scene.")),
            Said("note", "Seen twice at the crossing.\nAlone each time.", evaluation=Evaluation(since="2026-05")),
        ],
        category="suspect",
        circle=circle,
    )
    actions.withdraw(ana, made.statements.get(property="danger"), "The colleague took it back.")
    for other, kind, basis in (
        (vehicle(ana, "BG 123-AB"), "owner", "fact"),
        (person(ana, "Тарас Шевченко", category="contact"), "associate", "assessment"),
        (actions.add_subject(ana, "communication", [Said("phone", "+381641234567")]), "user", "fact"),
        (actions.add_subject(ana, "organisation", [Said("name", "Пример д.о.о.")]), "director", "fact"),
    ):
        actions.link(ana, made, other, kind, evaluation=Evaluation(basis=basis, handling="H1"))
    double = person(ana, "Ani S.", Said("passport", "008 123 456"), circle=circle)
    actions.merge(ana, made, person(ana, "A. Sargsyan", circle=circle), "Same photograph.")
    assert double.pk
    vocabulary.learn(["sargsian", "shevcenko"])
    return made


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_is_accessible_and_fits(
    live_server: LiveServer, known: Subject, ana: Officer, browsing: Browsing, shot: Shot, look: dict[str, object]
) -> None:
    page = signed_in(browsing(**look), live_server, ana)
    double = Subject.objects.get(caption="Ani S.")
    name = known.statements.filter(property="name").order_by("made_at")[0]
    for title, address in {
        "list": reverse("subjects"),
        "search": reverse("subjects") + "?q=sargsian",
        "subject": reverse("subject", args=[known.pk]),
        "start": reverse("subject-new"),
        "new": reverse("subject-new") + "?kind=person&category=suspect",
        "say": reverse("subject-say", args=[known.pk]) + "?property=blood-group",
        "correct": reverse("statement-correct", args=[name.pk]),
        "withdraw": reverse("statement-withdraw", args=[name.pk]),
        "mrz": reverse("subject-mrz"),
        "choose": reverse("subject-link", args=[known.pk]) + "?q=bg123",
        "link": reverse("subject-link", args=[known.pk]) + f"?other={double.pk}",
        "merge": reverse("subject-merge", args=[known.pk]) + f"?other={double.pk}",
        "category": reverse("subject-category", args=[known.pk]),
    }.items():
        page.goto(live_server.url + address)
        axe(page)
        assert not is_too_wide(page), title
        shot(page, f"{title}-{look}")


def test_a_pasted_zone_is_compared_and_kept(live_server: LiveServer, ana: Officer, page: Page, shot: Shot) -> None:
    signed_in(page, live_server, ana).goto(live_server.url + reverse("subject-mrz"))
    page.get_by_label("Machine-readable zone").fill(ZONE.replace("7408122", "7408123"))
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_text("The check digit of the date of birth fails.")).to_be_visible()
    expect(page.get_by_label("Number (required)", exact=True)).to_have_value("L898902C3")
    axe(page)
    shot(page, "mrz-read")
    page.get_by_label("Date of birth in the document").fill("1974-08-12")
    page.get_by_label("In which role does the holder come up?").select_option("suspect")
    page.get_by_role("button", name="Keep the document and its holder").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("ANNA MARIA ERIKSSON")
    expect(page.get_by_role("table", name="Links")).to_contain_text("is named in")
    expect(page.get_by_role("img", name="Drawing of the links")).to_be_visible()


def test_a_subject_is_written_down_linked_and_merged_without_javascript(
    live_server: LiveServer, ana: Officer, browsing: Browsing
) -> None:
    other = person(ana, "Maja Petrović")
    page = signed_in(browsing(java_script_enabled=False), live_server, ana)
    page.goto(live_server.url + reverse("subject-new"))
    page.get_by_label("Person", exact=True).check()
    page.get_by_label("If it is a person: in which role?").select_option("suspect")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("group", name="Name 1").get_by_label("Name", exact=False).first.fill("Маја Петровић")
    page.get_by_role("button", name="Write it down").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Маја Петровић")
    page.get_by_role("link", name="Merge with another subject").click()
    page.get_by_label("Look for the other one").fill("petrovic maja")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Maja Petrović").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Are these one?")
    page.get_by_label("Why are they one?").fill("Same photograph.")
    page.get_by_role("button", name="They are one: merge them").click()
    expect(page.get_by_role("link", name="Undo")).to_be_visible()
    other.refresh_from_db()
    assert other.merged_into is not None


def test_faults_are_told_on_top_and_lead_to_their_fields(live_server: LiveServer, ana: Officer, page: Page) -> None:
    signed_in(page, live_server, ana)
    page.goto(live_server.url + reverse("subject-new") + "?kind=person&category=suspect")
    page.get_by_label("Date of birth").fill("1985-40")
    page.get_by_role("button", name="Write it down").click()
    expect(page.get_by_role("alert")).to_contain_text("There is no date 1985-40.")
    axe(page)
    page.get_by_role("link", name="There is no date 1985-40.").click()
    expect(page.get_by_label("Date of birth")).to_be_focused()


def test_what_goes_with_another_category_is_shown_before_it_goes(
    live_server: LiveServer, known: Subject, ana: Officer, page: Page, shot: Shot
) -> None:
    signed_in(page, live_server, ana).goto(live_server.url + reverse("subject-category", args=[known.pk]))
    page.get_by_label("Victim or possible victim").check()
    page.get_by_label("Why does the category change?").fill("She was forced.")
    page.get_by_role("button", name="Change the category").click()
    expect(page.get_by_text("Seen twice at the crossing.")).to_be_visible()
    axe(page)
    shot(page, "category-asked")
    page.get_by_role("button", name="Withdraw these and change the category").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ani Sargsyan")
    expect(page.get_by_text("Seen twice at the crossing.")).to_have_count(0)
