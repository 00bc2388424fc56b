from __future__ import annotations

from pathlib import Path

import pytest

from ilex.gate.keys import KeyRing
from ilex.units.models import Membership, Officer, Organisation, Place, Role
from tests.browser import browsing, chromium, page, shot
from tests.exchange.conftest import ana, bojan, house, officer, ours
from tests.gate.partners import make_ring, pair
from tests.sharing.ceca import Partner

__all__ = ["ana", "bojan", "browsing", "chromium", "house", "ours", "page", "shot"]


@pytest.fixture
def ceca(house: Organisation, ours: KeyRing, tmp_path: Path) -> Partner:
    """The unit in Skopje, paired with us."""
    ring = make_ring(tmp_path / "ceca", "ilecu-mk")
    return Partner(ring, ours, pair(ring))


@pytest.fixture
def budapest(house: Organisation, ours: KeyRing, tmp_path: Path) -> Partner:
    """The unit in Budapest, paired with us, in the European Union."""
    group, _new = Place.objects.get_or_create(code="EU", defaults={"kind": Place.Kind.GROUP})
    Membership.objects.get_or_create(group=group, member_id="HU", defaults={"source": "test", "mark": "K"})
    ring = make_ring(tmp_path / "budapest", "spoc-hu")
    return Partner(ring, ours, pair(ring))


@pytest.fixture
def dunja(house: Organisation) -> Officer:
    """The data-protection officer."""
    return officer("dunja", [Role.PROTECTION], house)
