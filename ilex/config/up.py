"""One supervisor for a whole node: starts its parts as processes, starts again what dies, stops all calmly."""

from __future__ import annotations

import errno
import fcntl
import gc
import os
import signal
import socket
import stat
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from django.db import connections

from ilex.config import clock, database, foundation, pages, process
from ilex.config.node import Node, NodeError, address
from ilex.config.stop import Stop
from ilex.gate import door, relay
from ilex.library.site.starting import become_server

PARTS = ("pages", "door", "relay", "clock", "site")  # the last one only where the node names an address for it
QUIET = 60.0  # seconds: a part that lived longer is started again without a pause
PAUSES = (0.1, 1.0, 2.0, 5.0, 10.0, 30.0)
PATIENCE = 25.0  # seconds that a part has for what it has begun
log = process.logger("up")


@dataclass
class Part:
    name: str
    run: Callable[[Stop], None]
    wanted: Callable[[], bool] | None = None  # of an errand: when to start it; it ends by itself. Else: always
    pid: int = 0  # 0: not running
    began: float = 0.0
    again: float = 0.0  # when to start it, while it does not run
    deaths: int = 0


def up(node: Node, only: Sequence[str] = PARTS, workers: int = 2) -> None:
    """Run the node until SIGTERM or Ctrl-C. Raises NodeError when it cannot begin; then nothing has changed."""
    stop = Stop()
    stop.on_signals()
    only = _here(node, only)
    with _alone(node), _listeners(node, only) as listeners:
        foundation.prepare(node, say=log.info)
        if not stop.is_set():
            log.info("%s is up: %s.", node.unit, _places(node, only))
            Supervisor(_parts(node, only, workers, listeners), stop).run()
            log.info("%s has stopped.", node.unit)


def _here(node: Node, only: Sequence[str]) -> Sequence[str]:
    """Those of the parts that this node has: the public site is served only where an address is named for it."""
    if not (kept := [name for name in only if name != "site" or node.site]):
        raise NodeError("This node names no address for the public site: set site in node.toml, or ILEX_SITE.")
    return kept


def _places(node: Node, only: Sequence[str]) -> str:
    places = {
        "pages": f"pages at {node.public or node.pages}",
        "door": f"peers' door at {node.endpoint or node.door}",
        "site": f"public site at {node.site}",
    }
    return ", ".join(places.get(name, name) for name in PARTS if name in only)


def _parts(node: Node, only: Sequence[str], workers: int, listeners: dict[str, socket.socket]) -> list[Part]:
    every: dict[str, Callable[[Stop], None]] = {
        "pages": lambda stop: pages.serve(listeners["pages"], workers, stop),
        "door": lambda stop: _door(node, listeners),
        "relay": relay.run,
        "clock": lambda stop: _clock(node, stop),
        "site": lambda stop: become_server(node.folder / "site", listeners["site"].fileno()),
    }
    parts = [Part(name, every[name]) for name in PARTS if name in only]
    return [*([_database(node)] if node.embedded else []), *parts]


def _database(node: Node) -> Part:
    """Nobody else starts the embedded server again when it died. The parts wait for it and go on by themselves."""

    def start(stop: Stop) -> None:
        log.warning("The database has ended; starting it again.")
        database.start(node.folder, durable=not node.testing)
        log.info("The database runs again.")

    return Part("database", start, wanted=lambda: not database.running(node.folder))


def _door(node: Node, listeners: dict[str, socket.socket]) -> None:
    """It hears the signals itself. Behind a proxy, on a Unix socket, it makes its own and speaks no TLS."""
    door.serve(f"fd://{listeners['door'].fileno()}" if "door" in listeners else node.door)


def _clock(node: Node, stop: Stop) -> None:
    supervisor = os.getppid()
    clock.run(stop)
    if os.getppid() != supervisor and node.embedded:
        _stop_database_last(node)


def _stop_database_last(node: Node) -> None:
    """The supervisor was killed and cannot do it. Wait for the other parts, which end as well, then for nobody."""
    database.no_longer_used_here()
    deadline = time.monotonic() + PATIENCE
    while not database.stop_unused(node.folder) and time.monotonic() < deadline:
        time.sleep(0.2)


class Supervisor:
    def __init__(self, parts: list[Part], stop: Stop) -> None:
        self.parts = parts
        self.stop = stop

    def run(self) -> None:
        _share_memory()
        while not self.stop.is_set():
            for part in self.parts:
                if not part.pid and time.monotonic() >= part.again and (part.wanted is None or part.wanted()):
                    _start(part)
            self.stop.wait(0.2)
            self._notice_deaths()
        self._end_all()

    def _notice_deaths(self) -> None:
        for part in self.parts:
            if part.pid and (status := _ended(part.pid)) is not None:
                lived = time.monotonic() - part.began
                part.deaths = 0 if lived > QUIET else part.deaths + 1
                pause = PAUSES[min(part.deaths, len(PAUSES)) - 1] if part.deaths else PAUSES[0]
                part.pid, part.again = 0, time.monotonic() + pause
                if part.wanted is not None and not status:
                    part.deaths = 0  # the errand is done
                elif not self.stop.is_set():
                    log.warning("%s ended (%s); starting it again in %g s.", part.name, _why(status), pause)

    def _end_all(self) -> None:
        running = [part for part in self.parts if part.pid]
        for part in running:
            _signal(part.pid, signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        while any(part.pid for part in running):
            if time.monotonic() > deadline:
                for part in running:
                    if part.pid:
                        log.warning("%s did not end in %g s and was killed.", part.name, PATIENCE)
                        _signal(part.pid, signal.SIGKILL)
                deadline = float("inf")
            time.sleep(0.02)
            self._notice_deaths()


def _start(part: Part) -> None:
    _flush()
    supervisor = os.getpid()
    pid = os.fork()
    if pid:
        part.pid, part.began = pid, time.monotonic()
        return
    status = 1
    try:
        process.name(f"ilex-{part.name}")
        stop = Stop()
        stop.on_signals()
        process.end_with(supervisor)
        part.run(stop)
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    except BaseException as error:
        log.error("%s failed: %s", part.name, process.where(error))
    finally:
        # Not sys.exit: what the supervisor wants done at its own end must not be done by a child.
        _flush()
        os._exit(status)


def _flush() -> None:
    """Where the disk of the log is full its lines are lost; the node goes on."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.flush()


def _share_memory() -> None:
    """Keep the collector from touching what every part has from here, once they are forked."""
    connections.close_all()
    gc.collect()
    gc.freeze()


def _ended(pid: int) -> int | None:
    try:
        found, status = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return 0
    return status if found else None


def _why(status: int) -> str:
    if os.WIFSIGNALED(status):
        return f"killed by signal {os.WTERMSIG(status)}"
    return f"status {os.waitstatus_to_exitcode(status)}"


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


@contextmanager
def _alone(node: Node) -> Iterator[None]:
    """One `ilex up` for one folder: a second one would stop the database under the first."""
    if not node.embedded:
        yield
        return
    with (node.folder / "up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise NodeError(f"The node in {node.folder} is up already.") from error
        yield


@contextmanager
def _listeners(node: Node, only: Sequence[str]) -> Iterator[dict[str, socket.socket]]:
    """Sockets are bound here and handed to the parts: a part that is started again loses no connection."""
    wanted = {"pages": node.pages, "door": node.door, "site": node.site}
    bound: dict[str, socket.socket] = {}
    try:
        for name, text in wanted.items():
            if name in only and not (name == "door" and text.startswith("unix:")):
                bound[name] = listen(name, text)
        yield bound
    finally:
        for listener in bound.values():
            listener.close()


def listen(name: str, text: str) -> socket.socket:
    """A listening socket at `host:port` or `unix:/path`. Raises NodeError when it cannot be had."""
    place = address(text)
    try:
        return _listen_unix(Path(place)) if isinstance(place, str) else _listen_tcp(place)
    except OSError as error:
        raise NodeError(f"The {name} cannot listen at {text}: {error.strerror or error}.") from error


def _listen_tcp(place: tuple[str, int]) -> socket.socket:
    family = socket.AF_INET6 if ":" in place[0] else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Each line that comes in has it from here; else a page waits behind its own headers, 40 ms, for the browser's word.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return _bound(listener, place)


def _listen_unix(path: Path) -> socket.socket:
    if path.exists() and stat.S_ISSOCK(path.lstat().st_mode):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as visitor:
            if visitor.connect_ex(str(path)) == 0:
                raise OSError(errno.EADDRINUSE, "another program listens there")
        path.unlink()  # left over by one that was killed
    listener = _bound(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM), str(path))
    path.chmod(0o660)  # the proxy's group
    return listener


def _bound(listener: socket.socket, place: tuple[str, int] | str) -> socket.socket:
    try:
        listener.bind(place)
        listener.listen(1024)
    except OSError:
        listener.close()
        raise
    return listener
