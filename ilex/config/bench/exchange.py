"""Messages from one node to another: sealed, stored, receipted and taken in, each with durable commits."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg

from ilex.config.bench.machine import cores, machine
from ilex.config.bench.nodes import BenchNode, pair, running
from ilex.config.bench.report import Figure, Measure, Report
from ilex.config.bench.usage import processor_seconds
from ilex.config.node import NodeError

LIMIT = 300.0  # messages a second on two cores: point 4 of "It is done when" of the first issue
SAMPLE = 300  # messages that are measured part by part
LOOK = 0.1  # seconds between two questions how far it is
STALLED = 120.0  # seconds without any progress
PARTS = ("door", "relay", "clock")  # the pages have nothing to do with it

ALL_AT_ONCE = "all at once, from the first post until the last message has reached this stage"
WRITTEN_FOR = {"post": "write_messages", "inform": "write_informations"}
SENT = "SELECT count(*), count(stored_at), count(processed_at) FROM gate_delivery WHERE id > %s"
TAKEN = "SELECT count(*) FROM gate_envelope WHERE way = 'in' AND state = 'taken'"


def measure(folder: Path | None = None, *, messages: int = 3_000, size: int = 4_096, batch: int = 100) -> Report:
    """`batch`: how many messages are posted in one transaction in the second run; in the first it is one."""
    with running(["RS", "MK"], folder) as (sender, receiver):
        pair(sender, receiver)
        alone = _parts(sender, receiver, min(SAMPLE, messages), size, batch)
        for node in (sender, receiver):
            node.run(*PARTS)
        alone_each = _run(sender, receiver, messages, size, "post")
        together = _run(sender, receiver, messages, size, "post", batch)
        informed = _run(sender, receiver, max(1, messages // 3), size, "inform")
        return Report(
            "exchange",
            machine(sender.folder, sender.database),
            {
                "messages": f"{messages:,}, each sealed for itself and with receipts of its own",
                "posted": f"first each in a transaction of its own, then {batch} in a transaction",
                "body": f"{size:,} bytes of text in a message exchange.information",
                "nodes": "2, each with door, relay, clock and its own PostgreSQL; mutual TLS 1.3 over loopback",
            },
            [
                ("one part at a time, everything else at rest", alone),
                (f"{ALL_AT_ONCE}, one in a transaction", alone_each.stages()),
                (f"{ALL_AT_ONCE}, {batch} in a transaction", together.stages()),
                (f"processor time a message, both nodes, {batch} in a transaction", together.processor()),
                ("the same with the verb inform(), which keeps a record at the sender too", informed.stages()),
            ],
            [
                Figure(f"sent to receipted, {batch} in a transaction", together.rate, "messages/s", limit=LIMIT),
                Measure("sent to receipted, one in a transaction", alone_each.rate, "messages/s"),
                Measure("sent to receipted by the verb inform()", informed.rate, "messages/s"),
                Measure(f"what {cores()} cores allow, {batch} in a transaction", together.ceiling, "messages/s"),
                Measure(f"what {cores()} cores allow, one in a transaction", alone_each.ceiling, "messages/s"),
            ],
        )


def _parts(sender: BenchNode, receiver: BenchNode, count: int, size: int, most: int) -> list[Measure]:
    """Milliseconds a message when nothing else happens: what the whole is made of."""
    sender.run("door")
    receiver.run("door")
    found = dict(sender.ask("parts", count, size))
    for batch, words in ((1, "one commit each"), (most, f"{most} in a commit")):
        sender.ask("write_messages", count, size)
        first, last = sender.ask("post", batch)
        found[f"post: sealed and in the outbox, {words}"] = (last - first) / count * 1000
    count *= 2  # both wait now
    found["carry: sent, stored there, receipt kept here"] = sender.ask("carry") / count * 1000
    found["hand over: taken in by its room, receipt signed"] = receiver.ask("hand_over") / count * 1000
    found["receipts carried back and noted"] = receiver.ask("carry") / count * 1000
    sender.halt()
    receiver.halt()
    return [Measure(name, value, "ms") for name, value in found.items()]


TICK = 0.01  # seconds: the kernel counts processor time in hundredths, so a few messages may seem to have cost none


@dataclass(frozen=True)
class Run:
    """When the messages had all reached each stage, in seconds after the first post; and what it cost."""

    messages: int
    reached: dict[str, float]
    used: dict[str, float]  # seconds of processor time by process

    @property
    def rate(self) -> float:
        return self.messages / max(self.reached.values())

    @property
    def ceiling(self) -> float:
        return cores() * self.messages / max(sum(self.used.values()), TICK)

    def stages(self) -> list[Measure]:
        return [Measure(stage, self.messages / seconds, "messages/s") for stage, seconds in self.reached.items()]

    def processor(self) -> list[Measure]:
        each = [Measure(name, seconds / self.messages * 1000, "ms") for name, seconds in self.used.items()]
        return [*each, Measure("together", sum(one.value for one in each), "ms")]


def _run(sender: BenchNode, receiver: BenchNode, count: int, size: int, verb: str, *how: int) -> Run:
    sender.ask(WRITTEN_FOR[verb], count, size)
    before = _used(sender, receiver)
    with (
        psycopg.connect(sender.database, autocommit=True) as ours,
        psycopg.connect(receiver.database, autocommit=True) as theirs,
    ):
        [last_id], [taken] = _row(ours, "SELECT coalesce(max(id), 0) FROM gate_delivery"), _row(theirs, TAKEN)
        sender.begin_asking(verb, *how)
        stages = ("stored at the receiver, receipt back", "taken in", "processed, receipt back")
        moments = _follow(ours, theirs, last_id, taken + count, count, stages)
    began, posted = sender.result()
    reached = {"posted": posted - began, **{stage: moment - began for stage, moment in moments.items()}}
    after = _used(sender, receiver)
    used = {name: after[name] - before.get(name, 0.0) for name in after if after[name] - before.get(name, 0.0) > 0.05}
    return Run(count, reached, used)


def _follow(
    ours: psycopg.Connection, theirs: psycopg.Connection, last_id: int, taken: int, count: int, stages: Sequence[str]
) -> dict[str, float]:
    moments: dict[str, float] = {}
    so_far, moved = (0, 0, 0), time.monotonic()
    while len(moments) < len(stages):
        _all, stored, processed = _row(ours, SENT, last_id)
        reached = (stored - count, _row(theirs, TAKEN)[0] - taken, processed - count)
        now = time.monotonic()
        moments |= {
            stage: now for stage, rest in zip(stages, reached, strict=True) if rest >= 0 and stage not in moments
        }
        if reached != so_far:
            so_far, moved = reached, now
        if now - moved > STALLED:
            raise NodeError(f"nothing has moved for {STALLED:g} seconds: {stored} stored, {processed} processed")
        time.sleep(LOOK)
    return moments


def _row(connection: psycopg.Connection, question: str, *values: object) -> tuple[int, ...]:
    return connection.execute(question, values).fetchone() or ()


def _used(sender: BenchNode, receiver: BenchNode) -> dict[str, float]:
    """Seconds of processor time so far, by the sender's and the receiver's processes."""
    return {
        f"{whose}: {name}": seconds
        for whose, node in (("sender", sender), ("receiver", receiver))
        for name, seconds in processor_seconds(node.roots).items()
    }
