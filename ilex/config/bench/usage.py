"""Processor time and memory of the processes of a node, read from the kernel while they work."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

TICK = os.sysconf("SC_CLK_TCK")
PAUSE = 0.1  # seconds between two looks at the memory


def children(parent: int) -> list[int]:
    try:
        text = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii")
    except OSError:
        return []
    return [int(pid) for pid in text.split()]


def family(root: int) -> Iterator[int]:
    """The process and everything below it."""
    yield root
    for child in children(root):
        yield from family(child)


def name_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def processor_seconds(roots: Iterable[int]) -> Counter[str]:
    """Seconds of processor time so far by the name of the process, with what ended children have used."""
    used: Counter[str] = Counter()
    for root in roots:
        for pid in family(root):
            used[name_of(pid)] += _seconds(pid)  # type: ignore[assignment]  # a Counter counts seconds as well
    return used


def _seconds(pid: int) -> float:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0.0
    # The name in brackets may hold spaces. Behind it: fields 14 to 17 are own and children's user and system ticks.
    return sum(int(ticks) for ticks in stat.rpartition(")")[2].split()[11:15]) / TICK


@dataclass
class Memory:
    """Bytes of one process: all it sees (RSS), and what is its own alone (USS): the rest is shared with its parent."""

    rss: int = 0
    uss: int = 0


@dataclass
class Watched:
    before: Memory
    peak: Memory = field(default_factory=Memory)

    @property
    def added(self) -> int:
        """What the process took on top of what it had: its own pages at the peak less those at the start."""
        return max(0, self.peak.uss - self.before.uss)


@contextmanager
def watching(processes: dict[str, int]) -> Iterator[dict[str, Watched]]:
    """Watch the memory of these processes (name: pid) until the end of the block."""
    watched = {name: Watched(memory_of(pid)) for name, pid in processes.items()}
    stop = Event()
    thread = Thread(target=_watch, args=(processes, watched, stop), daemon=True)
    thread.start()
    try:
        yield watched
    finally:
        stop.set()
        thread.join()


def _watch(processes: dict[str, int], watched: dict[str, Watched], stop: Event) -> None:
    while not stop.wait(PAUSE):
        for name, pid in processes.items():
            now, peak = memory_of(pid), watched[name].peak
            peak.rss, peak.uss = max(peak.rss, now.rss), max(peak.uss, now.uss)


def memory_of(pid: int) -> Memory:
    """Nothing for a process that is gone."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    except OSError:
        return Memory()
    sizes = {name: int(value.split()[0]) * 1024 for name, _, value in (line.partition(":") for line in lines)}
    return Memory(sizes["Rss"], sizes["Private_Clean"] + sizes["Private_Dirty"])
