from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as live_settings
from pytest_django import Settings

from ilex.gate import keys, registry
from ilex.gate.keys import KeyRing
from ilex.gate.models import Peer
from tests.gate.partners import Room, make_ring, pair


@pytest.fixture
def ours(settings: Settings, tmp_path: Path) -> KeyRing:
    """This node's keys, in a folder of this test's own."""
    settings.ILEX_FOLDER = tmp_path / "ours"
    keys.make_keys(unit=live_settings.ILEX_UNIT, endpoint="https://127.0.0.1:9000")
    return keys.own()


@pytest.fixture
def partner(tmp_path: Path) -> KeyRing:
    """The keys of another unit's node."""
    return make_ring(tmp_path / "partner", "ilecu-mk")


@pytest.fixture
def peer(db: None, ours: KeyRing, partner: KeyRing) -> Peer:
    """That other unit, paired with this node."""
    return pair(partner)


@pytest.fixture
def room() -> Iterator[Room]:
    room = Room()
    registry.register(room.type)
    yield room
    registry.forget(room.type)
