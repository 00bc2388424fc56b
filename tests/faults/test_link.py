"""A bad line between two nodes: whatever it does, everything arrives once when it is good again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.books import LONG, Books, assert_clean, assert_journals_whole, settle, tally
from tests.faults.say import say
from tests.faults.wire import CUT, LATE, OPEN, SILENT, TRICKLE, Wire
from tests.network import Network, RunningNode, until

FEW = 12  # messages of each way to fail
BLOB = 3 * 2**20


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    with Network(tmp_path_factory.mktemp("link"), ["RS", "MK", "HU"]) as network:
        yield network


@pytest.fixture
def wire(network: Network) -> Iterator[Wire]:
    """Between Belgrade and Skopje, in that direction."""
    with Wire(network.node("MK").door) as wire:
        yield wire.between(network, "RS", "MK")
    straight = f"https://{network.node('MK').door}"
    Books(network.node("RS")).change("UPDATE gate_peer SET endpoint = %s WHERE unit_id = 'ilecu-mk'", straight)


def failure(network: Network) -> str:
    """What the board in Belgrade says of the line to Skopje."""
    (sentence,) = Books(network.node("RS")).rows("SELECT last_failure FROM gate_peer WHERE unit_id = 'ilecu-mk'")[0]
    return str(sentence)


def arrived(sender: RunningNode, receiver: RunningNode) -> int:
    count = tally(sender, receiver)
    return count.sent - count.lost


def over_a_bad_line(network: Network, wire: Wire, mode: str, told: str) -> None:
    """The line goes bad under running mail, officers write on, the board says why, and the line is good again."""
    say(network, "RS", "write", FEW, ["ilecu-mk"])
    wire.mode = mode
    say(network, "RS", "write", FEW, ["ilecu-mk"])
    until(lambda: told in failure(network), f"the board to say {told!r}", seconds=LONG)
    wire.mode = OPEN
    settle(network, "RS", "MK")
    until(lambda: failure(network) == "", "the board to say that the line is good", seconds=LONG)
    assert_clean(network, ("RS", "MK"), ("MK", "RS"), at_least=2 * FEW // 10)


def test_line_that_is_cut(network: Network, wire: Wire) -> None:
    over_a_bad_line(network, wire, CUT, "broke before the answer was whole")


def test_line_that_goes_silent_holds_no_other_partner_up(network: Network, wire: Wire) -> None:
    rs, hu = network.node("RS"), network.node("HU")
    before = arrived(rs, hu)
    say(network, "RS", "write", FEW, ["ilecu-mk"])
    wire.mode = SILENT
    say(network, "RS", "write", FEW, ["ilecu-mk"])
    until(lambda: wire.swallowed, "something to be swallowed")
    say(network, "RS", "write", FEW, ["ilecu-hu"])
    settle(network, "HU")
    until(lambda: arrived(rs, hu) - before >= FEW, "the mail for Budapest", seconds=LONG)
    assert wire.mode == SILENT  # all of this happened meanwhile
    until(lambda: "did not answer in time" in failure(network), "the board to tell", seconds=LONG)
    wire.mode = OPEN
    settle(network)
    assert_clean(network, ("RS", "MK"), ("RS", "HU"), ("HU", "RS"), at_least=1)


def test_line_that_trickles_byte_by_byte(network: Network, wire: Wire) -> None:
    wire.mode = TRICKLE
    carried = wire.carried
    say(network, "RS", "inform", 3, ["ilecu-mk"])
    until(lambda: wire.carried - carried > 5000, "bytes to trickle", seconds=LONG)
    wire.mode = OPEN
    settle(network, "RS", "MK")
    assert_clean(network, ("RS", "MK"), at_least=3)


def test_line_with_five_seconds_of_latency(network: Network, wire: Wire) -> None:
    """Slow, and no failure: everything arrives over it as it is."""
    say(network, "RS", "write", FEW, ["ilecu-mk"])
    wire.mode = LATE
    say(network, "RS", "write", FEW, ["ilecu-mk"])
    settle(network, "RS", "MK")
    assert wire.mode == LATE
    assert_clean(network, ("RS", "MK"), at_least=2 * FEW)


def test_line_that_is_away_for_longer_than_most_pauses(network: Network, wire: Wire, long_run: bool) -> None:
    away = 45.0 if long_run else 3.0  # seconds
    wire.mode = CUT
    say(network, "RS", "write", FEW, ["ilecu-mk"])
    time.sleep(away)
    say(network, "RS", "write", FEW, ["ilecu-mk"])
    wire.mode = OPEN
    settle(network, "RS", "MK")
    assert_clean(network, ("RS", "MK"), at_least=2 * FEW)


def test_line_that_flaps(network: Network, wire: Wire) -> None:
    for _turn in range(4):
        say(network, "RS", "write", FEW, ["ilecu-mk"])
        wire.flap(0.7, 5)
    settle(network, "RS", "MK")
    assert_clean(network, ("RS", "MK"), at_least=4 * FEW)


def test_attachment_over_a_line_that_is_cut_again_and_again(network: Network, wire: Wire, tmp_path: Path) -> None:
    say(network, "RS", "inform_with_file", BLOB, ["ilecu-mk"])
    wire.flap(0.7, 8)
    settle(network, "RS", "MK")
    (whole,) = Books(network.node("MK")).rows("SELECT whole_at IS NOT NULL FROM gate_attachment")[0]
    assert whole
    digests = "SELECT encode(sealed_digest, 'hex'), failure FROM gate_attachment"
    assert Books(network.node("MK")).rows(digests) == Books(network.node("RS")).rows(digests)
    assert_clean(network, ("RS", "MK"))


def test_journals_are_whole_after_all_that(network: Network) -> None:
    assert_journals_whole(network)
