"""What the partner's receipts mean here: they start and stop clocks, or tell that something was not taken in."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.timezone import now

from ilex.exchange.actions import clockwork
from ilex.exchange.models import Entry, Request
from ilex.gate.models import Envelope, Receipt
from ilex.journal.actions import write
from ilex.journal.models import Operation

# These reach the other side at a moment that matters to the clock.
TIMED = (Entry.Kind.REQUEST, Entry.Kind.QUESTION, Entry.Kind.CLARIFICATION, Entry.Kind.DELAY)
TIMED_TYPES = {f"exchange.{kind}" for kind in TIMED}
SKEW = timedelta(minutes=5)  # between two units' clocks; a receipt from the future would give its signer time


def on_receipt(envelope: Envelope, receipt: Receipt) -> None:
    if receipt.kind == Receipt.Kind.STORED and envelope.type in TIMED_TYPES:
        _reached(envelope, receipt)
    elif receipt.kind == Receipt.Kind.REFUSED:
        _refused(envelope, receipt)


def _reached(envelope: Envelope, receipt: Receipt) -> None:
    for entry in _entries(envelope, receipt).filter(kind__in=TIMED, reached_at=None):
        at = min(receipt.at, now() + SKEW)
        Entry.objects.filter(pk=entry.pk).update(reached_at=at)
        request = _locked(entry)
        if entry.kind == Entry.Kind.REQUEST and request.received_at is None:
            clockwork.start(request, at, "receipt")
        clockwork.reckon(request, now())
        _line("entry.reached", request, entry, at)


def _refused(envelope: Envelope, receipt: Receipt) -> None:
    """A person must see it: the partner's node kept the message but could not take it in."""
    for entry in _entries(envelope, receipt):
        entry.details["refused"] = receipt.code
        Entry.objects.filter(pk=entry.pk).update(details=entry.details)
        request = _locked(entry)
        if request.unread_since is None:
            Request.objects.filter(pk=request.pk).update(unread_since=now())
        _line("entry.turned-away", request, entry, receipt.at)


def _entries(envelope: Envelope, receipt: Receipt) -> QuerySet[Entry]:
    return Entry.objects.filter(envelope=envelope, request__partner=receipt.peer_id)


def _locked(entry: Entry) -> Request:
    rows = Request.objects.select_for_update(of=("self",), no_key=True).select_related("partner__place", "owner")
    return rows.get(pk=entry.request_id)


def _line(act: str, request: Request, entry: Entry, at: datetime) -> None:
    write(act, Operation.OPERATION, by=None, on=("request", str(request.pk)), entry=str(entry.pk), at=at)
