from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from ilex.units.actions import add_officer, load_directory
from ilex.units.models import Officer, Role
from ilex.units.queries import here
from tests.browser import browsing, chromium, page, shot  # noqa: F401  (fixtures)

PASSWORD = "a quiet long password"
HERE = Path(__file__).parent


@pytest.fixture
def ana(db: None) -> Officer:
    """Has the duty."""
    load_directory()
    return add_officer("ana", "Ана Петровић", [Role.DUTY, Role.CASE], here(), ["sr", "en"], "en", PASSWORD)


@pytest.fixture
def as_ana(client: Client, ana: Officer) -> Client:
    client.force_login(ana)
    return client


@pytest.fixture
def parts_page(settings: Settings) -> None:
    """The house with the page of parts and pages that go wrong on purpose."""
    settings.ROOT_URLCONF = "tests.web.parts_urls"
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [HERE / "templates"]}]


@pytest.fixture
def bojan(ana: Officer) -> Officer:
    """Her colleague."""
    return add_officer("bojan", "Бојан Илић", [Role.CASE], here(), ["sr"], "en", PASSWORD)
