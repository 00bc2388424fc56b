"""Our unit in Belgrade and its partners: Vera coordinates, Ana has the duty, Mira is an authority's."""

from __future__ import annotations

import pytest

from ilex.units.models import Officer, Organisation, Role
from tests.browser import browsing, chromium, page, shot
from tests.exchange.conftest import ana, bojan, house, officer, ours
from tests.sharing.conftest import budapest, ceca, dunja

__all__ = ["ana", "bojan", "browsing", "budapest", "ceca", "chromium", "dunja", "house", "ours", "page", "shot"]


@pytest.fixture
def vera(house: Organisation) -> Officer:
    """The national coordinator."""
    return officer("vera", [Role.COORDINATOR], house)


@pytest.fixture
def mira(house: Organisation) -> Officer:
    """Of the border police: a national authority, no unit."""
    border = Organisation.objects.create(
        pk="rs-border", kind=Organisation.Kind.AUTHORITY, name="Border Police", place=house.place
    )
    return officer("mira", [Role.AUTHORITY], border)
