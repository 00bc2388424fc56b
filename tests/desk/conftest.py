from __future__ import annotations

import pytest
from django.test import Client

from ilex.units.models import Officer
from tests.browser import browsing, chromium, page, shot  # noqa: F401  (fixtures)
from tests.exchange.conftest import ana, bojan, budapest, ceca, house, ours  # noqa: F401  (fixtures)


@pytest.fixture
def as_ana(client: Client, ana: Officer) -> Client:  # noqa: F811
    client.force_login(ana)
    return client
