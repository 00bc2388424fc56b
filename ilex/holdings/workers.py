"""Processes that make keys beside this one: with two cores neither waits for the other. Few rows are made here."""

from __future__ import annotations

import os
import pickle
import queue
import subprocess
import sys
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from ilex.holdings.files.chunks import Chunk
from ilex.holdings.making import Made, Making, Setting, seldom_collected

AHEAD = 3  # chunks that wait for each process
HOUSE = Path(__file__).resolve().parent.parent.parent
KEPT = ("PATH", "ILEX_LAW", "HOME", "LANG", "SYSTEMROOT")


class WorkerEnded(Exception):
    """A process that makes keys has ended, killed or out of memory; the load is not kept."""


def made(setting: Setting, chunks: Iterable[Chunk], processes: int) -> Generator[Made, None, None]:
    """Every chunk made, in order. In this process when there is a single chunk, or a single core."""
    waiting = iter(chunks)
    first = next(waiting, None)
    if first is None:
        return
    second = next(waiting, None)
    if second is None or processes < 1 or _cores() == 1:
        with seldom_collected():
            making = Making(setting)
            for chunk in _chained(first, second, waiting):
                yield making.made(chunk)
        return
    with _pool(setting, processes) as ask:
        futures: deque[Future[Made]] = deque()
        for chunk in _chained(first, second, waiting):
            futures.append(ask(chunk))
            if len(futures) > AHEAD * processes:
                yield futures.popleft().result()
        while futures:
            yield futures.popleft().result()


def _cores() -> int:
    return len(os.sched_getaffinity(0))


def _chained(first: Chunk, second: Chunk | None, others: Iterator[Chunk]) -> Iterator[Chunk]:
    yield first
    if second is not None:
        yield second
    yield from others


class _Ask(Protocol):
    def __call__(self, chunk: Chunk) -> Future[Made]: ...


class _Worker:
    def __init__(self, setting: Setting) -> None:
        environment = {name: os.environ[name] for name in KEPT if name in os.environ}
        self.process = subprocess.Popen(  # our own program
            [sys.executable, "-P", "-m", "ilex.holdings.key_maker"],  # nothing of the folder we stand in
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**environment, "PYTHONPATH": str(HOUSE), "OMP_NUM_THREADS": "1"},
        )
        self.asked, self.answers = cast(BinaryIO, self.process.stdin), cast(BinaryIO, self.process.stdout)
        self._send(setting)

    def make(self, chunk: Chunk) -> Made:
        self._send(chunk)
        try:
            result: Made = pickle.load(self.answers)  # noqa: S301  # of our own child process
        except (EOFError, pickle.UnpicklingError):
            raise WorkerEnded from None
        return result

    def _send(self, what: Setting | Chunk) -> None:
        try:
            pickle.dump(what, self.asked, pickle.HIGHEST_PROTOCOL)
            self.asked.flush()
        except BrokenPipeError:
            raise WorkerEnded from None

    def end(self) -> None:
        self.process.kill()
        for pipe in (self.asked, self.answers):
            with suppress(OSError):
                pipe.close()
        self.process.wait()


@contextmanager
def _pool(setting: Setting, processes: int) -> Iterator[_Ask]:
    workers = [_Worker(setting) for _ in range(processes)]
    free: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
    for worker in workers:
        free.put(worker)

    def make(chunk: Chunk) -> Made:
        worker = free.get()
        try:
            return worker.make(chunk)
        finally:
            free.put(worker)

    threads = ThreadPoolExecutor(processes)
    try:
        yield lambda chunk: threads.submit(make, chunk)
    finally:
        for worker in workers:
            worker.end()
        threads.shutdown(wait=True, cancel_futures=True)
