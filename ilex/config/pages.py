"""The pages' server: gunicorn with threads, on a socket that the supervisor has bound."""

from __future__ import annotations

import gc
import os
import socket
from typing import Any

from gunicorn.app.base import BaseApplication

from ilex.config.stop import Stop

THREADS = 4
MADE = 20_000  # things that a worker makes before it looks for rings of forgotten ones: about those of one page


class _Pages(BaseApplication):  # type: ignore[misc]  # gunicorn publishes no types
    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings = settings
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        from django.urls import get_resolver  # late: only this part needs the pages, and its workers share them

        from ilex.config.wsgi import pages

        _ = get_resolver().url_patterns
        gc.collect()
        gc.freeze()
        gc.set_threshold(MADE)
        return pages


def serve(listener: socket.socket, workers: int, stop: Stop) -> None:
    """Answer the officers' browsers until a signal comes; gunicorn listens for it itself."""
    if stop.is_set():
        return
    settings = {
        "bind": f"fd://{listener.fileno()}",
        "workers": workers,
        "threads": THREADS,
        "worker_class": "gthread",
        "preload_app": True,
        "control_socket_disable": True,
        "worker_tmp_dir": "/dev/shm" if os.path.isdir("/dev/shm") else None,  # noqa: S108 (gunicorn makes its own file there)
        "graceful_timeout": 20,
        "timeout": 60,
        "keepalive": 15,
        "loglevel": "warning",
        "errorlog": "-",
    }
    _Pages(settings).run()
