from __future__ import annotations

import pytest

from ilex.units.models import Officer, Organisation, Role
from tests.browser import browsing, chromium, page, shot  # noqa: F401  (fixtures)
from tests.exchange.conftest import ana, bojan, ceca, house, officer, ours  # noqa: F401  (fixtures)


@pytest.fixture
def dana(house: Organisation) -> Officer:  # noqa: F811
    """The head of the unit, who plans the roster."""
    return officer("dana", [Role.HEAD], house)
