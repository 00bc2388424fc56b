"""The legal clock: a deadline, the stops that move it, the judicial delay, and when somebody must be told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from ilex.words import law


@dataclass(frozen=True)
class Stop:
    """The clock stands from the moment the requester has our question until his answer reaches us: Art. 6(3)."""

    start: datetime
    end: datetime | None  # none: still open


@dataclass(frozen=True)
class Delay:
    """A judicial authorisation is awaited: Art. 5(2). The newest notice counts."""

    noticed_at: datetime
    expected_at: datetime


@dataclass(frozen=True)
class Clock:
    first_due_at: datetime
    limit_at: datetime
    due_at: datetime
    stopped_at: datetime | None
    suspended: timedelta


def stops(questions: Mapping[UUID, datetime | None], replies: Mapping[UUID, datetime | None]) -> list[Stop]:
    """The stops that questions and their clarifications make.

    `questions` maps each question to the moment at which the requester had it; `replies` the same question to the
    moment at which the clarification reached us. A question whose receipt is not there does not stop the clock.
    """
    made = []
    for question, start in questions.items():
        end = replies.get(question)
        if start is not None and (end is None or end > start):
            made.append(Stop(start, end))
    return made


def merged(several: Iterable[Stop]) -> list[Stop]:
    """Stops in their order, those that overlap made into one: time is suspended once."""
    whole: list[Stop] = []
    for stop in sorted(several, key=lambda one: one.start):
        last = whole[-1] if whole else None
        if last and (last.end is None or stop.start <= last.end):
            end = None if last.end is None or stop.end is None else max(last.end, stop.end)
            whole[-1] = Stop(last.start, end)
        else:
            whole.append(stop)
    return whole


def clock(first_due_at: datetime, several: Iterable[Stop] = (), delay: Delay | None = None) -> Clock:
    """The deadline after suspensions and judicial delay.

    A stop that begins after the deadline moves nothing: what was missed stays missed.
    """
    limit, expected = first_due_at, delay.expected_at if delay else first_due_at
    suspended, stopped_at = timedelta(), None
    for stop in merged(several):
        noticed = delay is not None and delay.noticed_at <= stop.start
        if stop.start >= max(limit, expected if noticed else limit):
            continue
        if stop.end is None:
            stopped_at = stop.start
            break
        length = stop.end - stop.start
        suspended += length
        if stop.start < limit:
            limit += length
        if noticed:
            expected += length
    return Clock(first_due_at, limit, max(limit, expected), stopped_at, suspended)


def time_left(due_at: datetime, stopped_at: datetime | None, at: datetime) -> timedelta:
    """Negative when the deadline is past. A standing clock shows what it showed when it stopped."""
    return due_at - (stopped_at or at)


HALF, LATE, MISSED = "half", "late", "missed"
ALARMS = (HALF, LATE, MISSED)
WARNED: dict[str, frozenset[str]] = {  # who is told, besides the owner
    HALF: frozenset(),
    LATE: frozenset({"duty"}),
    MISSED: frozenset({"duty", "head"}),
}


def alarm_moments(received_at: datetime, due_at: datetime, suspended: timedelta) -> dict[str, datetime]:
    warnings = law.warnings(min(received_at + suspended, due_at), due_at)
    return {HALF: warnings.half, LATE: warnings.late, MISSED: due_at}


def next_alarm(moments: Mapping[str, datetime], pending: str, at: datetime) -> tuple[str, datetime | None]:
    """Which warning is told next, and when. `pending` is the one that was next so far; empty: all were told.

    After a pause of the node only the newest of several that have passed is told, and at once.
    """
    told = ALARMS[: ALARMS.index(pending)] if pending else ALARMS
    passed = [alarm for alarm in ALARMS if moments[alarm] <= at]
    if passed and passed[-1] not in told:
        return passed[-1], moments[passed[-1]]
    for alarm in ALARMS:
        if moments[alarm] > at:
            return alarm, moments[alarm]
    return "", None
