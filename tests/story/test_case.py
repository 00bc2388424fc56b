"""One whole case on two real nodes: from two requests of Skopje to a recall that Skopje has applied.

Belgrade puts the requests into one case, writes down three subjects in three scripts, asks the border police, and
releases a statement that a second officer approves; Skopje may pass it on when it has asked; Belgrade recalls it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import DESK, SMALL, assert_quiet, axe, is_too_wide, watched_page
from tests.network import PASSWORD, Network

pytestmark = [pytest.mark.browser, pytest.mark.network]

PATIENCE = 60_000  # milliseconds for a page on a busy machine
TITLE = "Blue lorry between Tabanovce and Preševo"
CYRILLIC, GEORGIAN, LATIN = "Марија Измишљена", "გიორგი გამოგონილი", "MARKO IZMISLJEN"
ZONE = "P<UTOIZMISLJEN<<MARKO<<<<<<<<<<<<<<<<<<<<<<<\nX000000713UTO8503127M3101012<<<<<<<<<<<<<<04"
ASK = """
from dataclasses import replace
from tests.faults.officers import LETTER, ana
from ilex.exchange import actions
for question in ("Кој го управуваше возилото?", "Кој го купи возилото?"):
    letter = replace(LETTER, requested_information=question)
    actions.ask(ana(), letter, to=["ilecu-rs"], confirmed=True)
"""


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    folder = tmp_path_factory.mktemp("case")
    with Network(folder, ["RS", "MK"]) as made:
        password = folder / "password"
        password.write_text(PASSWORD)
        account = ["--name", "Вук Граничар", "--roles", "authority", "--organisation", "rs-border-police"]
        made.run("RS", "officer", "add", "vuk.rs", *account, "--password-file", str(password))
        yield made


def signed_in(browser: Browser, network: Network, code: str, name: str = "ana", **wishes: Any) -> Page:
    page = watched_page(browser, **wishes)
    page.set_default_timeout(PATIENCE)
    page.goto(network.node(code).url)
    page.get_by_label("Sign-in name").fill(f"{name}.{code.lower()}")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    return page


def there(found: Locator) -> None:
    expect(found.first).to_be_visible(timeout=PATIENCE)


def comes(page: Page, found: Locator, tries: int = 180) -> None:
    """Reload until the other node's word has arrived."""
    for _ in range(tries):
        if found.first.is_visible():
            return
        page.wait_for_timeout(500)
        page.reload()
    pytest.fail(f"{found} never came to {page.url}")


def looked_at(page: Page, name: str) -> None:
    """Every page of the story is accessible and silent; pictures are kept where ILEX_SHOTS names a folder."""
    axe(page)
    assert_quiet(page)
    if folder := os.environ.get("ILEX_SHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png")
        page.screenshot(path=Path(folder) / f"{name}-whole.png", full_page=True)


def test_two_units_and_an_authority_play_one_case(network: Network, chromium: Browser, tmp_path: Path) -> None:
    ana = signed_in(chromium, network, "RS")
    network.shell("MK", ASK)
    case = open_the_case(ana)
    write_down_the_driver(ana, case)
    write_down_the_buyer(ana, case)
    read_the_passport(ana, case)
    ask_the_border_police(ana, case)
    answer_as_authority(signed_in(chromium, network, "RS", "vuk"), tmp_path)
    accept_the_answer(ana, case)
    approval = put_forward(ana, case)
    is_refused_to_its_author(ana)
    approve(signed_in(chromium, network, "RS", "bojan"), approval)

    skopje = signed_in(chromium, network, "MK")
    ask_for_a_use(skopje)
    grant(ana)
    is_granted(skopje)
    recall(ana, case)
    is_withdrawn(skopje)
    is_applied(ana)
    everything_is_found(ana, case)
    fits_every_look(chromium, network, case)


# Belgrade


def open_the_case(page: Page) -> str:
    """Two requests that came become one case."""
    references = arrived(page)
    page.get_by_role("link", name=references[0]).first.click()
    page.goto(f"{origin(page)}/requests/{references[0]}/")
    page.get_by_role("link", name="Open a case").first.click()
    page.get_by_label("Title").fill(TITLE)
    looked_at(page, "case-new")
    page.get_by_role("button", name="Open the case").click()
    page.wait_for_url("**/cases/RS-C-*/")
    page.get_by_text("Put a request in or take it out").click()
    page.get_by_label("Request", exact=False).last.fill(references[1])
    page.get_by_role("button", name="Put in").click()
    for reference in references:
        there(page.get_by_role("table").get_by_role("link", name=reference))
    looked_at(page, "case-begun")
    return page.url.rstrip("/").rsplit("/", 1)[1]


def arrived(page: Page) -> list[str]:
    links = page.get_by_role("table").get_by_role("link", name=re.compile(r"^RS-\d{4}-"))
    comes(page, links.nth(1))
    return sorted({link.inner_text().split()[0] for link in links.all()})


def origin(page: Page) -> str:
    return "{0.scheme}://{0.netloc}".format(urlsplit(page.url))


def go_to_case(page: Page, case: str) -> None:
    page.goto(f"{origin(page)}/cases/{case}/")
    there(page.get_by_role("heading", name=case))


def begin_subject(page: Page, case: str, category: str) -> None:
    go_to_case(page, case)
    page.get_by_role("link", name="Put a subject in").click()
    page.get_by_role("link", name="Write down a new subject").click()
    page.get_by_label("Person", exact=True).check()
    page.get_by_label("If it is a person: in which role?").select_option(category)
    looked_at(page, "subject-start")
    page.get_by_role("button", name="Go on").click()


def write_down_the_driver(page: Page, case: str) -> None:
    """Her name is in Cyrillic, and may not be passed on without leave."""
    begin_subject(page, case, "suspect")
    page.get_by_role("group", name="Name 1").get_by_label("Name").first.fill(CYRILLIC)
    page.locator("input[name=handling][value=H2]").check()
    looked_at(page, "subject-new")
    page.get_by_role("button", name="Write it down").click()
    is_in(page, case, CYRILLIC)


def write_down_the_buyer(page: Page, case: str) -> None:
    begin_subject(page, case, "contact")
    page.get_by_role("group", name="Name 1").get_by_label("Name").first.fill(GEORGIAN)
    page.get_by_role("button", name="Write it down").click()
    is_in(page, case, GEORGIAN)


def read_the_passport(page: Page, case: str) -> None:
    """The third is written down by the zone at the foot of his passport."""
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Subjects").click()
    page.get_by_role("link", name="Read a travel document").click()
    page.get_by_label("Machine-readable zone").fill(ZONE)
    page.get_by_role("button", name="Read it").click()
    there(page.get_by_text("All check digits are right"))
    page.get_by_label("In which role does the holder come up?").select_option("suspect")
    looked_at(page, "mrz-read")
    page.get_by_role("button", name="Keep the document and its holder").click()
    there(page.get_by_text("is named in"))
    put_into(page, case, LATIN, "owner of the lorry")


def is_in(page: Page, case: str, name: str) -> None:
    """What was begun at the case stands in it, and the officer is back there."""
    there(page.get_by_role("heading", level=1, name=case))
    there(page.get_by_role("listitem").get_by_role("link", name=name))
    looked_at(page, "case-with-subjects")


def put_into(page: Page, case: str, name: str, role: str) -> None:
    there(page.get_by_role("heading", level=1, name=name))
    looked_at(page, "subject")
    go_to_case(page, case)
    page.get_by_role("link", name="Put a subject in").click()
    page.get_by_label("Name, number or word").fill(name)
    page.get_by_role("main").get_by_role("button", name="Search").click()
    row = page.get_by_role("listitem").filter(has=page.get_by_role("link", name=name, exact=True)).first
    row.get_by_label("Role in the case").fill(role)
    looked_at(page, "case-find-subject")
    row.get_by_role("button", name="Put in").click()
    go_to_case(page, case)
    there(page.get_by_role("listitem").filter(has_text=name).filter(has_text=role))


def ask_the_border_police(page: Page, case: str) -> None:
    """The authority reads one name and nothing else of the case."""
    page.get_by_role("link", name="Task to an authority").click()
    page.get_by_label("Authority", exact=True).select_option(label="Border Police Directorate")
    page.get_by_label("Title").fill("Crossings of the blue lorry")
    page.get_by_label("What is asked?").fill("Када је возило прешло границу?")
    page.get_by_role("group", name=LATIN).get_by_label(re.compile("^Name:")).check()
    looked_at(page, "task-write")
    page.get_by_role("button", name="Go on").click()
    there(page.get_by_text("This authority will read it"))
    looked_at(page, "task-look")
    page.get_by_role("button", name="Send the task").click()
    page.wait_for_url("**/tasks/RS-T-*/")
    looked_at(page, "task-sent")


def answer_as_authority(page: Page, folder: Path) -> None:
    paper = folder / "прелази.txt"
    paper.write_text("Табановце 2. новембра, Прешево 5. новембра.", encoding="utf-8")
    looked_at(page, "authority-tasks")
    page.get_by_role("link", name="Crossings of the blue lorry").click()
    page.get_by_role("button", name="Take this task").click()
    there(page.get_by_text(LATIN))
    expect(page.get_by_text(CYRILLIC)).to_have_count(0)
    looked_at(page, "authority-task")
    page.get_by_role("textbox", name="Answer").fill("Два пута, видети списак.")
    page.locator("#answer-files").set_input_files(paper)
    page.get_by_role("button", name="Give the answer").click()
    there(page.get_by_text("The answer is given."))
    looked_at(page, "authority-answered")


def accept_the_answer(page: Page, case: str) -> None:
    page.reload()
    there(page.get_by_text("Два пута, видети списак."))
    comes(page, page.get_by_role("link", name="прелази.txt"))
    looked_at(page, "task-answered")
    page.get_by_role("button", name="Accept the answer").click()
    there(page.get_by_text("Accepted"))
    go_to_case(page, case)
    there(page.get_by_role("link", name="прелази.txt"))
    looked_at(page, "case")


def put_forward(page: Page, case: str) -> str:
    """A release under H2; returns the page of its approval."""
    page.get_by_role("link", name="Release statements").click()
    name = page.get_by_role("group", name=CYRILLIC).get_by_label(CYRILLIC)
    name.check()
    page.get_by_label("North Macedonia").check()
    page.get_by_label("Title").fill("Возач плавог камиона")
    page.get_by_label("Purpose").fill("Проналажење возила.")
    looked_at(page, "release-write")
    page.get_by_role("button", name="Go on").click()
    there(page.get_by_role("heading", name="A second person must see it"))
    looked_at(page, "release-review")
    page.get_by_role("button", name="Put it before a second person").click()
    page.get_by_role("link", name="The approval").click()
    there(page.get_by_text("A colleague must approve this; nothing has left yet."))
    looked_at(page, "approval-own")
    return page.url


def is_refused_to_its_author(page: Page) -> None:
    """She has no button, and the address answers her with a refusal."""
    expect(page.get_by_role("button", name="Approve and release")).to_have_count(0)
    token = page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    form: dict[str, str | float | bool] = {"csrfmiddlewaretoken": token}
    answer = page.request.post(f"{page.url}approve/", form=form, headers={"Referer": page.url})
    assert answer.status == 403
    page.reload()
    there(page.get_by_text("A colleague must approve this; nothing has left yet."))


def approve(page: Page, approval: str) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name="To approve").click()
    looked_at(page, "approvals")
    page.get_by_role("link", name="Возач плавог камиона").first.click()
    assert page.url == approval
    there(page.get_by_text(CYRILLIC))
    looked_at(page, "approval")
    page.get_by_role("button", name="Approve and release").click()
    there(page.get_by_text("Approved and released."))
    looked_at(page, "release-approved")


def grant(page: Page) -> None:
    page.goto(f"{origin(page)}/consents/")
    question = page.get_by_role("table").get_by_role("link", name=re.compile("North Macedonia|Skopje"))
    comes(page, question)
    looked_at(page, "consents")
    question.click()
    there(page.get_by_text("За граничну контролу."))
    page.get_by_label("Conditions, or why not").fill("Само за овај случај.")
    looked_at(page, "consent-asked")
    page.get_by_role("button", name="Grant it").click()
    there(page.get_by_text("Granted"))


def recall(page: Page, case: str) -> None:
    go_to_case(page, case)
    page.get_by_role("link", name=CYRILLIC).first.click()
    looked_at(page, "subject-released")
    page.get_by_role("link", name=f"Withdraw Name: {CYRILLIC}").click()
    page.get_by_role("textbox").last.fill("Погрешно лице.")
    looked_at(page, "subject-withdraw")
    page.get_by_role("main").get_by_role("button", name="Withdraw").click()
    there(page.get_by_text("1 withdrawn statement"))


def is_applied(page: Page) -> None:
    """The ledger says that Skopje has applied the recall."""
    page.goto(f"{origin(page)}/ledger/")
    row = page.get_by_role("row").filter(has_text=CYRILLIC)
    comes(page, row.get_by_text("applied", exact=True))
    looked_at(page, "ledger")


def everything_is_found(page: Page, case: str) -> None:
    page.goto(f"{origin(page)}/find/?q=izmisljen")
    there(page.get_by_role("link", name=LATIN))
    looked_at(page, "find")
    go_to_case(page, case)
    looked_at(page, "case-ended")


# Skopje


def ask_for_a_use(page: Page) -> None:
    """It may not be passed on: the owner is asked first."""
    page.goto(f"{origin(page)}/releases/")
    link = page.get_by_role("link", name="Возач плавог камиона")
    comes(page, link)
    looked_at(page, "skopje-releases")
    link.first.click()
    looked_at(page, "skopje-release")
    page.get_by_role("link", name=re.compile("^Ask for a use of")).first.click()
    page.get_by_label("Pass on to another unit of the network").check()
    page.get_by_label("Hungary").check()
    page.get_by_label("Why you need it").fill("За граничну контролу.")
    looked_at(page, "skopje-ask")
    page.get_by_role("button", name="Ask", exact=True).click()
    there(page.get_by_role("main").get_by_text("За граничну контролу."))


def is_granted(page: Page) -> None:
    comes(page, page.get_by_text("Само за овај случај."))
    looked_at(page, "skopje-granted")


def is_withdrawn(page: Page) -> None:
    page.goto(f"{origin(page)}/releases/")
    page.get_by_role("link", name="Возач плавог камиона").first.click()
    comes(page, page.get_by_text("Погрешно лице."))
    there(page.get_by_text("withdrawn", exact=True))
    looked_at(page, "skopje-recalled")


# Looks


LOOKS: dict[str, dict[str, Any]] = {"small": {"viewport": SMALL}, "dark": {"viewport": DESK, "color_scheme": "dark"}}


def fits_every_look(browser: Browser, network: Network, case: str) -> None:
    for name, wishes in LOOKS.items():
        page = signed_in(browser, network, "RS", "bojan", **wishes)
        go_to_case(page, case)
        assert not is_too_wide(page)
        looked_at(page, f"case-{name}")
    page.locator("details.languages summary").click()
    page.locator("button[name=language][value=ka]").click()
    there(page.locator("html[lang=ka]"))
    assert not is_too_wide(page)
    looked_at(page, "case-georgian")
