"""Telling the requester that a judicial authorisation takes longer than the limit: Art. 5(2)."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.exchange.actions import approved, clockwork
from ilex.exchange.actions.entries import locked, say, written
from ilex.exchange.messages import DelayBody
from ilex.exchange.models import Entry, Request
from ilex.exchange.rules import Invalid
from ilex.gate.fields import to_the_millisecond
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.units.models import Officer


def delay(
    officer: Officer, request: Request, reason: str, expected_at: datetime, *, said_at: datetime | None = None
) -> Entry:
    """Give notice of the delay, its reason and its expected end. The first deadline is kept beside the new one."""
    reason = written("reason", reason, _("Say why the authorisation is needed and takes time."))
    if expected_at <= now():
        raise Invalid({"expected_at": _("The expected moment must lie in the future.")})
    expected_at = to_the_millisecond(expected_at)
    with act("request.delay", Operation.DISCLOSURE, by=officer, on=("request", str(request.pk))) as this:
        this.detail |= approved.named()
        row = locked(officer, "delay", request)
        this.recipients, this.reason = [row.partner_id], reason[:500]
        body = DelayBody(agent=officer.function, reason=reason, expected_at=expected_at)
        entry = say(row, Entry.Kind.DELAY, body, by=officer, said_at=said_at, reasons=reason, expected_at=expected_at)
        clockwork.reckon(row, now())
        this.detail |= {"expected_at": expected_at, "due_at": row.due_at}
    return entry
