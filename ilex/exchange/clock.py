"""The loop that tells people in time: half of the limit used, four fifths, missed."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.timezone import now

from ilex.exchange import rules
from ilex.exchange.models import ClockMove, Request
from ilex.gate.failures import kind_and_place
from ilex.journal.actions import write
from ilex.journal.models import Operation

BATCH = 200
PAUSE = timedelta(minutes=5)  # before a request that could not be told of is tried again

log = logging.getLogger(__name__)


def ring(at: datetime | None = None, limit: int = BATCH) -> int:
    """Write the warnings that are due and set the next; returns how many were written.

    Each request has a transaction of its own, so one that fails holds nobody up: it is put off. After a pause of
    the node only the newest warning of each request is written. Several processes may ring at once.
    """
    at = at or now()
    due = Request.objects.filter(alarm_at__lte=at).order_by("alarm_at").values_list("pk", flat=True)
    return sum(_ring_alone(pk, at) for pk in list(due[:limit]))


def _ring_alone(pk: UUID, at: datetime) -> bool:
    try:
        with transaction.atomic():
            return _tell(pk, at)
    except Exception as error:
        log.error("The clock of request %s could not be read: %s", pk, kind_and_place(error))
        _put_off(pk, at)
        return False


def _tell(pk: UUID, at: datetime) -> bool:
    request = Request.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=pk, alarm_at__lte=at).first()
    if request is None or request.received_at is None or request.due_at is None:
        return False
    moments = rules.alarm_moments(request.received_at, request.due_at, request.suspended)
    alarm, moment = rules.next_alarm(moments, request.alarm, at)
    if moment is not None and moment > at:  # the deadline was moved since
        _wind(request, alarm, moment, at)
        return False
    if moment is None:
        _wind(request, "", None, at)
        return False
    following = next((later for later in rules.ALARMS if moments[later] > at), "")
    _wind(request, following, moments.get(following), at)
    if alarm == rules.MISSED:
        Request.objects.filter(pk=pk).update(missed_at=request.due_at)
    ClockMove.objects.create(request=request, kind=alarm, at=moment, due_at=request.due_at, reason=alarm)
    return True


def _wind(request: Request, alarm: str, alarm_at: datetime | None, at: datetime) -> None:
    """Set what is told next; the guard: only if nobody else did."""
    waiting = Request.objects.filter(pk=request.pk, alarm_at=request.alarm_at)
    if not waiting.update(alarm=alarm, alarm_at=alarm_at):
        raise rules.somebody_was_faster()
    told = f"clock.{request.alarm or 'wound'}"
    write(told, Operation.OPERATION, by=None, on=("request", str(request.pk)), due_at=request.due_at, rung_at=at)


def _put_off(pk: UUID, at: datetime) -> None:
    with transaction.atomic():
        Request.objects.filter(pk=pk, alarm_at__lte=at).update(alarm_at=at + PAUSE)
        write("clock.put-off", Operation.OPERATION, by=None, on=("request", str(pk)))
