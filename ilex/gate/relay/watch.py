"""What did not arrive: late receipts and expired messages, each told once, with a line in the journal."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from ilex.gate.models import Delivery, Peer
from ilex.gate.patience import LATE, late_types
from ilex.journal.actions import Act, write_many
from ilex.journal.models import Operation

BATCH = 500


def watch() -> int:
    """Note what is late or has expired since the last look; returns how many deliveries. The board shows them."""
    return _note_expired() + _note_late()


@transaction.atomic
def _note_expired() -> int:
    rows = _some(Delivery.objects.filter(envelope__expires__lte=Now()))
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(state=Delivery.State.EXPIRED, lease_until=None)
    return _write("delivery.expired", rows)


@transaction.atomic
def _note_late() -> int:
    rows = _some(Delivery.objects.filter(_late(), late_told_at=None, envelope__expires__gt=Now()))
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(late_told_at=Now())
    return _write("delivery.late", rows)


def _some(found: QuerySet[Delivery]) -> list[Delivery]:
    return list(
        found.filter(state=Delivery.State.WAITING)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("envelope")
        .only("peer_id", "envelope__id", "envelope__type")
        .order_by("id")[:BATCH]
    )


def _late() -> Q:
    on_line, by_hand = Q(peer__carrier=Peer.Carrier.HTTPS), Q(peer__carrier=Peer.Carrier.FILE)
    late = by_hand & _older(LATE[Peer.Carrier.FILE])
    late |= on_line & _older(LATE[Peer.Carrier.HTTPS]) & ~Q(envelope__type__in=late_types())
    for type, wait in late_types().items():
        late |= on_line & _older(wait) & Q(envelope__type=type)
    return late


def _older(wait: timedelta) -> Q:
    return Q(envelope__at__lte=Now() - wait)


def _write(act: str, rows: list[Delivery]) -> int:
    write_many(
        Act(
            act,
            Operation.OPERATION,
            on=("envelope", str(row.envelope.id)),
            recipients=[row.peer_id],
            detail={"type": row.envelope.type},
        )
        for row in rows
    )
    return len(rows)
