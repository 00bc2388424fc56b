"""One large file from one node to another: by the real relay, through a wire that is cut, to the real door."""

from __future__ import annotations

import shutil
import tempfile
import time
from contextlib import closing
from pathlib import Path

import psycopg

from ilex.config.bench.machine import machine
from ilex.config.bench.nodes import BenchNode, pair, running
from ilex.config.bench.report import Figure, Measure, Report
from ilex.config.bench.usage import Watched, watching
from ilex.config.node import NodeError
from ilex.gate.bench.wire import Wire

# Point 4 of "It is done when" of the first issue.
LEAST_RATE = 40.0  # MiB a second
MOST_MEMORY = 128.0  # MiB; most of it are the programs of the house, whose pages all processes share
MIB = 2**20
WARM = 2 * MIB  # a file that goes first and is not measured: every process has then loaded what it needs
LOOK = 0.02  # seconds
STALLED = 120.0  # seconds without a byte
SPARE = 2 * 2**30  # bytes of disk that stay free: the door lets nobody fill it
PARTS = ("door", "relay", "clock")
WHOLE = (
    "SELECT count(whole_at) FROM gate_attachment JOIN gate_envelope ON gate_envelope.key = envelope_id WHERE way = 'in'"
)


def measure(folder: Path | None = None, *, size: int = 2**30, cuts: int = 4) -> Report:
    _must_fit(folder, size)
    with running(["RS", "MK"], folder) as (sender, receiver):
        pair(sender, receiver)
        for node in (sender, receiver):
            node.run(*PARTS)
        _send(sender, receiver, WARM, 0)
        sealing, seconds, wire, memory = _send(sender, receiver, size, cuts)
        file = size / MIB
        sealed = [Measure("file sealed into the sender's store", file / sealing, "MiB/s")]
        return Report(
            "attachment",
            machine(sender.folder, sender.database),
            {
                "file": f"{file:,.1f} MiB of random bytes",
                "cuts of the line": f"{cuts - len(wire.cuts)} of {cuts}; the relay's pauses after each are counted in",
                "nodes": "2, each with door, relay, clock and its own PostgreSQL; mutual TLS 1.3 over loopback",
            },
            [
                ("before", sealed),
                ("on the wire", [Measure("bytes on the wire for each byte of the file", wire.carried / size, "bytes")]),
                ("memory while it was sent", [one for name in memory for one in _memory(name, memory[name])]),
            ],
            [
                Figure("posted until whole on the receiver's disk", file / seconds, "MiB/s", limit=LEAST_RATE),
                *(
                    Figure(
                        f"memory of the {name} at its peak", _peak(memory[name]), "MiB", limit=MOST_MEMORY, most=True
                    )
                    for name in memory
                ),
            ],
        )


def _send(
    sender: BenchNode, receiver: BenchNode, size: int, cuts: int
) -> tuple[float, float, Wire, dict[str, Watched]]:
    """Seconds of sealing and of sending, the wire, and the memory of both ends."""
    sealed = sender.ask("seal_file", size)
    watched = {"relay (sender)": sender.part("relay"), "door (receiver)": receiver.part("door")}
    with closing(Wire(receiver.door, [sealed["sealed"] // (cuts + 1)] * cuts)) as wire:
        sender.ask("reach_through", wire.port)
        with psycopg.connect(receiver.database, autocommit=True) as theirs, watching(watched) as memory:
            there = _whole(theirs)
            began = sender.ask("post_file", sealed["attachment"])
            ended = _wait(theirs, there + 1, wire)
    return sealed["seconds"], ended - began, wire, memory


def _wait(theirs: psycopg.Connection, wanted: int, wire: Wire) -> float:
    carried, moved = -1, time.monotonic()
    while _whole(theirs) < wanted:
        now = time.monotonic()
        if wire.carried != carried:
            carried, moved = wire.carried, now
        if now - moved > STALLED:
            raise NodeError(f"nothing has moved for {STALLED:g} seconds, after {carried:,} bytes")
        time.sleep(LOOK)
    return time.monotonic()


def _whole(theirs: psycopg.Connection) -> int:
    row = theirs.execute(WHOLE).fetchone()
    return int(row[0]) if row else 0


def _peak(watched: Watched) -> float:
    return watched.peak.rss / MIB


def _memory(name: str, watched: Watched) -> list[Measure]:
    return [
        Measure(f"{name}: all of it (RSS)", watched.peak.rss / MIB, "MiB", "with pages shared with its parent"),
        Measure(f"{name}: its own alone (USS)", watched.peak.uss / MIB, "MiB"),
        Measure(f"{name}: what the transfer added to that", watched.added / MIB, "MiB"),
    ]


def _must_fit(folder: Path | None, size: int) -> None:
    """The file stands on the disk twice: at the sender and at the receiver."""
    place = folder or Path(tempfile.gettempdir())
    try:
        free = shutil.disk_usage(place).free
    except OSError as error:
        raise NodeError(f"the folder {place} cannot be used: {error.strerror}") from error
    if free < 2 * size + SPARE:
        raise NodeError(f"{place} has {free / MIB:,.0f} MiB free; this needs {(2 * size + SPARE) / MIB:,.0f} MiB")
