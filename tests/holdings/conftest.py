from __future__ import annotations

import pytest

from ilex.units.models import Officer, Organisation, Role
from tests.exchange.conftest import ana, bojan, house, officer, ours  # noqa: F401  (fixtures)


@pytest.fixture
def ceca(house: Organisation) -> Officer:  # noqa: F811
    """Head of the unit: she may load."""
    return officer("ceca", [Role.HEAD], house)
