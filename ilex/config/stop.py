"""The wish to stop, as a signal sets it and a loop waits for it."""

from __future__ import annotations

import os
import select
import signal
import threading
from types import FrameType


class Stop(threading.Event):
    """An event that a signal may set at any instant.

    The one of the standard library takes a lock in `set` and in `wait`: a signal that comes while the main
    thread is between the two would wait for itself for ever. A pipe has no such moment.
    """

    def __init__(self) -> None:
        super().__init__()
        self._wished = False
        self._out, self._in = os.pipe()
        os.set_blocking(self._in, False)

    def is_set(self) -> bool:
        return self._wished

    def set(self) -> None:
        if not self._wished:
            self._wished = True
            os.write(self._in, b"s")  # never read: from now on every wait returns at once

    def wait(self, timeout: float | None = None) -> bool:
        if not self._wished:
            select.select([self._out], [], [], timeout)
        return self._wished

    def on_signals(self) -> None:
        """Ctrl-C and SIGTERM mean: finish what is begun, then stop."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.set()
