"""The pages of documents in a real browser, with axe, small and large, light and dark."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from ilex.documents import actions
from ilex.documents.models import Document
from ilex.units.models import Officer
from tests.browser import DESK, SMALL, Shot, axe, is_too_wide, signed_in
from tests.documents import samples
from tests.documents.conftest import Drawer, sealed
from tests.documents.daemon import EICAR, Daemon
from tests.documents.test_jobs import examined

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def kept(ana: Officer, drawer: Drawer, content: bytes, name: str) -> Document:
    return examined(actions.keep(sealed(content, name), drawer.place, by=ana, handling="H1"))


def sized(page: Page, size: dict[str, int]) -> None:
    page.set_viewport_size({"width": size["width"], "height": size["height"]})


def test_document_its_parts_and_the_search_are_for_everybody(
    live_server: LiveServer, page: Page, shot: Shot, ana: Officer, drawer: Drawer, daemon: Daemon
) -> None:
    mail = samples.letter(files={"табела са возилима.xlsx": samples.xlsx(("Марко", "BG-123-AA")), "bad.pdf": EICAR})
    letter = kept(ana, drawer, mail, "Упит.eml")
    signed_in(page, live_server, ana)
    sized(page, DESK)
    page.goto(live_server.url + reverse("document", args=[letter.pk]))
    assert page.get_by_role("link", name="табела са возилима.xlsx").is_visible()
    axe(page)
    shot(page, "document")
    sized(page, SMALL)
    assert not is_too_wide(page)
    axe(page)
    shot(page, "document-small")
    sized(page, DESK)
    page.goto(live_server.url + reverse("documents") + "?q=BG-123-AB&tolerant=on")
    axe(page)
    page.goto(live_server.url + reverse("documents") + "?q=marko")
    assert page.get_by_role("link", name="табела са возилима.xlsx").is_visible()
    axe(page)
    shot(page, "documents-found")
    sized(page, SMALL)
    assert not is_too_wide(page)


def test_malware_and_the_word_of_an_officer_are_told_in_words(
    live_server: LiveServer, page: Page, shot: Shot, ana: Officer, drawer: Drawer, settings: Settings
) -> None:
    settings.ILEX_SCANNER = "required"
    document = kept(ana, drawer, b"MZ\x90\0\x03 program", "invoice.pdf")
    signed_in(page, live_server, ana)
    page.goto(live_server.url + reverse("document", args=[document.pk]))
    page.get_by_text("Open it on my word").click()
    axe(page)
    shot(page, "document-unscanned")
    page.get_by_label("Why must it be opened without a scan?").fill("A child is missing.")
    page.get_by_role("button", name="Let it be opened").click()
    expect(page.get_by_role("link", name="Download the file")).to_be_visible()
    axe(page)
    with Daemon() as daemon:
        settings.ILEX_SCANNER_AT = daemon.at
        bad = kept(ana, drawer, EICAR, "bad.txt")
        page.goto(live_server.url + reverse("document", args=[bad.pk]))
        assert page.get_by_text("Malware was found in this file").is_visible()
        axe(page)
        shot(page, "document-malware")
