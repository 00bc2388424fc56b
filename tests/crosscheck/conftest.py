from __future__ import annotations

import pytest
from django.test import Client

from ilex.units.models import Officer, Organisation, Role
from tests.browser import browsing, chromium, page, shot  # noqa: F401  (fixtures)
from tests.exchange.conftest import ana, bojan, budapest, ceca, house, officer, ours  # noqa: F401  (fixtures)


@pytest.fixture
def dpo(house: Organisation) -> Officer:  # noqa: F811
    return officer("dragan", [Role.PROTECTION], house)


@pytest.fixture
def head(house: Organisation) -> Officer:  # noqa: F811
    return officer("hana", [Role.HEAD], house)


@pytest.fixture
def as_ana(client: Client, ana: Officer) -> Client:  # noqa: F811
    client.force_login(ana)
    return client
