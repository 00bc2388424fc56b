"""The page of a factsheet in Chromium: accessible, without complaints, and no wider than a telephone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from ilex.programme.actions.factsheets import freeze
from ilex.programme.loading import load_programme
from ilex.programme.models import Action
from ilex.units.actions import load_directory
from ilex.units.models import Officer, Organisation, Role
from tests.browser import SMALL, Shot, axe, is_too_wide, signed_in
from tests.exchange.conftest import officer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Browsing = Callable[..., Page]


@pytest.mark.parametrize("look", [pytest.param({}, id="desk"), pytest.param({"viewport": SMALL}, id="small")])
def test_factsheet_is_accessible_and_fits(
    live_server: LiveServer, vera: Officer, house: Organisation, browsing: Browsing, shot: Shot, look: dict[str, object]
) -> None:
    load_directory()
    load_programme()
    freeze(vera, Action.objects.get(key="training-institutions"), "en")
    page = signed_in(browsing(**look), live_server, officer("chief", [Role.HEAD], house))
    for key in ("training-institutions", "joint-patrols"):
        page.goto(live_server.url + reverse("factsheet", args=[key]))
        axe(page)
        assert not is_too_wide(page), key
        shot(page, f"factsheet-{key}-{'small' if look else 'desk'}")
