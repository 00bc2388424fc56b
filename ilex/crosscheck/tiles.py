"""What waits for an officer in this room, as a number for the desk."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ilex.crosscheck import queries
from ilex.units.models import Officer
from ilex.units.rules import may
from ilex.web.tiles import Tile


def hit_tiles(officer: Officer) -> Iterator[Tile]:
    """Only while something waits."""
    if may(officer, "crosscheck.judge") and (count := queries.waiting_count(officer)):
        yield Tile("hits", _("Hits to judge"), count, reverse("hits"), "near", 65)
