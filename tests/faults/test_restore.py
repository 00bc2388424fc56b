"""A node that comes back from a backup: what it lost comes again, and nothing happens twice at its partners."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.books import LONG, Books, assert_journals_whole, settle, tally
from tests.faults.say import say
from tests.network import Network, drop_database, make_database, until

BEFORE, AFTER = 20, 40  # messages of each side before and after the backup


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    with Network(tmp_path, ["RS", "MK"]) as network:
        yield network


def burn_and_restore(network: Network, code: str, backup: Path) -> None:
    """The machine is gone; another one begins with the backup and nothing else."""
    node = network.node(code)
    network.stop(code)
    drop_database(node.database)
    node.folder, node.database = node.folder.with_name("again"), make_database(f"ilex_{secrets.token_hex(4)}")
    network.run(code, "restore", str(backup), "--into", str(node.folder))
    network.start(code)


def receipts(books: Books, way: str) -> set[tuple[str, str, str]]:
    """Message, kind and signed text of every receipt given (out) or held (in)."""
    rows = books.rows(
        "SELECT envelope.id::text, receipt.kind, receipt.signed FROM gate_receipt receipt"
        " JOIN gate_envelope envelope ON envelope.key = receipt.envelope_id WHERE receipt.way = %s",
        way,
    )
    return {(number, kind, signed) for number, kind, signed in rows}


def test_restored_node_loses_nothing_that_its_partner_sent_and_repeats_nothing(
    network: Network, tmp_path: Path
) -> None:
    skopje = Books(network.node("MK"))
    for code, to in (("RS", "ilecu-mk"), ("MK", "ilecu-rs")):
        say(network, code, "write", BEFORE, [to])
    network.run("RS", "backup", str(tmp_path / "rs.backup"))  # while mail is still on its way
    say(network, "RS", "write", AFTER, ["ilecu-mk"])
    say(network, "MK", "write", AFTER, ["ilecu-rs"])
    say(network, "MK", "inform_with_file", 2**20, ["ilecu-rs"])
    settle(network)
    sent = tally(network.node("MK"), network.node("RS")).sent
    effects = dict(skopje.rows("SELECT message, count(*) FROM exchange_entry WHERE way = 'in' GROUP BY 1"))
    held = receipts(skopje, "in")

    burn_and_restore(network, "RS", tmp_path / "rs.backup")
    belgrade = Books(network.node("RS"))
    until(lambda: skopje.lines("peer.restored") != [], "Skopje to hear of it", seconds=LONG)
    until(lambda: belgrade.lines("restore.checked") != [], "Belgrade to hear what it forgot", seconds=LONG)
    settle(network)

    again = tally(network.node("MK"), network.node("RS"))
    print(f"MK to RS after the restore: {again}")
    assert again.sent >= sent, again
    # Skopje's word on requests that Belgrade no longer knows waits for a person; everything else is there, once.
    orphans = skopje.number(
        "SELECT count(*) FROM gate_envelope WHERE way = 'out' AND type = 'exchange.acknowledgement'"
        " AND NOT conversation = ANY (%s)",
        [inquiry for (inquiry,) in belgrade.rows("SELECT inquiry FROM exchange_request")],
    )
    assert (again.lost, again.repeated) == (orphans, 0), f"of what Skopje sent: {again}; {orphans} to the forgotten"
    now = dict(skopje.rows("SELECT message, count(*) FROM exchange_entry WHERE way = 'in' GROUP BY 1"))
    assert {number: now[number] for number in effects} == effects, "an effect in Skopje was repeated or lost"
    assert held <= receipts(skopje, "in"), "Skopje no longer holds a receipt that Belgrade gave"
    (told,) = belgrade.lines("restore.checked")
    forgotten = set(effects) - {number for (number,) in belgrade.rows("SELECT id FROM gate_envelope WHERE way = 'out'")}
    assert told["count"] >= len(forgotten) > 0, f"{told['count']} told, {len(forgotten)} forgotten"
    whole = "SELECT count(*) FROM gate_attachment WHERE whole_at IS NOT NULL AND size = 1048576"
    until(lambda: belgrade.number(whole) == 1, "the file to come again", seconds=LONG)
    alarms = "SELECT count(*) FROM journal_witnessed WHERE state IN ('rollback', 'fork')"
    until(lambda: skopje.number(alarms) > 0, "Skopje to notice that the journal went back", seconds=LONG)
    assert_journals_whole(network, "MK")
    network.run("RS", "journal", "verify")


def test_partner_is_restored_while_our_mail_waits_for_it(network: Network, tmp_path: Path) -> None:
    """What it has not seen and what it has seen and forgotten come in together, each once."""
    say(network, "RS", "write", BEFORE, ["ilecu-mk"])
    settle(network)
    network.run("MK", "backup", str(tmp_path / "mk.backup"))
    say(network, "RS", "write", BEFORE, ["ilecu-mk"])
    settle(network)
    network.stop("MK")
    say(network, "RS", "write", BEFORE, ["ilecu-mk"])
    network.start("MK")
    burn_and_restore(network, "MK", tmp_path / "mk.backup")
    until(lambda: Books(network.node("RS")).lines("peer.restored") != [], "Belgrade to hear of it", seconds=LONG)
    settle(network)
    count = tally(network.node("RS"), network.node("MK"))
    print(f"RS to MK: {count}")
    assert (count.lost, count.repeated, count.out_of_order) == (0, 0, 0), count
    assert count.sent >= 3 * BEFORE
    say(network, "RS", "inform", 3, ["ilecu-mk"])
    settle(network)
