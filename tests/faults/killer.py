"""kill -9 at random moments, of one part of a node after another."""

from __future__ import annotations

import os
import random
import signal
from collections import Counter
from contextlib import suppress
from threading import Event, Thread
from types import TracebackType

from tests.network import Network, _children, _comm, _port_answers, until

PARTS = ("relay", "clock", "door", "visitors")  # "visitors": the process behind the door that keeps what comes


class Killer:
    """For as long as the block lasts, some part of these nodes is killed every now and then.

    The supervisor starts them again, each time with a longer pause while they die young; the operator who starts a
    dead supervisor again is here too, and begins those pauses anew.
    """

    def __init__(self, network: Network, seed: int, *codes: str, pause: tuple[float, float] = (0.3, 2.5)) -> None:
        self.network, self.codes, self.pause = network, codes or tuple(network.nodes), pause
        self.killed: Counter[str] = Counter()
        self._chance = random.Random(seed)  # noqa: S311 (no secret)
        self._stop = Event()
        self._failure: BaseException | None = None
        self._thread = Thread(target=self._work, name="killer")

    def __enter__(self) -> Killer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()
        print(f"killed: {dict(sorted(self.killed.items()))}, {self.killed.total()} in all")
        if self._failure is not None and error is None:
            raise self._failure

    def _work(self) -> None:
        try:
            while not self._stop.wait(self._chance.uniform(*self.pause)):
                self._kill(self._chance.choice(self.codes), self._chance.choice(PARTS))
        except BaseException as error:
            self._failure = error

    def _kill(self, code: str, part: str) -> None:
        parts = self.network.node(code).parts
        if part == "visitors":
            pids = _children(parts["door"]) if "door" in parts else []
        else:
            pids = [parts[part]] if part in parts else []
            pids += _children(parts["door"]) if part == "door" and pids else []
        for pid in pids:
            if _comm(pid).startswith("ilex-"):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        if pids:
            self.killed[f"{code} {part}"] += 1

    def kill_supervisor(self, code: str) -> None:
        """The whole node at once, and an operator who starts it again."""
        node = self.network.node(code)
        assert node.process is not None
        self.network.kill(code, "supervisor")
        node.process.wait()
        self.killed[f"{code} supervisor"] += 1
        for place in (node.pages, node.door):
            until(lambda place=place: not _port_answers(place), f"the rest of {code} to end")  # type: ignore[misc]
        self.network.start(code)
