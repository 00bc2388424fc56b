"""The clock of a request, computed anew from what was said whenever something was said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from ilex.exchange import changes, rules
from ilex.exchange.models import ClockMove, Entry, Request, State, Way
from ilex.exchange.rules import Clock, Delay, Facts
from ilex.units import queries as units
from ilex.units.models import Organisation
from ilex.words import law

COUNTED = ("request", "question", "clarification", "delay", "answer", "refusal", "information")


@dataclass
class Said:
    """What was said about a request so far, as far as the clock and the state depend on it."""

    questions: dict[UUID, datetime | None] = field(default_factory=dict)
    replies: dict[UUID, datetime | None] = field(default_factory=dict)
    delay: Delay | None = None
    delay_reason: str = ""
    settled_at: datetime | None = None
    answered: bool = False
    recalled_at: datetime | None = None
    worked: bool = False

    @property
    def settled_as(self) -> str:
        if self.settled_at is None:
            return ""
        return State.ANSWERED if self.answered else State.REFUSED

    @property
    def question_open(self) -> bool:
        return any(question not in self.replies for question in self.questions)


def said_about(request: Request) -> Said:
    said = Said()
    for entry in request.entries.filter(kind__in=COUNTED).order_by("at", "id"):
        if entry.recalled_at is None:
            _count(said, request, entry)
        elif entry.kind in (Entry.Kind.REQUEST, Entry.Kind.INFORMATION):
            said.recalled_at = entry.recalled_at
    return said


def _count(said: Said, request: Request, entry: Entry) -> None:
    match entry.kind:
        case Entry.Kind.QUESTION:
            said.questions[entry.pk] = entry.reached_at
        case Entry.Kind.CLARIFICATION:
            for question in entry.details.get("questions", []):
                said.replies.setdefault(UUID(question), entry.reached_at)
        case Entry.Kind.DELAY if entry.expected_at:
            said.delay = Delay(entry.reached_at or entry.at, entry.expected_at)
            said.delay_reason = entry.reasons
        case Entry.Kind.ANSWER:
            said.answered |= entry.stage != "interim"
    if entry.settles and said.settled_at is None:
        said.settled_at = entry.at
    said.worked |= request.way == Way.IN and entry.way == Way.OUT


# --- starting ---


def limit_of(request: Request) -> law.Limit:
    return law.profile(request.profile).limit(
        urgent=bool(request.urgency),
        access=cast(law.Access, str(request.access)),
        listed=bool(request.offences),
    )


def zone_of(request: Request, here: Organisation | None = None) -> str:
    """Days are counted where the answer has to be given, on both sides."""
    requested = (here or units.here()) if request.way == Way.IN else request.partner
    return requested.place.zone if requested.place and requested.place.zone else "UTC"


def set_limit(request: Request, received_at: datetime, here: Organisation | None = None) -> None:
    """Set, in memory, the deadline that the law gives when the request is received at this moment."""
    limit = limit_of(request)
    due = law.deadline(limit, received_at, zone_of(request, here))
    request.first_due_at = request.limit_at = request.due_at = due
    request.due_reason = limit.source[:300]


def begin(request: Request, received_at: datetime, at: datetime, here: Organisation | None = None) -> None:
    """Let the clock of a request that is not saved yet run from `received_at`. `started` writes it down."""
    set_limit(request, received_at, here)
    due_at = request.due_at or received_at
    request.received_at = received_at
    moments = rules.alarm_moments(received_at, due_at, timedelta())
    request.alarm, request.alarm_at = rules.next_alarm(moments, rules.HALF, at)


def started(request: Request, reason: str) -> None:
    if request.received_at is not None:
        _note_move(request, ClockMove.Kind.STARTED, request.received_at, reason, request.due_reason)


def start(request: Request, received_at: datetime, reason: str) -> None:
    """The partner has our request: from here the time runs. The caller reckons afterwards."""
    set_limit(request, received_at)
    _write(request, received_at=received_at, **_limit_columns(request), alarm=rules.HALF)
    started(request, reason)


def _limit_columns(request: Request) -> dict[str, Any]:
    return {name: getattr(request, name) for name in ("first_due_at", "limit_at", "due_at", "due_reason")}


def change_access(request: Request, access: str, at: datetime, why: str) -> None:
    """The limit is another one when the information can be reached otherwise than was thought."""
    request.access = access
    if request.received_at is None:
        set_limit(request, request.made_at)
        _write(request, access=access, **_limit_columns(request))
        return
    set_limit(request, request.received_at)
    _write(request, access=access, **_limit_columns(request))
    reckon(request, at)
    _note_move(request, ClockMove.Kind.MOVED, at, "access", why)


# --- reckoning ---


def reckon(request: Request, at: datetime) -> None:
    """Bring clock and state to what was said; write each change of the clock as a move.

    The caller holds the lock on the request's row. Nothing depends on the order in which words and receipts came,
    so both sides arrive at the same moments.
    """
    said = said_about(request)
    columns: dict[str, Any] = {"state": _state(request, said), "recalled_at": said.recalled_at}
    if request.kind == Request.Kind.REQUEST and request.first_due_at:
        clock = _clock(request, request.first_due_at, said)
        moves = list(_moves(request, said, clock, at))
        columns |= _clock_columns(request, said, clock, at, columns["state"])
        ClockMove.objects.bulk_create(moves)
    recalled = said.recalled_at is not None and request.recalled_at is None
    _write(request, **columns)
    if recalled:
        changes.tell_recalled(request)


def _state(request: Request, said: Said) -> str:
    facts = Facts(
        way=request.way,
        recalled=said.recalled_at is not None,
        closed=request.closed_at is not None,
        settled_as=said.settled_as,
        question_open=said.question_open,
        judicial=said.delay is not None,
        partly=said.answered,
        taken=request.owner_id is not None or said.worked,
    )
    return rules.state_of(facts)


def _clock(request: Request, first_due_at: datetime, said: Said) -> Clock:
    stops_clock = law.profile(request.profile).suspension is not None
    stops = rules.stops(said.questions, said.replies) if stops_clock else []
    return rules.clock(first_due_at, stops, said.delay)


def _clock_columns(request: Request, said: Said, clock: Clock, at: datetime, state: str) -> dict[str, Any]:
    over = state in (State.ANSWERED, State.REFUSED, State.RECALLED, State.CLOSED)
    alarm, alarm_at = request.alarm, None
    if request.received_at and not over and not clock.stopped_at:
        moments = rules.alarm_moments(request.received_at, clock.due_at, clock.suspended)
        alarm, alarm_at = rules.next_alarm(moments, request.alarm, at)
    return {
        "limit_at": clock.limit_at,
        "due_at": clock.due_at,
        "stopped_at": None if over else clock.stopped_at,
        "suspended": clock.suspended,
        "judicial_until": said.delay.expected_at if said.delay else None,
        "settled_at": said.settled_at,
        "settled_as": said.settled_as,
        "alarm": alarm,
        "alarm_at": alarm_at,
        "missed_at": request.missed_at if clock.due_at <= at else None,
    }


def _moves(request: Request, said: Said, clock: Clock, at: datetime) -> Iterable[ClockMove]:
    def move(kind: ClockMove.Kind, when: datetime, reason: str, note: str = "") -> ClockMove:
        return ClockMove(request=request, kind=kind, at=when, due_at=clock.due_at, reason=reason, note=note[:300])

    if said.settled_at and not request.settled_at:
        yield move(ClockMove.Kind.SETTLED, said.settled_at, said.settled_as)
    elif said.recalled_at and not request.recalled_at:
        yield move(ClockMove.Kind.SETTLED, said.recalled_at, "recalled")
    elif request.closed_at and request.state not in (State.CLOSED, State.ANSWERED, State.REFUSED, State.RECALLED):
        yield move(ClockMove.Kind.SETTLED, request.closed_at, "closed")
    elif request.settled_at and not said.settled_at:
        yield move(ClockMove.Kind.REOPENED, at, "reopened")
    elif clock.stopped_at and not request.stopped_at:
        yield move(ClockMove.Kind.STOPPED, clock.stopped_at, "question")
    elif request.stopped_at and not clock.stopped_at:
        restarted_at = request.stopped_at + (clock.suspended - request.suspended)
        yield move(ClockMove.Kind.RESTARTED, restarted_at, "clarification")
    elif clock.suspended != request.suspended:
        yield move(ClockMove.Kind.MOVED, at, "stood")
    expected_at = said.delay.expected_at if said.delay else None
    if expected_at != request.judicial_until and expected_at:
        yield move(ClockMove.Kind.MOVED, at, "judicial", said.delay_reason)


def _note_move(request: Request, kind: ClockMove.Kind, at: datetime, reason: str, note: str = "") -> None:
    ClockMove.objects.create(request=request, kind=kind, at=at, due_at=request.due_at, reason=reason, note=note[:300])


def _write(request: Request, **columns: Any) -> None:
    """One guarded statement: if another process was faster, nothing is written."""
    if not Request.objects.filter(pk=request.pk, state=request.state).update(**columns):
        raise rules.somebody_was_faster()
    for name, value in columns.items():
        setattr(request, name, value)
