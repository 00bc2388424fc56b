"""Cases and tasks in Chromium: accessible in light and dark, on a small screen, without scripts, 15 rows in sight."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localdate
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from ilex.cases import actions
from ilex.cases.models import Case, Task
from ilex.documents.actions import keep
from ilex.gate.store import seal_stream
from ilex.subjects.rules import Evaluation, Said
from ilex.units.models import Officer, Organisation
from tests.browser import DESK, SMALL, Shot, axe, is_too_wide, signed_in
from tests.cases.conftest import a_case
from tests.exchange.ceca import Ceca
from tests.subjects.conftest import person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Browsing = Callable[..., Page]
LOOKS = [
    pytest.param({}, id="light"),
    pytest.param({"color_scheme": "dark"}, id="dark"),
    pytest.param({"viewport": SMALL}, id="small"),
]


@pytest.fixture
def full(ana: Officer, bojan: Officer, vuk: Officer, border: Organisation, ceca: Ceca) -> Case:
    """A case with everything that can hang on one."""
    one, two = ceca.asks(reference="MK-77"), ceca.asks(reference="MK-78")
    case = a_case(
        ana,
        "Blue lorry between Tabanovce and Horgoš",
        requests=[one, two],
        template="vehicle",
        summary="Плави камион, три возача, два преласка недељно.",
        references=["OLD-2019-7"],
    )
    for name in ("Марија Измишљена", "გიორგი გამოგონილი", "Ana Izmišljena"):
        actions.add_subject(ana, case, person(ana, name, Said("born", "1985")), "driver")
    theirs = Evaluation(owner="ilecu-mk", from_kind="release", handling="H2")
    actions.add_subject(ana, case, person(ana, "Jana Izmišljena", Said("note", "Told by Skopje", evaluation=theirs)))
    actions.note(ana, case, "Seen at Tabanovce on Monday.")
    keep(seal_stream([b"text"], name="photo list.txt"), ("case", case.pk), by=ana, handling="H1")
    given = {"authority": border, "case": case}
    actions.send_task(ana, title="Border crossings", text="When did it cross?", request=one, **given)  # type: ignore[arg-type]
    told = actions.send_task(ana, title="Registration", text="Whose is it?", **given)  # type: ignore[arg-type]
    actions.answer(vuk, told, "Of a company in Subotica.")
    actions.link(ana, case, a_case(bojan, "Red lorry"), "the same driver")
    return Case.objects.get(pk=case.pk)


def pages_of(case: Case) -> dict[str, str]:
    late, told = case.tasks.order_by("number")
    number = [case.number]
    return {
        "list": reverse("cases"),
        "case": reverse("case", args=number),
        "new": reverse("case-new"),
        "edit": reverse("case-edit", args=number),
        "merge": reverse("case-merge", args=number),
        "split": reverse("case-split", args=number),
        "circle": reverse("case-circle", args=number),
        "close": reverse("case-close", args=number),
        "find": reverse("case-subjects", args=number) + "?q=измишљена",
        "task-write": reverse("case-task", args=number),
        "tasks": reverse("tasks"),
        "task": reverse("task", args=[late.number]),
        "task-answered": reverse("task", args=[told.number]),
    }


@pytest.mark.parametrize("look", LOOKS)
def test_pages_of_the_unit_are_accessible_and_fit(
    live_server: LiveServer, full: Case, ana: Officer, browsing: Browsing, shot: Shot, look: dict[str, object]
) -> None:
    page = signed_in(browsing(**look), live_server, ana)
    for name, address in pages_of(full).items():
        page.goto(live_server.url + address)
        shot(page, f"cases-{name}-{look}")
        axe(page)
        assert not is_too_wide(page), name


@pytest.mark.parametrize("look", LOOKS)
def test_pages_of_an_authority_are_accessible_and_fit(
    live_server: LiveServer, full: Case, vuk: Officer, browsing: Browsing, shot: Shot, look: dict[str, object]
) -> None:
    page = signed_in(browsing(**look), live_server, vuk)
    for name, address in pages_of(full).items():
        if name in ("tasks", "task", "task-answered"):
            page.goto(live_server.url + address)
            shot(page, f"authority-{name}-{look}")
            axe(page)
            assert not is_too_wide(page), name


def test_fifteen_cases_are_in_sight(live_server: LiveServer, ana: Officer, page: Page, shot: Shot) -> None:
    for number in range(22):
        case = a_case(ana, f"Lorry {number}", area="drugs" if number % 2 else "")
        if number % 3 == 0:
            actions.wake_on(ana, case, localdate() + timedelta(days=3), "Ask the court")
    signed_in(page, live_server, ana).goto(live_server.url + reverse("cases"))
    boxes = [box for one in page.locator("tbody tr").all() if (box := one.bounding_box())]
    assert sum(box["y"] + box["height"] <= DESK["height"] for box in boxes) >= 15
    shot(page, "cases-22")


def test_task_is_sent_and_answered_without_scripts(
    live_server: LiveServer, full: Case, ana: Officer, vuk: Officer, browsing: Browsing, shot: Shot
) -> None:
    page = signed_in(browsing(java_script_enabled=False), live_server, ana)
    page.goto(live_server.url + reverse("case", args=[full.number]))
    page.get_by_role("link", name="Registration of the vehicle").click()
    page.get_by_label("Authority", exact=True).select_option(label="Border police")
    page.get_by_label("Марија Измишљена", exact=False).first.check()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("This authority will read it")).to_be_visible()
    expect(page.locator(".shown")).to_contain_text("Марија Измишљена")
    shot(page, "task-look")
    page.get_by_role("button", name="Send the task").click()
    task = Task.objects.get(title="Registration of the vehicle")
    expect(page).to_have_url(live_server.url + reverse("task", args=[task.number]))
    theirs = signed_in(browsing(java_script_enabled=False), live_server, vuk)
    theirs.goto(live_server.url + reverse("desk"))
    theirs.get_by_role("link", name=task.number).click()
    theirs.get_by_role("button", name="Take this task").click()
    theirs.get_by_role("textbox", name="Answer").fill("Three times.")
    theirs.get_by_role("button", name="Give the answer").click()
    expect(theirs.get_by_text("The answer is given.")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Accept the answer").click()
    assert Task.objects.get(pk=task.pk).state == Task.State.ACCEPTED
