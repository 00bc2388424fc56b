"""What waits for an officer in this room, as numbers for the desk."""

from __future__ import annotations

from collections.abc import Iterator

from ilex.programme.tiles.activities import activities_tiles
from ilex.programme.tiles.agreements import agreements_tiles
from ilex.programme.tiles.equipment import equipment_tiles
from ilex.programme.tiles.nominations import nominations_tiles
from ilex.units.models import Officer
from ilex.units.rules import may
from ilex.web.tiles import Tile


def programme_tiles(officer: Officer) -> Iterator[Tile]:
    """Only what is not zero."""
    if may(officer, "programme.read"):
        yield from activities_tiles(officer)
        yield from nominations_tiles(officer)
        yield from agreements_tiles(officer)
        yield from equipment_tiles(officer)
