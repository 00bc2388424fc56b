from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings as live_settings
from pytest_django import Settings

from ilex.gate import keys
from ilex.gate.keys import KeyRing
from ilex.units.models import Officer, Organisation, Place, PlaceName, Role
from tests.exchange.ceca import Ceca
from tests.gate.partners import make_ring, pair


@pytest.fixture
def ours(settings: Settings, tmp_path: Path) -> KeyRing:
    """This node's keys, in a folder of this test's own."""
    settings.ILEX_FOLDER = tmp_path / "ours"
    keys.make_keys(unit=live_settings.ILEX_UNIT, endpoint="https://127.0.0.1:9000")
    return keys.own()


@pytest.fixture
def house(db: None, ours: KeyRing) -> Organisation:
    """Belgrade's unit, and two others in the directory."""
    for unit, place, name, zone, languages in (
        ("ilecu-rs", "RS", "Serbia", "Europe/Belgrade", ["sr", "en"]),
        ("ilecu-mk", "MK", "North Macedonia", "Europe/Skopje", ["mk", "en"]),
        ("spoc-hu", "HU", "Hungary", "Europe/Budapest", ["hu", "en"]),
    ):
        made, _new = Place.objects.get_or_create(code=place, defaults={"kind": Place.Kind.STATE, "zone": zone})
        PlaceName.objects.get_or_create(place=made, language="en", style=PlaceName.Style.SHORT, text=name)
        Organisation.objects.update_or_create(
            id=unit,
            defaults={
                "kind": Organisation.Kind.UNIT,
                "place": made,
                "name": f"Unit of {place}",
                "languages": languages,
            },
        )
    return Organisation.objects.get(id="ilecu-rs")


@pytest.fixture
def ana(house: Organisation) -> Officer:
    return officer("ana", [Role.DUTY], house)


@pytest.fixture
def bojan(house: Organisation) -> Officer:
    return officer("bojan", [Role.CASE], house)


@pytest.fixture
def ceca(house: Organisation, ours: KeyRing, tmp_path: Path) -> Ceca:
    """The unit in Skopje, paired with us."""
    ring = make_ring(tmp_path / "ceca", "ilecu-mk")
    return Ceca(ring, ours, pair(ring))


@pytest.fixture
def budapest(house: Organisation, ours: KeyRing, tmp_path: Path) -> Ceca:
    """A third unit, paired with us."""
    ring = make_ring(tmp_path / "budapest", "spoc-hu")
    return Ceca(ring, ours, pair(ring))


def officer(name: str, roles: list[str], organisation: Organisation) -> Officer:
    return Officer.objects.create(
        sign_in=name,
        name=f"{name.title()} Invented",
        function=f"{roles[0]} officer",
        roles=roles,
        organisation=organisation,
    )
