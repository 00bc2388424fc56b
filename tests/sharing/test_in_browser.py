"""The pages of this room in Chromium: accessible, without complaints of the console, and no wider than a telephone."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.urls import reverse
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from ilex.sharing.models import Consent
from ilex.units.models import Officer
from tests.browser import SMALL, Shot, axe, is_too_wide, signed_in
from tests.sharing.ceca import Partner, person, statement
from tests.sharing.making import draft, sent
from tests.sharing.making import person as ours

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Browsing = Callable[..., Page]


@pytest.fixture
def addresses(bojan: Officer, ceca: Partner, budapest: Partner) -> list[str]:
    """A release received, one sent, one blocked, a question of hers: the addresses of all pages."""
    hers = ceca.gives(person(statement(handling="H1+H2"), statement("born", "1985-03")))
    row = hers.statements.get(property="name")
    petar = ours(bojan)
    mine = sent(bojan, petar)
    blocked = draft(bojan, row, to=["spoc-hu"])
    number = uuid4()
    item = {"number": str(petar.statements.get().pk), "known_as": "statement", "says": "name: Петар"}
    body = {"number": str(number), "use": "forward", "to": ["spoc-hu"], "items": [item], "reason": "За Сегедин."}
    ceca.says("sharing.consent-asked", body, number)
    return [
        reverse("releases"),
        reverse("release-new") + f"?subject={petar.pk}",
        reverse("release-edit", args=[blocked.pk]),
        reverse("release-review", args=[blocked.pk]),
        reverse("release", args=[hers.pk]),
        reverse("release", args=[mine.pk]),
        reverse("consents"),
        reverse("consent", args=[Consent.objects.get().pk]),
        reverse("statement-consent", args=[row.pk]),
        reverse("statement-court", args=[row.pk]),
        reverse("ledger"),
    ]


@pytest.mark.parametrize("look", [pytest.param({}, id="desk"), pytest.param({"viewport": SMALL}, id="small")])
def test_pages_are_accessible_and_fit(
    live_server: LiveServer,
    bojan: Officer,
    addresses: list[str],
    browsing: Browsing,
    shot: Shot,
    look: dict[str, object],
) -> None:
    page = signed_in(browsing(**look), live_server, bojan)
    for place, address in enumerate(addresses):
        page.goto(live_server.url + address)
        axe(page)
        assert not is_too_wide(page), address
        shot(page, f"sharing-{place}-{look}")
