from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ilex.gate.keys import KeyRing
from ilex.gate.models import Peer
from tests.gate.lines import Node, free_port, second_node
from tests.gate.partners import Room


@pytest.fixture
def far(ours: KeyRing, tmp_path: Path) -> Iterator[Node]:
    """The partner's node in Skopje, not yet paired."""
    with second_node("ilecu-mk", tmp_path / "far") as node:
        yield node


@pytest.fixture
def peer(far: Node, ours: KeyRing, room: Room) -> Iterator[Peer]:
    """Paired with us, its door open."""
    found = far.pair_with(ours, free_port())
    with far.door():
        yield found
