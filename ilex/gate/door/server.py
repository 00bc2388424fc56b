"""The server of the door: gunicorn with mutual TLS; who is paired now is asked anew for each line."""

from __future__ import annotations

import selectors
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from threading import Lock, Thread
from typing import Any

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connections
from django.utils.timezone import now
from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import TConn, ThreadWorker

from ilex.gate import keys
from ilex.gate.door.answers import application
from ilex.gate.models import PeerKey
from ilex.gate.queries import LISTENED_TO, good
from ilex.gate.tls import door_context

FIRST_BYTE = 10.0  # seconds in which a new line must say something
FRESH = 1.0  # seconds for which the list of pins is not read again

SETTINGS: dict[str, Any] = {
    "workers": 1,  # one process: the machine's other core belongs to the database and the pages
    "threads": 8,
    "worker_connections": 1000,
    "keepalive": 90,  # seconds; the relay asks at least each minute
    "timeout": 120,  # seconds in which the worker's own loop must turn
    "graceful_timeout": 10,
    "limit_request_line": 1024,
    "limit_request_fields": 30,
    "limit_request_field_size": 16384,  # a proxy may hand over a whole certificate
    "umask": 0o007,  # of a Unix socket
    "control_socket_disable": True,
    "http_protocols": "h1",
    "loglevel": "warning",
    "errorlog": "-",
    "accesslog": None,
}


def serve(bind: str | None = None) -> None:
    """Serve the door at `bind` (host:port, or unix:/path behind a proxy) until a signal ends this process."""
    connections.close_all()  # the worker is forked from here
    DoorServer(bind or settings.NODE.door).run()


class DoorServer(BaseApplication):  # type: ignore[misc]
    def __init__(self, bind: str) -> None:
        self.bind = bind
        super().__init__()

    def load_config(self) -> None:
        for name, value in SETTINGS.items():
            self.cfg.set(name, value)
        self.cfg.set("bind", self.bind)
        self.cfg.set("worker_class", DoorWorker)
        if not self.bind.startswith("unix:"):
            line = keys.own().line
            self.cfg.set("certfile", str(line.certificate))  # says "TLS"; the context below is what counts
            self.cfg.set("keyfile", str(line.key))
            self.cfg.set("ssl_context", _context_for)

    def load(self) -> Callable[..., Any]:
        return application


class DoorConn(TConn):  # type: ignore[misc]
    """A line whose last bytes are waited for in a thread of its own: gunicorn does it, up to 2 s for each visitor
    who lingers, in the one loop that serves all the others."""

    def close(self, graceful: bool = False) -> None:
        if graceful:
            Thread(target=self._linger, daemon=True).start()
        else:
            super().close()

    def _linger(self) -> None:
        with suppress(OSError):  # the line is gone already
            super().close(True)


class DoorWorker(ThreadWorker):  # type: ignore[misc]
    """A line gets a thread only once it has said something; gunicorn's own waits 5 s in the thread, and eight
    silent strangers would close the door."""

    def accept(self, listener: socket.socket) -> None:
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        self.nr_conns += 1
        conn = DoorConn(self.cfg, client, address, listener.getsockname())
        conn.timeout = time.monotonic() + FIRST_BYTE
        self.pending_conns.append(conn)
        self.poller.register(client, selectors.EVENT_READ, partial(self.on_pending_socket_readable, conn))


class _Pins:
    """The TLS context of the newest pins: a pairing or a renewal counts within a second, without a restart."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._read_at = float("-inf")
        self._of: tuple[str, ...] = ()
        self._context: ssl.SSLContext | None = None

    def context(self) -> ssl.SSLContext:
        with self._lock:
            if self._context is None or time.monotonic() - self._read_at > FRESH:
                self._refresh()
            assert self._context is not None  # noqa: S101
            return self._context

    def _refresh(self) -> None:
        line = keys.own().line
        try:
            pins = _certificates()
        except DatabaseError:
            if self._context is None:
                raise
            return  # who was let in may come in; each request asks again
        of = (line.sha256, *pins)
        if of != self._of or self._context is None:
            self._context, self._of = door_context(line, pins), of
        self._read_at = time.monotonic()


def _certificates() -> list[str]:
    keys_on_line = PeerKey.objects.filter(good(now()), use=PeerKey.Use.TLS, peer__state__in=LISTENED_TO)
    return list(keys_on_line.order_by("kid").values_list("key", flat=True))


_pins = _Pins()


def _context_for(conf: object, default: object) -> ssl.SSLContext:
    close_old_connections()
    return _pins.context()
