"""The sentence a unit lives by, played by two officers in two browsers on two real nodes.

Belgrade asks urgently, Skopje asks back, the clock stops, Belgrade clarifies, Skopje answers in part and refuses
a part; Belgrade reads it, and the statistics of both tell the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import assert_quiet, axe, watched_page
from tests.network import PASSWORD, Network

pytestmark = [pytest.mark.browser, pytest.mark.network]

LETTER = {
    "What do you need to know?": "Да ли је возило ВВ-000-АА прешло границу после 1. новембра, и ко га је возио?",
    "Purpose": "Проналажење возила и заустављање мреже.",
    "Facts": "Возило је одузето 31. октобра 2026. у Београду.",
    "Underlying offence": "Крађа возила",
    "Why should they have it?": "Возило је виђено на путу ка граничном прелазу.",
    "How is each person or thing connected with the purpose?": "Осумњичени је последњи возио возило.",
    "Why is it urgent?": "Возило се сваког часа може изгубити из вида.",
}


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    with Network(tmp_path_factory.mktemp("story"), ["RS", "MK"]) as made:
        yield made


def signed_in(browser: Browser, network: Network, code: str) -> Page:
    page = watched_page(browser, viewport={"width": 1366, "height": 768})
    page.goto(network.node(code).url)
    page.get_by_label("Sign-in name").fill(f"ana.{code.lower()}")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")
    return page


def until(page: Page, text: str, tries: int = 60) -> None:
    """Reload until the other node's word has arrived."""
    for _ in range(tries):
        if page.get_by_text(text).first.is_visible():
            return
        page.wait_for_timeout(500)
        page.reload()
    pytest.fail(f"{text!r} never came to {page.url}")


def looked_at(page: Page) -> None:
    """Every page of the story is accessible and silent."""
    axe(page)
    assert_quiet(page)


def test_two_units_exchange_an_urgent_request(network: Network, chromium: Browser, tmp_path: Path) -> None:
    belgrade = signed_in(chromium, network, "RS")
    skopje = signed_in(chromium, network, "MK")
    looked_at(belgrade)

    ref = ask_urgently(belgrade, tmp_path)
    theirs = find_on_desk(skopje, ref)
    ask_back(skopje)
    clarify(belgrade, ref)
    answer_in_part(skopje)
    read_the_answer(belgrade, ref, theirs)
    statistics_agree(network, belgrade, skopje)


def ask_urgently(page: Page, folder: Path) -> str:
    photograph = folder / "возило.png"
    photograph.write_bytes(PNG)
    page.get_by_role("link", name="New request").first.click()
    page.get_by_label("North Macedonia").check()
    for label, text in LETTER.items():
        page.get_by_role("textbox", name=label).first.fill(text)
    page.get_by_label("Trafficking in stolen vehicles").check()
    page.locator("input[value=U_D]").check()
    row = page.get_by_role("group", name="Person or thing 1")
    row.get_by_label("Name or number").fill("Ђорђе Ђорђевић")
    row.get_by_label("Category of person").select_option("suspect")
    row.get_by_label("Born").fill("1985-03")
    page.get_by_label("Add files").set_input_files(photograph)
    for box in ("necessary and proportionate", "reached with less", "objective reasons to think that they"):
        page.get_by_label(box, exact=False).check()
    looked_at(page)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Before it leaves")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="North Macedonia").first).to_be_visible()
    expect(page.get_by_text("Ђорђе Ђорђевић", exact=True).first).to_be_visible()
    looked_at(page)
    page.get_by_role("button", name="Send the request").click()
    page.wait_for_url("**/requests/RS-*/")
    looked_at(page)
    return page.url.rstrip("/").rsplit("/", 1)[1]


def find_on_desk(page: Page, ref: str) -> str:
    """The desk of the other unit shows it, soonest deadline first, with its subject masked."""
    until(page, ref)
    expect(page.get_by_text("Ђорђевић")).to_have_count(0)
    looked_at(page)
    row = page.get_by_role("row").filter(has_text=ref).get_by_role("link", name=re.compile("^MK-")).first
    theirs = row.inner_text().split()[0]
    row.click()
    expect(page.get_by_role("heading", name=theirs)).to_be_visible()
    looked_at(page)
    page.goto(f"{page.url.split('?')[0].rstrip('/')}/requests/{theirs}/")
    expect(page.get_by_text("Ђорђе Ђорђевић", exact=True).first).to_be_visible()
    looked_at(page)
    page.get_by_role("button", name="Take this request").click()
    return theirs


def ask_back(page: Page) -> None:
    page.get_by_role("link", name="Ask back").click()
    page.get_by_label("What must be clarified?").fill("Која је боја возила?")
    looked_at(page)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Send the question").click()
    until(page, "Stands still")
    looked_at(page)


def clarify(page: Page, ref: str) -> None:
    page.reload()
    until(page, "Која је боја возила?")
    expect(page.get_by_text("Stands still")).to_be_visible()
    page.get_by_role("link", name="Answer the question").first.click()
    page.get_by_label("Your clarification").fill("Возило је тамноплаво.")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Send the clarification").click()
    page.wait_for_url(f"**/requests/{ref}/")


def answer_in_part(page: Page) -> None:
    until(page, "Возило је тамноплаво.")
    expect(page.get_by_text("Stands still")).to_have_count(0)
    link = page.get_by_role("link", name="возило.png")
    for _ in range(40):
        if link.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    with page.expect_download() as download:
        link.click()
    assert Path(download.value.path()).read_bytes() == PNG
    page.get_by_role("link", name="Answer", exact=True).first.click()
    page.get_by_label("Partial", exact=False).check()
    page.get_by_label("Answer", exact=True).fill("Возилото влезе на 2 ноември во 04:10.")
    page.locator("input[value='f.ii']").check()
    page.get_by_label("Which part is refused?").fill("Кој го возеше")
    page.get_by_label("Reasons of the refusal").fill("Тековна истрага.")
    page.get_by_label("With this the request is fully dealt with").check()
    looked_at(page)
    page.get_by_role("button", name="Go on").click()
    looked_at(page)
    page.get_by_role("button", name="Release the answer").click()
    until(page, "Settled")
    looked_at(page)


def read_the_answer(page: Page, ref: str, theirs: str) -> None:
    until(page, "Возилото влезе на 2 ноември во 04:10.")
    expect(page.get_by_text("f.ii").first).to_be_visible()
    expect(page.get_by_text("Кој го возеше").first).to_be_visible()
    expect(page.get_by_text(theirs).first).to_be_visible()
    looked_at(page)
    page.get_by_role("link", name="Search").first.click()
    page.get_by_label("Search everything").fill("Djordjevic")
    page.get_by_role("button", name="Search").last.click()
    expect(page.get_by_role("link", name=ref)).to_be_visible()
    looked_at(page)


def statistics_agree(network: Network, belgrade: Page, skopje: Page) -> None:
    year = str(datetime.now(UTC).year)
    asked = json.loads(network.run("RS", "stats", "--year", year, "--json").stdout)
    answered = json.loads(network.run("MK", "stats", "--year", year, "--json").stdout)
    assert [(unit["unit"], unit["requests"]) for unit in asked["submitted"]] == [("ilecu-rs", 1)]
    assert [(one["state"], one["received_urgent"], one["answered_urgent"]) for one in answered["dealt"]] == [
        ("RS", 1, 1)
    ]
    assert [(one["state"], one["ground"], one["part"]) for one in answered["refused"]] == [("RS", "f.ii", 1)]
    for page in (belgrade, skopje):
        page.get_by_role("link", name="Statistics").first.click()
        expect(page.get_by_role("heading", name="Statistics")).to_be_visible()
        looked_at(page)


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0000003"
    "010100c9fe92ef0000000049454e44ae426082"
)
