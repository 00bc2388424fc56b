"""Sending again what a peer had and lost: it was restored from a backup and does not know of it."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from ilex.gate import queries
from ilex.gate.models import BlobDelivery, Delivery, Envelope, Receipt
from ilex.gate.seal import wrap


def send_again(unit: str, since: datetime, at: datetime | None = None) -> tuple[int, int]:
    """Put back into the outbox what this peer stored since then; in the caller's transaction.

    Returns how many messages go again, and how many are too old for that: their time to live is over, and the
    peer's gate would refuse them. What the peer still has it answers with the receipt it gave before. Our receipts
    for the peer's messages of that time are carried again as well.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("Messages are sent again in the transaction of an act.")
    at = at or timezone.now()
    lost = _delivered(unit, since).select_related("envelope")
    fresh = [delivery for delivery in lost if delivery.envelope.expires > at]
    _wrap_anew(unit, [delivery.envelope for delivery in fresh])
    keys = [delivery.pk for delivery in fresh]
    Delivery.objects.filter(pk__in=keys).update(
        state=Delivery.State.WAITING, code="", attempts=0, next_try=at, lease_until=None
    )
    BlobDelivery.objects.filter(delivery__in=keys).update(sent=0, done_at=None, next_try=at, lease_until=None)
    Receipt.objects.filter(way=Envelope.Way.OUT, peer=unit, at__gte=since).update(sent_at=None, next_try=at)
    return len(fresh), len(lost) - len(fresh)


def _delivered(unit: str, since: datetime) -> QuerySet[Delivery]:
    """`stored_at` is the peer's own word; a delivery without it was refused or given up."""
    had = Q(stored_at__gte=since) | Q(stored_at=None, envelope__at__gte=since)
    gone = (Delivery.State.STORED, Delivery.State.PROCESSED, Delivery.State.REFUSED)
    return Delivery.objects.filter(had, peer=unit, state__in=gone).order_by("pk").select_for_update(of=("self",))


def _wrap_anew(unit: str, envelopes: list[Envelope]) -> None:
    """The wrapping was dropped when all had it. It is made anew, for the one who lost it."""
    key = queries.reachable([unit])[unit]
    for envelope in envelopes:
        if envelope.sealed is None:
            Envelope.objects.filter(pk=envelope.pk).update(sealed=wrap(envelope.signed, [key]))
