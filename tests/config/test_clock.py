from __future__ import annotations

from threading import Event

import pytest

from ilex.config import clock
from ilex.config.clock import Job
from ilex.config.stop import Stop


@pytest.mark.django_db(transaction=True)  # the clock closes its connections at the end
def test_job_that_fails_holds_no_other_up(caplog: pytest.LogCaptureFixture) -> None:
    stop = Stop()
    turns = 0

    def fail() -> None:
        raise ValueError("Петар Петровић")

    def count() -> None:
        nonlocal turns
        turns += 1
        if turns == 3:
            stop.set()

    clock.run(stop, [Job("failing", 0.01, fail), Job("counting", 0.01, count)])
    assert turns == 3
    assert "failing failed: ValueError" in caplog.text
    assert "Петар" not in caplog.text


def test_job_with_more_to_do_is_called_again_at_once() -> None:
    job = Job("hand over", 3600.0, lambda: True)
    job.turn(100.0)
    assert job.due == 100.0


@pytest.mark.django_db
def test_job_that_fails_again_and_again_is_called_ever_less_often() -> None:
    job = Job("failing", 1.0, lambda: 1 / 0)
    pauses = []
    for _ in range(10):
        job.turn(0.0)
        pauses.append(job.due)
    assert pauses[:3] == [2.0, 4.0, 8.0]
    assert pauses[-1] == clock.LONGEST_PAUSE


def test_job_that_works_again_keeps_its_interval() -> None:
    job = Job("mending", 1.0, lambda: None, failures=5)
    job.turn(0.0)
    assert job.due == 1.0


def test_clock_of_a_node_hands_over_and_rings() -> None:
    names = [job.name for job in clock.jobs()]
    assert {"hand over", "legal clocks", "journal", "gate"} <= set(names)
    assert "practice" not in names


@pytest.mark.django_db(transaction=True)
def test_job_that_takes_long_holds_no_other_up() -> None:
    stop, gone_on = Stop(), Event()
    turns = 0

    def wait() -> None:
        gone_on.wait(60)

    def count() -> None:
        nonlocal turns
        turns += 1
        if turns == 3:
            gone_on.set()
            stop.set()

    clock.run(stop, [Job("reading", 0.01, wait, aside=True), Job("counting", 0.01, count)])
    assert turns == 3
