"""A wire between a relay and a door that breaks where it is told to."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

PIECE = 2**18


class Wire:
    """Carries what comes to its own `port` on to a door, and breaks after so many bytes towards it."""

    def __init__(self, port: int, cuts: list[int]) -> None:
        """`cuts`: after how many further bytes it breaks; the next cut stands last."""
        self._door = port
        self.cuts = cuts
        self.carried = 0  # bytes towards the door
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._server.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._server.close()

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                client, _address = self._server.accept()
                threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        with client, socket.create_connection(("127.0.0.1", self._door)) as door:
            threading.Thread(target=_back, args=(door, client), daemon=True).start()
            with suppress(OSError):
                self._forward(client, door)
            for side in (client, door):
                with suppress(OSError):
                    side.shutdown(socket.SHUT_RDWR)

    def _forward(self, client: socket.socket, door: socket.socket) -> None:
        while data := client.recv(PIECE):
            if self.cuts and self.cuts[-1] < len(data):
                cut = self.cuts.pop()
                door.sendall(data[:cut])
                self.carried += cut
                return  # both sides see it break in the middle
            if self.cuts:
                self.cuts[-1] -= len(data)
            door.sendall(data)
            self.carried += len(data)


def _back(door: socket.socket, client: socket.socket) -> None:
    with suppress(OSError):
        while data := door.recv(PIECE):
            client.sendall(data)
        client.shutdown(socket.SHUT_WR)
