"""A wire between two nodes that fails as wires do: cut, silent, byte by byte, late, or all of it by turns."""

from __future__ import annotations

import selectors
import socket
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event, Thread

from tests.faults.books import Books
from tests.network import Network, free_ports

OPEN, CUT, SILENT, TRICKLE, LATE = "open", "cut", "silent", "trickle", "late"
LATENCY = 5.0  # seconds for question and answer together: the answer comes so late
TICK = 0.001  # seconds between two bytes that trickle
PIECE = 2**16


class Wire:
    """Carries bytes to a door for as long as the block lasts, in the manner that `mode` says at the moment.

    A cut wire breaks what runs and lets nobody in; a silent one takes everything and carries nothing, as a network
    does that lost a route, and carries it on when it is open again.
    """

    def __init__(self, door: str) -> None:
        host, _, port = door.rpartition(":")
        self._door = host, int(port)
        self.mode = OPEN
        self.carried = 0  # bytes
        self.swallowed = False  # something by a silent wire
        self._listener = socket.create_server(("127.0.0.1", free_ports(1)[0]))
        self._stop = Event()
        self._threads = [Thread(target=self._accept, name="wire")]

    @property
    def endpoint(self) -> str:
        return f"https://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Wire:
        self._threads[0].start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def between(self, network: Network, sender: str, receiver: str) -> Wire:
        """From now on `sender` reaches `receiver` over this wire only."""
        changed = Books(network.node(sender)).change(
            "UPDATE gate_peer SET endpoint = %s WHERE unit_id = %s", self.endpoint, network.node(receiver).unit
        )
        assert changed == 1
        return self

    def flap(self, seconds: float, times: int) -> None:
        """Cut and mend it by turns; returns when it is open again."""
        for _turn in range(times):
            self.mode = CUT
            time.sleep(seconds)
            self.mode = OPEN
            time.sleep(seconds)

    def _accept(self) -> None:
        self._listener.settimeout(0.1)
        while not self._stop.is_set():
            with suppress(TimeoutError):
                client, _address = self._listener.accept()
                if self.mode == CUT:
                    client.close()
                    continue
                self._threads.append(Thread(target=self._carry, args=(client,), name="wire line"))
                self._threads[-1].start()

    def _carry(self, client: socket.socket) -> None:
        with client, suppress(OSError), socket.create_connection(self._door) as server:
            for sock in (client, server):
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                sock.setblocking(False)
            ways = [_Way(client, server), _Way(server, client, late=True)]
            with selectors.DefaultSelector() as selector:
                for way in ways:
                    selector.register(way.source, selectors.EVENT_READ, way)
                while not self._stop.is_set() and self.mode != CUT and not all(way.ended for way in ways):
                    self._turn(selector, ways)

    def _turn(self, selector: selectors.BaseSelector, ways: list[_Way]) -> None:
        for key, _events in selector.select(0 if self.mode == TRICKLE else 0.005):
            way: _Way = key.data
            if not way.read():
                selector.unregister(way.source)
        if self.mode == SILENT:
            self.swallowed = self.swallowed or any(way.pieces for way in ways)
        else:
            for way in ways:
                self.carried += way.write(self.mode)
        if self.mode == TRICKLE:
            time.sleep(TICK)


@dataclass
class _Way:
    """One direction of one line: what was read and is not yet written, each piece with its time of arrival."""

    source: socket.socket
    target: socket.socket
    late: bool = False  # whether latency shows in this direction
    pieces: deque[tuple[float, bytes]] = field(default_factory=deque)
    over: bool = False  # the source has said all
    ended: bool = False  # and the target has heard it

    def read(self) -> bool:
        data = self.source.recv(PIECE)
        self.over = not data
        if data:
            self.pieces.append((time.monotonic(), data))
        return not self.over

    def write(self, mode: str) -> int:
        if self.over and not self.pieces and not self.ended:
            self.ended = True
            self.target.shutdown(socket.SHUT_WR)
        if not self.pieces or (mode == LATE and self.late and time.monotonic() - self.pieces[0][0] < LATENCY):
            return 0
        came, data = self.pieces.popleft()
        try:
            written = self.target.send(data[:1] if mode == TRICKLE else data)
        except BlockingIOError:
            written = 0
        if data[written:]:
            self.pieces.appendleft((came, data[written:]))
        return written
