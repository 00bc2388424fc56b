"""What the desk shows of the gate: how many partners are up, and what did not arrive."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from ilex.gate.board import Up, undelivered, up_of
from ilex.gate.models import Peer
from ilex.units.models import Officer
from ilex.units.rules import may
from ilex.web.tiles import Tile


def partners_up() -> tuple[int, int]:
    """Partners whose line is up, and all that have one. A small query for each page: peers are few."""
    at = now()
    peers = Peer.objects.filter(state=Peer.State.PAIRED).only("state", "carrier", "failing_since", "last_up_at")
    states = [up_of(peer, at) for peer in peers]
    return states.count(Up.UP), len(states) - states.count(Up.BY_HAND)


def gate_tiles(officer: Officer) -> Iterator[Tile]:
    """Only while something is late or was not taken: a quiet network needs no tile."""
    if may(officer, "board.read") and (count := undelivered().count()):
        yield Tile("undelivered", _("Not delivered"), count, reverse("board"), "near", 90)
