"""The nodes that are measured: made in a folder of their own, with durable databases, each with a worker process.

The worker does inside its node what the pages would do (post, ask, seal a file), and what is measured alone. The
node itself is an `ilex up` like any other.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ilex.config import process
from ilex.config.bench.usage import children, name_of
from ilex.config.demo import nodes
from ilex.config.demo.nodes import DemoNode
from ilex.config.node import NodeError, embedded_url

PORTS = range(17_000, 18_000)  # below those that the kernel gives to outgoing connections
PATIENCE = 60.0  # seconds for a process to begin or to end
SERVERS = {"door", "pages"}  # their work is done by a child of the part's own process


@dataclass(eq=False)
class BenchNode(DemoNode):
    worker: subprocess.Popen[str] | None = field(default=None, repr=False)
    said: str = field(default="", repr=False)  # the worker's first word: its card

    @property
    def environment(self) -> dict[str, str]:
        """As in production: a test run's wish for a database that does not wait for the disk is not passed on."""
        return {name: value for name, value in super().environment.items() if name != "ILEX_TESTING"}

    @property
    def database(self) -> str:
        return embedded_url(self.folder)

    @property
    def log(self) -> Path:
        return self.folder.parent / f"{self.code.lower()}.log"

    def begin_work(self) -> None:
        """Make the node. `ready` waits for it: two nodes are made at once."""
        parent = os.getpid()
        with self.log.open("a") as log:
            self.worker = subprocess.Popen(  # noqa: S603 (our own module)
                self.command("ilex.config.bench.worker", self.unit, str(self.pages), str(self.door)),
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
                preexec_fn=lambda: process.end_with(parent),
            )

    def ready(self) -> None:
        self.said = self.result()

    def ask(self, verb: str, *arguments: object) -> Any:
        """Have the worker do something in the node, and wait for what it returns."""
        self.begin_asking(verb, *arguments)
        return self.result()

    def begin_asking(self, verb: str, *arguments: object) -> None:
        assert self.worker  # noqa: S101
        assert self.worker.stdin  # noqa: S101
        print(json.dumps([verb, *arguments]), file=self.worker.stdin, flush=True)

    def result(self) -> Any:
        assert self.worker  # noqa: S101
        assert self.worker.stdout  # noqa: S101
        line = self.worker.stdout.readline()
        answer = json.loads(line) if line.startswith("{") else {"error": line.strip() or self._last_words()}
        if "error" in answer:
            raise NodeError(f"the node of {self.code} could not do its part: {answer['error']}")
        return answer["result"]

    def _last_words(self) -> str:
        return (self.log.read_text(encoding="utf-8", errors="replace").strip().splitlines() or ["no word"])[-1]

    def run(self, *only: str, workers: int = 1) -> None:
        """`ilex up` with some of its parts. Returns when its door or pages can be reached."""
        parent = os.getpid()
        words = ("up", "--workers", str(workers), "--only", ",".join(only))
        with self.log.open("ab") as log:
            self.up = subprocess.Popen(  # noqa: S603 (our own command)
                self.command("ilex.config.command", *words),
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=lambda: process.end_with(parent),
            )
        for name, port in (("door", self.door), ("pages", self.pages)):
            if name in only:
                self._wait_for(port)

    def _wait_for(self, port: int) -> None:
        end = time.monotonic() + PATIENCE
        while not _answers(port):
            if time.monotonic() > end or (self.up and self.up.poll() is not None):
                raise NodeError(f"the node of {self.code} does not start: {self._last_words()}")
            time.sleep(0.05)

    def halt(self) -> None:
        """End `ilex up`; the worker and the database stay."""
        nodes.stop_all([self])
        self.up = None

    def end_work(self) -> None:
        if self.worker is None or self.worker.stdin is None or self.worker.stdout is None:
            return
        self.worker.stdin.close()  # no more questions: it ends, and stops the database behind it
        try:
            self.worker.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.worker.terminate()
            self.worker.wait(PATIENCE)
        self.worker.stdout.close()

    @property
    def postmaster(self) -> int:
        """The process id of the node's database server."""
        return int((self.folder / "database" / "postmaster.pid").read_text(encoding="ascii").splitlines()[0])

    @property
    def roots(self) -> list[int]:
        """The processes under which everything of this node stands."""
        running = (self.up, self.worker)
        return [self.postmaster, *(one.pid for one in running if one is not None and one.poll() is None)]

    def part(self, name: str) -> int:
        """The process that does the work of a part: of the door and the pages, gunicorn's worker below it."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            below = children(self.up.pid) if self.up else []
            found = [pid for pid in below if name_of(pid) == f"ilex-{name}"]
            if found and name in SERVERS:
                found = children(found[0])
            if found:
                return found[0]
            time.sleep(0.05)
        raise NodeError(f"the node of {self.code} has no running {name}: {self._last_words()}")


@contextmanager
def running(codes: Iterable[str], folder: Path | None) -> Iterator[list[BenchNode]]:
    """Nodes of these units with their workers, in a new folder below `folder`; nothing of them is left behind."""
    try:
        home = Path(tempfile.mkdtemp(prefix="ilex-bench-", dir=folder))
    except OSError as error:
        raise NodeError(f"the folder {folder} cannot be used: {error.strerror}") from error
    made = _plan(home, codes)
    try:
        for node in made:
            node.begin_work()
        for node in made:
            node.ready()
        yield made
    finally:
        for node in made:
            node.halt()
        for node in made:
            node.end_work()
        shutil.rmtree(home, ignore_errors=True)


def pair(one: BenchNode, other: BenchNode) -> None:
    """Take each other's card and compare the fingerprints, as two persons do over the telephone."""
    seen = one.ask("take_card", other.said)
    if other.ask("take_card", one.said) != seen:
        raise NodeError("the two nodes see different fingerprints")
    one.ask("confirm", other.unit, seen)
    other.ask("confirm", one.unit, seen)


def _plan(home: Path, codes: Iterable[str]) -> list[BenchNode]:
    free = (port for port in PORTS if not nodes.taken(port))
    return [BenchNode(code, home / code.lower(), next(free), next(free)) for code in codes]


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
