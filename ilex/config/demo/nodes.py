"""The nodes of the demonstration: where they lie, how they are made, started and stopped."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from ilex.config import process
from ilex.config.node import NodeError, read_facts
from ilex.config.stop import Stop

# A unit has the same ports at every start: the number goes behind 800_ for the pages and 900_ for the door.
NUMBERS = {"RS": 1, "MK": 2, "HU": 3, "RO": 4, "MD": 5, "UA": 6, "GE": 7, "PRACTICE": 9}
PAGES, DOOR, STEP = 8000, 9000, 10
PATIENCE = 60.0


@dataclass(eq=False)
class DemoNode:
    code: str
    folder: Path
    pages: int
    door: int
    up: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def unit(self) -> str:
        return "practice" if self.code == "PRACTICE" else f"ilecu-{self.code.lower()}"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.pages}"

    @property
    def card(self) -> Path:
        return self.folder.parent / "cards" / f"{self.unit}.card"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "ILEX_UNIT"}}
        return {**kept, "ILEX_HOME": str(self.folder), "DJANGO_SETTINGS_MODULE": "ilex.config.settings"}

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-P", "-m", *words]

    def begin(self, *words: str) -> subprocess.Popen[str]:
        """One step of the demonstration in this node's own process; what it prints is its result."""
        return subprocess.Popen(  # noqa: S603 (our own module)
            self.command("ilex.config.demo.step", *words),
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=(self.folder.parent / f"{self.code.lower()}.log").open("a"),
            text=True,
            start_new_session=True,
        )

    def start(self, only: str = "") -> None:
        """`ilex up`, as a child that ends with us however we end."""
        parent = os.getpid()
        with (self.folder.parent / f"{self.code.lower()}.log").open("ab") as log:
            self.up = subprocess.Popen(  # noqa: S603 (our own command)
                self.command("ilex.config.command", "up", "--workers", "1", *(["--only", only] if only else [])),
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C comes to us alone, and we stop them in order
                preexec_fn=lambda: process.end_with(parent),
            )

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.url, timeout=5):  # noqa: S310 (http to ourselves)
                return True
        except urllib.error.HTTPError as error:
            return error.code < 500
        except OSError:
            return False


def plan(folder: Path, units: Iterable[str]) -> list[DemoNode]:
    return [_place(folder, code) for code in (*units, "PRACTICE")]


def _place(folder: Path, code: str) -> DemoNode:
    home = folder / code.lower()
    if facts := read_facts(home / "node.toml"):
        pages, door = (int(str(facts[name]).rpartition(":")[2]) for name in ("pages", "door"))
        return DemoNode(code, home, pages, door)
    number = NUMBERS[code]
    return DemoNode(code, home, _free(PAGES + number), _free(DOOR + number))


def _free(port: int) -> int:
    while taken(port):
        port += STEP
    return port


def taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def free_ports() -> tuple[int, int]:
    """Two that the kernel gives out now; for nodes that live for minutes."""
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        return one.getsockname()[1], other.getsockname()[1]


def demand_ports(nodes: Iterable[DemoNode]) -> None:
    """The ports stand on the cards that the peers hold: they cannot be others at the second start."""
    for node in nodes:
        for port in (node.pages, node.door):
            if taken(port):
                raise NodeError(
                    f"port {port} of {node.code} is taken. Stop the program that listens there, or begin anew "
                    "with other ports: ilex demo --reset"
                )


def line(node: DemoNode, running: subprocess.Popen[str], stop: Stop) -> str:
    """The first line that a step says. Raises NodeError when it ends instead."""
    assert running.stdout is not None  # noqa: S101 (begun with a pipe)
    while not select.select([running.stdout], [], [], 0.1)[0]:
        if stop.is_set():
            return finish(node, running, stop)
    said = running.stdout.readline()
    return said if said.startswith("{") else finish(node, running, stop, said)


def finish(node: DemoNode, running: subprocess.Popen[str], stop: Stop, said: str = "") -> str:
    """Wait for a step and return what it printed. Raises NodeError when it failed."""
    while running.poll() is None:
        if stop.wait(0.02):
            running.send_signal(signal.SIGTERM)
            running.wait()
    said += running.stdout.read() if running.stdout else ""
    if running.returncode and not stop.is_set():
        raise NodeError(f"{node.code} could not do its part: {said.strip() or 'see its log'} ({node.folder}.log)")
    return said


def wait_for_pages(nodes: Iterable[DemoNode], stop: Stop) -> None:
    deadline = time.monotonic() + PATIENCE
    for node in nodes:
        while not stop.is_set() and not node.answers():
            if node.up and node.up.poll() is not None:
                raise NodeError(f"the node of {node.code} ended; its log: {node.folder}.log")
            if time.monotonic() > deadline:
                raise NodeError(f"the pages of {node.code} do not answer; its log: {node.folder}.log")
            stop.wait(0.05)


def stop_all(nodes: Iterable[DemoNode]) -> None:
    running = [node.up for node in nodes if node.up and node.up.poll() is None]
    for up in running:
        up.send_signal(signal.SIGTERM)
    for up in running:
        try:
            up.wait(timeout=40)
        except subprocess.TimeoutExpired:
            os.killpg(up.pid, signal.SIGKILL)
