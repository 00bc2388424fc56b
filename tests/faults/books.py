"""What nodes have written down, read from their databases with plain SQL and counted as an auditor would."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, LiteralString

import psycopg

from ilex.config.node import embedded_url
from tests.network import Network, RunningNode, until

LONG = 600.0  # seconds: two breakers, a lease and a busy machine


class Books:
    """The tables of one node. Nothing of the project's own code reads them here."""

    def __init__(self, node: RunningNode) -> None:
        self.node = node

    def rows(self, query: LiteralString, *values: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self._url) as connection:
            return connection.execute(query, values).fetchall()

    def number(self, query: LiteralString, *values: object) -> int:
        return int(self.rows(query, *values)[0][0])

    def change(self, query: LiteralString, *values: object) -> int:
        """Do to the tables what a fault or an operator would; returns how many rows."""
        with psycopg.connect(self._url, autocommit=True) as connection:
            return connection.execute(query, values).rowcount

    @property
    def _url(self) -> str:
        return self.node.database or embedded_url(self.node.folder)

    def lines(self, act: str, object_id: str = "") -> list[dict[str, Any]]:
        """The details of the journal's lines of one act, oldest first."""
        query: LiteralString = "SELECT detail FROM journal_line WHERE act = %s AND %s IN ('', object_id) ORDER BY id"
        return [detail for (detail,) in self.rows(query, act, object_id)]


@dataclass(frozen=True)
class Tally:
    """One direction of the mail between two nodes. Everything but `sent` must be nought."""

    sent: int
    lost: int = 0  # sent, and no effect at the receiver
    repeated: int = 0  # effects beyond the first of each message
    out_of_order: int = 0  # effects that came before that of an earlier message of their conversation
    unlogged: int = 0  # acts without their line in the journal of the node that did them
    unreceipted: int = 0  # messages without exactly one `stored` and one `processed` receipt on either side
    disputed: int = 0  # receipts whose signed text is not the same on both sides

    @property
    def clean(self) -> bool:
        return not any(getattr(self, field.name) for field in fields(self) if field.name != "sent")

    def __str__(self) -> str:
        return ", ".join(f"{getattr(self, field.name)} {field.name.replace('_', ' ')}" for field in fields(self))


def tally(sender: RunningNode, receiver: RunningNode) -> Tally:
    """Count what officers at `sender` said to `receiver`, by the books of both."""
    there, here = Books(sender), Books(receiver)
    sent = {
        str(number): (conversation, sequence)
        for number, conversation, sequence in there.rows(
            "SELECT id, conversation, sequence FROM gate_envelope"
            " WHERE way = 'out' AND %s = ANY (recipients) AND type LIKE 'exchange.%%'",
            receiver.unit,
        )
    }
    effects = _effects(here, sender)
    taken = _lines(here, "envelope.taken")
    logged = {
        "sent": _lines(there, "envelope.sent"),
        "stored": _lines(here, "envelope.stored"),
        "taken": taken,
        "receipt stored": _lines(there, "receipt.stored", receiver.unit),
        "receipt processed": _lines(there, "receipt.processed", receiver.unit),
    }
    ours, theirs = _receipts(here, "out", sender.unit, sender.unit), _receipts(there, "in", receiver.unit, sender.unit)
    return Tally(
        sent=len(sent),
        lost=sum(not effects[number] for number in sent),
        repeated=sum(max(0, effects[number] - 1) for number in sent)
        + sum(max(0, len(lines[number]) - 1) for lines in logged.values() for number in sent),
        out_of_order=_out_of_order(sent, taken),
        unlogged=sum(not lines[number] for lines in logged.values() for number in sent),
        unreceipted=sum(
            len(given[number, kind]) != 1
            for number in sent
            for given in (ours, theirs)
            for kind in ("stored", "processed")
        ),
        disputed=sum(ours[number, kind] != theirs[number, kind] for number in sent for kind in ("stored", "processed")),
    )


def _effects(here: Books, sender: RunningNode) -> Counter[str]:
    """How often each message of the sender stands in a file of this unit."""
    rows = here.rows(
        "SELECT entry.message::text, count(*) FROM exchange_entry entry JOIN exchange_request request"
        " ON request.id = entry.request_id WHERE entry.way = 'in' AND request.partner_id = %s GROUP BY entry.message",
        sender.unit,
    )
    return Counter(dict(rows))


def _lines(books: Books, act: str, of: str = "") -> defaultdict[str, list[int]]:
    """The journal's lines of an act on each message; of a message to several units those that concern one."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    query: LiteralString = (
        "SELECT object_id, id FROM journal_line WHERE object_kind = 'envelope' AND act = %s"
        " AND (%s = '' OR %s = ANY (recipients))"
    )
    for number, line in books.rows(query, act, of, of):
        found[number].append(line)
    return found


def _receipts(books: Books, way: str, peer: str, sender: str) -> defaultdict[tuple[str, str], list[str]]:
    found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    rows = books.rows(
        "SELECT envelope.id::text, receipt.kind, receipt.signed FROM gate_receipt receipt"
        " JOIN gate_envelope envelope ON envelope.key = receipt.envelope_id"
        " WHERE receipt.way = %s AND receipt.peer_id = %s AND envelope.sender = %s",
        way,
        peer,
        sender,
    )
    for number, kind, signed in rows:
        found[number, kind].append(signed)
    return found


def _out_of_order(sent: dict[str, tuple[Any, int]], taken: dict[str, list[int]]) -> int:
    conversations: defaultdict[Any, list[tuple[int, int]]] = defaultdict(list)
    for number, (conversation, sequence) in sent.items():
        if taken[number]:
            conversations[conversation].append((sequence, min(taken[number])))
    count = 0
    for said in conversations.values():
        lines = [line for _sequence, line in sorted(said)]
        count += sum(line < max(lines[:place]) for place, line in enumerate(lines) if place)
    return count


def unsettled(nodes: Iterable[RunningNode]) -> int:
    """Messages and receipts that still have somewhere to go."""
    count = 0
    for node in nodes:
        books = Books(node)
        count += books.number("SELECT count(*) FROM gate_delivery WHERE state IN ('waiting', 'stored')")
        count += books.number("SELECT count(*) FROM gate_receipt WHERE way = 'out' AND sent_at IS NULL")
        # What was put off four times waits for something that does not come; the tally counts it as lost.
        count += books.number("SELECT count(*) FROM gate_envelope WHERE state = 'waiting' AND tries < 4")
        count += books.number(
            "SELECT count(*) FROM gate_blobdelivery blob JOIN gate_delivery delivery ON delivery.id = blob.delivery_id"
            " WHERE blob.done_at IS NULL AND delivery.state IN ('waiting', 'stored', 'processed')"
        )
    return count


def settle(network: Network, *codes: str, seconds: float = LONG) -> None:
    """Wait until the mail between these nodes has come to rest."""
    nodes = [network.node(code) for code in codes or network.nodes]
    until(lambda: unsettled(nodes) == 0, "the mail to come to rest", seconds=seconds)


def assert_clean(network: Network, *ways: tuple[str, str], at_least: int = 1) -> list[Tally]:
    """Each way (from, to) without a fault in the books of both; says the numbers."""
    found = []
    for sender, receiver in ways:
        count = tally(network.node(sender), network.node(receiver))
        print(f"{sender} to {receiver}: {count}")
        assert count.clean, f"{sender} to {receiver}: {count}"
        assert count.sent >= at_least, f"{sender} to {receiver}: {count}, where {at_least} were wanted"
        found.append(count)
    return found


def assert_journals_whole(network: Network, *codes: str) -> None:
    """`ilex journal verify` finds nothing, also against the heads that the partners hold."""
    for code in codes or tuple(network.nodes):
        node = network.node(code)
        words: list[str] = []
        for other in network.nodes.values():
            for size, note in Books(other).rows(
                "SELECT size, note FROM journal_witnessed WHERE origin = %s ORDER BY size DESC LIMIT 3", node.unit
            ):
                kept = node.folder / f"held-by-{other.code}-{size}.note"
                kept.write_text(note, encoding="utf-8", newline="")
                words += ["--against", str(kept)]
        said = network.run(code, "journal", "verify", *words)
        assert "The journal is whole" in said.stdout, said.stdout + said.stderr
