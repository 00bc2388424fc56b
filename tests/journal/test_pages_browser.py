from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction
from django.utils.timezone import now
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from ilex.journal import notes
from ilex.journal.actions import erase, grow, remember, write
from ilex.journal.models import Line, Operation
from ilex.units.models import Officer, Role
from tests.browser import SMALL, Shot, axe, is_too_wide, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@transaction.atomic
def fill_the_log(ana: Officer) -> Line:
    write("request.read", Operation.CONSULTATION, by=ana, on=("request", "RS-2025-000001"))
    grow()
    erase(before=now())
    for number in range(30):
        write(
            *("request.sent", Operation.DISCLOSURE),
            by=ana,
            on=("request", f"RS-2026-{number:06}"),
            reason="Захтев по члану 4 Директиве (ЕУ) 2023/977",
            recipients=["ilecu-mk", "ilecu-hu"],
            fields=["facts", "purpose"],
        )
    grow()
    key = Ed25519PrivateKey.generate()
    for what, hours in (("one", 0), ("another", 1)):
        note = notes.write("ilex/ilecu-mk", 4000, sha256(what.encode()).digest(), key)
        remember("ilecu-mk", note, key.public_key(), said_at=now() + timedelta(hours=hours))
    return Line.objects.filter(act="request.sent").latest("id")


def type_the_reason(page: Page) -> None:
    page.get_by_label("To check that processing was lawful").check()
    page.get_by_label("Reason").fill("Yearly check of disclosures, plan 2026, point 4.")
    page.get_by_role("button", name="Open the journal").click()


def test_auditor_types_a_reason_finds_a_line_and_reads_its_proof(
    live_server: LiveServer, page: Page, shot: Shot, ana: Officer
) -> None:
    line = fill_the_log(ana)
    signed_in(page, live_server, ana)

    page.goto(f"{live_server.url}/journal/")
    axe(page)
    shot(page, "journal-reason")
    page.get_by_role("button", name="Open the journal").click()
    axe(page)
    type_the_reason(page)
    axe(page)
    shot(page, "journal-lines")
    page.get_by_label("Operation").select_option("disclosure")
    page.get_by_role("button", name="Filter").click()
    axe(page)
    page.get_by_role("link", name=str(line.pk), exact=True).click()
    page.get_by_text("The proof as JSON").click()
    axe(page)
    shot(page, "journal-line")

    assert page.get_by_text("facts, purpose").is_visible()
    assert page.get_by_text("computed again just now").is_visible()
    assert line.leaf
    assert bytes(line.leaf).hex() in page.locator("pre").inner_text()


def test_alarm_is_seen_and_explained(live_server: LiveServer, page: Page, shot: Shot, ana: Officer) -> None:
    fill_the_log(ana)
    Officer.objects.filter(pk=ana.pk).update(roles=[Role.AUDITOR, Role.ADMINISTRATOR])
    signed_in(page, live_server, ana)

    page.goto(f"{live_server.url}/journal/heads/")
    axe(page)
    shot(page, "journal-heads")
    assert page.get_by_role("alert").get_by_text("two different heads of 4000 lines").is_visible()
    page.get_by_role("button", name="Close the alarm with these words").click()
    axe(page)
    page.get_by_label("What explains it").fill("Ceca says by telephone: backup of Monday restored.")
    page.get_by_role("button", name="Close the alarm with these words").click()
    axe(page)

    assert page.get_by_text("backup of Monday restored").is_visible()


@pytest.mark.parametrize("address", ["/journal/", "/journal/lines/{line}/", "/journal/heads/"])
def test_pages_fit_a_telephone_and_need_no_script(
    live_server: LiveServer, browsing: Callable[..., Page], shot: Shot, ana: Officer, address: str
) -> None:
    line = fill_the_log(ana)
    page = signed_in(browsing(java_script_enabled=False, viewport=SMALL), live_server, ana)

    page.goto(live_server.url + address.format(line=line.pk))
    if page.get_by_role("button", name="Open the journal").is_visible():
        type_the_reason(page)
    for summary in page.locator("main summary").all():
        summary.click()

    shot(page, f"small-{address.format(line='line')}")
    assert not is_too_wide(page)
