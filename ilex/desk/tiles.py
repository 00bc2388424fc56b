"""The tiles of the desk. Each room says its own numbers by a function that is registered here."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ilex.units.models import Officer
from ilex.web.tiles import Tile

Source = Callable[[Officer], Iterable[Tile]]

_sources: list[Source] = []


def register(source: Source) -> None:
    """Add a room's function; it is called once for each page of the desk, so one query is what it should cost."""
    if source not in _sources:
        _sources.append(source)


def tiles(officer: Officer) -> list[Tile]:
    return sorted((tile for source in _sources for tile in source(officer)), key=lambda tile: tile.order)
