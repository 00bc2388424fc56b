"""The clock of a machine is set back by a day: what it had noted for tomorrow does not wait until tomorrow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import LiteralString

import pytest

from tests.faults.books import Books, assert_clean, settle
from tests.faults.say import say
from tests.network import Network


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    with Network(tmp_path, ["RS", "MK"]) as network:
        yield network


@pytest.mark.parametrize(
    "noted",
    [
        "UPDATE gate_delivery SET lease_until = now() + interval '1 day' WHERE state = 'waiting'",
        "UPDATE gate_delivery SET next_try = now() + interval '1 day' WHERE state = 'waiting'",
        "UPDATE gate_peer SET next_try = now() + interval '1 day', failing_since = now(), failures = 9",
    ],
    ids=["lease", "next try", "breaker"],
)
def test_what_was_noted_for_tomorrow_does_not_wait(network: Network, noted: LiteralString) -> None:
    network.stop("MK")
    say(network, "RS", "write", 12, ["ilecu-mk"])
    network.stop("RS")
    assert Books(network.node("RS")).change(noted) > 0
    network.start("RS", "MK")
    settle(network)
    assert_clean(network, ("RS", "MK"), at_least=12)
