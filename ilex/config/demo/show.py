"""The demonstration from start to end: make what is not there, start, tell, pair, play, wait, stop."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ilex.config import database
from ilex.config.demo import nodes, people
from ilex.config.demo.nodes import DemoNode
from ilex.config.node import NodeError
from ilex.config.stop import Stop


def show(folder: Path, units: Sequence[str], *, reset: bool = False) -> None:
    """Returns after Ctrl-C, with every process and database stopped."""
    began = time.monotonic()
    stop = Stop()
    stop.on_signals()
    with _alone(folder):
        if reset:
            _empty(folder)
        network = nodes.plan(folder, units)
        nodes.demand_ports(network)
        try:
            for what in (_make, _start, _tell, _play):
                if not stop.is_set():
                    what(network, stop)
            if not stop.is_set():
                print(f"\nIlex is up, after {time.monotonic() - began:.0f} seconds. Ctrl-C stops it.", flush=True)
            _wait(network, stop)
        finally:
            print("Stopping ...", flush=True)
            nodes.stop_all(network)


class _Doing:
    """One line for each stretch of the start: what, and how long it took."""

    def __init__(self, what: str) -> None:
        self.what, self.began = what, time.monotonic()
        if what:
            print(f"  {what} ...", end="", flush=True)

    def done(self) -> None:
        if self.what:
            print(f" {time.monotonic() - self.began:.1f} s", flush=True)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise NodeError(f"the folder {folder} cannot be made: {error.strerror}") from error
    with (folder / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise NodeError(f"the demonstration in {folder} runs already") from error
        yield


def _empty(folder: Path) -> None:
    """Only what a demonstration made: its folders hold a node, its files end in .log."""
    for one in folder.iterdir():
        if one.is_dir() and (one.name.upper() in nodes.NUMBERS or one.name == "cards"):
            database.stop(one)
            shutil.rmtree(one)
        elif one.suffix == ".log" or one.name == "told":
            one.unlink()


def _make(network: Sequence[DemoNode], stop: Stop) -> None:
    """As many at a time as there are cores; a node that is made already costs nothing."""
    waiting = [node for node in network if not node.card.exists()]
    cores = len(os.sched_getaffinity(0))
    doing = _Doing(f"making {', '.join(node.code for node in waiting)}" if waiting else "")
    while waiting and not stop.is_set():
        some, waiting = waiting[:cores], waiting[cores:]
        steps = [(node, node.begin("make", node.code, str(node.pages), str(node.door))) for node in some]
        for node, step in steps:
            nodes.finish(node, step, stop)
    doing.done()


def _start(network: Sequence[DemoNode], stop: Stop) -> None:
    doing = _Doing("starting the nodes")
    for node in network:
        node.start()
    nodes.wait_for_pages(network, stop)
    doing.done()


def _tell(network: Sequence[DemoNode], stop: Stop) -> None:
    """The desks answer: say where, and how to sign in."""
    if stop.is_set():
        return
    print()
    for node in network:
        if node.code == "PRACTICE":
            print("  The practice partner has no desk: send it a request, and it answers by itself.")
            continue
        staff = people.STAFF[node.code]
        signs = "  ".join(
            people.sign_in(post, node.code) for _name, post in zip(staff.names, people.ROLES, strict=False)
        )
        print(f"  {node.code}  {node.url}  {staff.names[0]} has the duty")
        print(f"      sign in as  {signs}")
    print(f"  The password of everybody is  {people.PASSWORD}")
    print("  Persons and cases are invented.\n", flush=True)


def _play(network: Sequence[DemoNode], stop: Stop) -> None:
    """Pair every two nodes, and let the officers write to each other. Once for the same units."""
    done = network[0].folder.parent / "told"
    units = ",".join(sorted(node.code for node in network if node.code != "PRACTICE"))
    if done.exists() and done.read_text(encoding="utf-8") == units:
        return
    doing = _Doing("pairing; the program reads out the fingerprints and compares them")
    parts = {node: node.begin("part", node.code, units) for node in network}
    said = {node.unit: nodes.line(node, part, stop) for node, part in parts.items()}
    if stop.is_set():
        return
    seen = {unit: json.loads(text) for unit, text in said.items()}
    for node, part in parts.items():
        heard = {other: seen[other][node.unit] for other in seen[node.unit]}
        print(json.dumps(heard), file=part.stdin, flush=True)
    doing.done()
    doing = _Doing("the officers write to each other")
    for node, part in parts.items():
        nodes.finish(node, part, stop)
    if not stop.is_set():
        done.write_text(units, encoding="utf-8")
        doing.done()


def _wait(network: Sequence[DemoNode], stop: Stop) -> None:
    while not stop.wait(0.5):
        for node in network:
            if node.up and node.up.poll() is not None:
                raise NodeError(f"the node of {node.code} ended; its log: {node.folder}.log")
