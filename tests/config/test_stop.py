from __future__ import annotations

import os
import signal
import threading
import time

from ilex.config.stop import Stop


def test_wait_returns_at_once_when_a_signal_comes_meanwhile() -> None:
    stop = Stop()
    before = signal.getsignal(signal.SIGTERM)
    try:
        stop.on_signals()
        threading.Timer(0.1, lambda: os.kill(os.getpid(), signal.SIGTERM)).start()
        assert stop.wait(30)
    finally:
        signal.signal(signal.SIGTERM, before)


def test_every_wait_after_the_wish_returns_at_once() -> None:
    stop = Stop()
    stop.set()
    stop.set()
    assert stop.wait(30)
    assert stop.wait()


def test_wait_without_a_wish_lasts_and_says_no() -> None:
    began = time.monotonic()
    assert not Stop().wait(0.05)
    assert time.monotonic() - began >= 0.05


def test_threads_that_wait_are_woken_all() -> None:
    stop = Stop()
    woken: list[bool] = []
    threads = [threading.Thread(target=lambda: woken.append(stop.wait(30))) for _ in range(5)]
    for thread in threads:
        thread.start()
    stop.set()
    for thread in threads:
        thread.join(30)
    assert woken == [True] * 5
