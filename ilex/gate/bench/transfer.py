"""One attachment between two real processes over mutual TLS, through a wire that is cut on the way.

Each side runs in processes of its own with its own folder and keys; the receiving one has a database. Steps and
measurements go through files of the bench's folder, so that nothing but the transfer itself is timed.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ilex.gate.bench.wire import Wire

PATIENCE = 60.0  # seconds for a side to get ready
SIDES = {"sender": "bench-a", "receiver": "bench-b"}


@dataclass(frozen=True)
class Transfer:
    size: int  # bytes of the plain file
    cuts: int  # how often the wire broke
    seconds: float  # from the first byte to the answer that it is whole and on the disk
    wire: int  # bytes that went towards the door
    sealed_in: float  # seconds for sealing the file into the store before
    sender_memory: int  # bytes, the most that the sending process held, sealing or sending
    door_memory: int  # bytes, the most that the door's process held

    @property
    def rate(self) -> float:
        """MiB in a second."""
        return self.size / 2**20 / self.seconds


def transfer(size: int, cuts: int, *, folder: Path, database: str) -> Transfer:
    """Send `size` random bytes while the line breaks `cuts` times.

    `folder` is an empty one on the disk to be measured; `database` is the URL of an empty database for the
    receiving side.
    """
    bench = _Bench(folder, database)
    bench.run("receiver", "prepare")
    sealed = bench.run("sender", "prepare", size)
    bench.run("receiver", "pair")
    with bench.door() as (port, process):
        step = sealed["sealed_size"] // (cuts + 1)
        wire = Wire(port, [step] * cuts)
        with closing(wire):
            sent = bench.run("sender", "send", wire.port)
        memory = max(_peak(pid) for pid in _children(process.pid))
    return Transfer(
        size=size,
        cuts=cuts - len(wire.cuts),
        seconds=sent["seconds"],
        wire=wire.carried,
        sealed_in=sealed["seconds"],
        sender_memory=max(sealed["memory"], sent["memory"]),
        door_memory=memory,
    )


class _Bench:
    def __init__(self, folder: Path, database: str) -> None:
        self.folder = folder
        self.database = database

    def run(self, side: str, step: str, *arguments: object) -> dict[str, Any]:
        done = subprocess.run(  # noqa: S603  # our own program
            self._command(side, step, *arguments), env=self._environment(side), capture_output=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"The {side} could not {step}: {done.stderr.decode(errors='replace')[-2000:]}")
        return json.loads(done.stdout.splitlines()[-1])  # type: ignore[no-any-return]

    @contextmanager
    def door(self) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = int(free.getsockname()[1])
        command, environment = self._command("receiver", "serve", port), self._environment("receiver")
        process = subprocess.Popen(command, env=environment)  # noqa: S603  # our own program
        try:
            _wait_for(port, process)
            yield port, process
        finally:
            process.terminate()
            process.wait(PATIENCE)

    def _command(self, *words: object) -> list[str]:
        program = "import sys, django; django.setup(); from ilex.gate.bench import sides; sides.run(*sys.argv[1:])"
        return [sys.executable, "-c", program, *(str(word) for word in (*words[:2], self.folder, *words[2:]))]

    def _environment(self, side: str) -> dict[str, str]:
        own = {
            "ILEX_HOME": str(self.folder / side),
            "ILEX_UNIT": SIDES[side],
            "DATABASE_URL": self.database,
            "DJANGO_SETTINGS_MODULE": "ilex.config.settings",
            "ILEX_SECRET": "bench",
        }
        return {**os.environ, **own}


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("The door of the bench did not open.")


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [pid, *(int(child) for child in listed.split())]


def _peak(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024
