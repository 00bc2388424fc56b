"""`kill -9` of everything that carries mail, at random moments, while the officers write."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.faults.books import LONG, assert_clean, assert_journals_whole, settle
from tests.faults.killer import Killer
from tests.faults.say import say
from tests.network import Network, until

MANY, SOME = 3000, 200  # messages: of `make faults`, and of the whole suite


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    with Network(tmp_path, ["RS", "MK"]) as network:
        yield network


def test_nothing_is_lost_or_done_twice_while_every_part_is_killed(network: Network, long_run: bool, seed: int) -> None:
    count, kills = (MANY, 60) if long_run else (SOME, 10)
    with ThreadPoolExecutor(2) as officers, Killer(network, seed) as killer:
        writing = [
            officers.submit(say, network, "RS", "write", count, ["ilecu-mk"]),
            officers.submit(say, network, "MK", "write", count // 10, ["ilecu-rs"]),
        ]
        for written in writing:
            written.result()
        for code in network.nodes if long_run else ("MK",):  # with letters still on their way
            killer.kill_supervisor(code)
        until(lambda: killer.killed.total() >= kills, f"{kills} kills", seconds=LONG)
    settle(network)
    assert_clean(network, ("RS", "MK"), at_least=count)
    assert_clean(network, ("MK", "RS"), at_least=count // 10)
    assert_journals_whole(network)
