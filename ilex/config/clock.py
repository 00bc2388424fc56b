"""The clock of a node: what has to happen by itself, each at its own interval, in one process.

Two clocks on two machines do no harm: every job claims its rows.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread

from django.conf import settings
from django.core.management import call_command
from django.db import connections

from ilex.cases import actions as cases
from ilex.config.process import logger, where
from ilex.config.stop import Stop
from ilex.crosscheck import jobs as lookups
from ilex.desk import searches
from ilex.documents import jobs as documents
from ilex.exchange import clock as legal_clock
from ilex.exchange import practice
from ilex.gate import actions as gate
from ilex.gate.leftovers import clear_leftovers
from ilex.holdings import jobs as holdings
from ilex.holdings.actions import erase_ended
from ilex.journal import actions as journal
from ilex.library.actions.feeds import fetch_due
from ilex.library.site.writing import write_site
from ilex.programme.actions.comparing import compare_due
from ilex.programme.actions.erasing import erase_due
from ilex.subjects.actions import trials

BATCH = 100
LAST_WAIT = 5.0  # seconds for a job in its own thread to end
LONGEST_PAUSE = 60.0  # seconds, for a job that fails again and again
log = logger("clock")


@dataclass
class Job:
    """`run` is called again at once while it returns True: more is waiting."""

    name: str
    every: float  # seconds
    run: Callable[[], object]
    aside: bool = False  # may take minutes: a thread of its own, so that nothing waits for it
    due: float = 0.0
    failures: int = field(default=0, repr=False)

    def turn(self, now: float) -> None:
        try:
            more = self.run() is True
            self.failures = 0
        except Exception as error:
            self.failures += 1
            more = False
            log.error("%s failed: %s", self.name, where(error))
            _forget_broken_connections()
        pause = min(self.every * 2**self.failures, max(LONGEST_PAUSE, self.every))
        self.due = now if more else now + pause


def jobs() -> list[Job]:
    turns = [
        Job("hand over", 0.25, lambda: gate.hand_over(BATCH) == BATCH),
        Job("journal", 1, journal.grow),
        Job("legal clocks", 5, legal_clock.ring),
        Job("cases that rest", 60, cases.wake),
        Job("kept searches", 60, searches.look),
        Job("gate", 60, gate.sweep),
        Job("files not taken in", 3600, trials.sweep),
        Job("left over files", 24 * 3600, clear_leftovers),
        Job("looks on arrival", 1, lookups.on_arrival, aside=True),
        Job("files of subjects", 2, lookups.index_files, aside=True),
        Job("standing watches", 5, lookups.ask_again, aside=True),
        Job("old looks", 24 * 3600, lookups.forget_looks),
        Job("documents", 2, lambda: documents.check_and_read(1), aside=True),
        Job("holdings", 5, lambda: holdings.tidy(1), aside=True),
        Job("holdings that end", 3600, erase_ended, aside=True),
        Job("nominations whose time is over", 3600, erase_due),
        Job("agreements to compare", 3600, compare_due),
        Job("feeds", 60, fetch_due, aside=True),
        Job("public site", 10, write_site, aside=True),
        Job("old sessions", 3600, lambda: call_command("clearsessions")),
    ]
    if settings.ILEX_PRACTICE:
        turns.append(Job("practice", 1, practice.practise))
    return turns


def run(stop: Stop, turns: Iterable[Job] | None = None) -> None:
    turns = list(turns if turns is not None else jobs())
    with _aside(stop, [job for job in turns if job.aside]):
        _take_turns(stop, [job for job in turns if not job.aside])


@contextmanager
def _aside(stop: Stop, turns: list[Job]) -> Iterator[None]:
    """Each of these in a thread of its own. One that is busy at the end is left: its rows are leased."""
    threads = [Thread(target=_take_turns, args=(stop, [job]), name=job.name, daemon=True) for job in turns]
    for thread in threads:
        thread.start()
    yield
    for thread in threads:
        thread.join(LAST_WAIT)


def _take_turns(stop: Stop, turns: list[Job]) -> None:
    while turns and not stop.is_set():
        now = time.monotonic()
        for job in turns:
            if job.due <= now and not stop.is_set():
                job.turn(now)
        soonest = min(job.due for job in turns)
        stop.wait(max(0.0, min(soonest - time.monotonic(), 1.0)))
    connections.close_all()


def _forget_broken_connections() -> None:
    for connection in connections.all(initialized_only=True):
        connection.close_if_unusable_or_obsolete()
