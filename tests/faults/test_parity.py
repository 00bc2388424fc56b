"""The same officers' work over the line and over sticks: what stands in the files afterwards is the same."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.faults.books import LONG, Books, assert_clean, assert_journals_whole, unsettled
from tests.faults.say import say
from tests.network import Network, until

BOTH = ["ilecu-mk", "ilecu-hu"]  # Skopje has a line, Budapest only sticks
FILE = 3 * 2**20

ENTRIES = """
    SELECT entry.kind, entry.way, entry.text, entry.reasons, entry.language, entry.handling, entry.stage, entry.settles,
        entry.source_grade, entry.information_grade, entry.corrected_at IS NOT NULL, entry.about_id IS NOT NULL,
        request.kind, request.way, request.state, request.facts, request.urgency, request.stopped_at IS NULL,
        (SELECT array_agg(name || encode(digest, 'hex')) FROM gate_attachment paper
         JOIN exchange_entry_papers of ON of.attachment_id = paper.id
         WHERE of.entry_id = entry.id AND whole_at IS NOT NULL)
    FROM exchange_entry entry JOIN exchange_request request ON request.id = entry.request_id
    ORDER BY 1, 2, 3, 4, 5, 14, 15
"""
MOVES = "SELECT kind, reason, count(*) FROM exchange_clockmove WHERE kind <> 'moved' GROUP BY 1, 2 ORDER BY 1, 2"
NAMES = "SELECT name, category, born, language FROM exchange_subject ORDER BY 1"


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    with Network(tmp_path, ["RS", "MK", "HU"]) as network:
        for one, other in (("RS", "ilecu-hu"), ("HU", "ilecu-rs")):
            changed = Books(network.node(one)).change("UPDATE gate_peer SET carrier = 'file' WHERE unit_id = %s", other)
            assert changed == 1
        yield network


class Courier:
    """A person with a stick between Belgrade and Budapest."""

    def __init__(self, network: Network, bag: Path) -> None:
        self.network, self.bag, self.trips = network, bag, count(1)

    def carry(self, sender: str, receiver: str) -> None:
        stick = self.bag / f"{next(self.trips)}.stick"
        self.network.run(sender, "seal", "--to", self.network.node(receiver).unit, "--out", str(stick))
        self.network.run(receiver, "open", str(stick))
        until(lambda: self.untouched(receiver) == 0, "the room to take the letters in", seconds=LONG)

    def untouched(self, code: str) -> int:
        return Books(self.network.node(code)).number("SELECT count(*) FROM gate_envelope WHERE state = 'waiting'")

    def go_both_ways(self) -> None:
        """There, and back with the receipts and answers, and their receipts again."""
        for way in (("RS", "HU"), ("HU", "RS"), ("RS", "HU")):
            self.carry(*way)


def on_the_line(network: Network) -> None:
    until(
        lambda: unsettled([network.node("MK")]) == 0 and waiting_for_skopje(network) == 0,
        "the line to rest",
        seconds=LONG,
    )


def waiting_for_skopje(network: Network) -> int:
    return Books(network.node("RS")).number(
        "SELECT (SELECT count(*) FROM gate_delivery WHERE peer_id = 'ilecu-mk' AND state IN ('waiting', 'stored'))"
        " + (SELECT count(*) FROM gate_receipt WHERE peer_id = 'ilecu-mk' AND way = 'out' AND sent_at IS NULL)"
        " + (SELECT count(*) FROM gate_blobdelivery blob JOIN gate_delivery ON gate_delivery.id = delivery_id"
        "    WHERE peer_id = 'ilecu-mk' AND done_at IS NULL)"
    )


def files_of(network: Network, code: str) -> list[list[tuple[Any, ...]]]:
    return [Books(network.node(code)).rows(query) for query in (ENTRIES, MOVES, NAMES)]


def test_line_and_stick_have_the_same_effects(network: Network, tmp_path: Path) -> None:
    courier = Courier(network, tmp_path)
    say(network, "RS", "write", 24, BOTH)
    say(network, "RS", "inform_with_file", FILE, BOTH)
    courier.go_both_ways()
    on_the_line(network)
    for code in ("MK", "HU"):
        say(network, code, "ask_back")
    on_the_line(network)
    courier.carry("HU", "RS")
    say(network, "RS", "clarify")
    courier.go_both_ways()
    on_the_line(network)
    for code in ("MK", "HU"):
        say(network, code, "answer")
    on_the_line(network)
    for way in (("HU", "RS"), ("RS", "HU"), ("HU", "RS"), ("RS", "HU")):
        courier.carry(*way)

    by_line, by_stick = files_of(network, "MK"), files_of(network, "HU")
    assert by_line == by_stick
    assert len(by_line[0]) >= 30
    assert_clean(network, ("RS", "MK"), ("RS", "HU"), ("MK", "RS"), ("HU", "RS"), at_least=4)
    assert_journals_whole(network)
