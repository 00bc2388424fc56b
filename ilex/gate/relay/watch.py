"""What did not arrive: late receipts and expired messages, each told once, with a line in the journal."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Now

from ilex.gate.models import Delivery, Peer
from ilex.gate.patience import LATE, late_types
from ilex.journal.actions import Act, write_many
from ilex.journal.models import Operation

BATCH = 500
State = Delivery.State
OVER = Q(envelope__expires__lte=Now())
HEARD = Q(processed_at__isnull=False) | Q(read_at__isnull=False) | ~Q(code="")  # by a receipt other than `stored`


def watch() -> int:
    """Note what is late or has expired since the last look; returns how many deliveries. The board shows them."""
    return _note_heard() + _note_expired() + _note_late()


@transaction.atomic
def _note_heard() -> int:
    """What is over is not sent again, so its `stored` receipt comes no more. The partner's signed word that it took
    the message in, or refused it, says the same."""
    rows = _some(Delivery.objects.filter(HEARD, OVER))
    became = Case(When(code="", then=Value(State.PROCESSED)), default=Value(State.REFUSED))
    moment = Coalesce(F("stored_at"), F("processed_at"))
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(state=became, stored_at=moment, lease_until=None)
    return _write("delivery.settled", rows)


@transaction.atomic
def _note_expired() -> int:
    rows = _some(Delivery.objects.filter(~HEARD, OVER))
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(state=State.EXPIRED, lease_until=None)
    return _write("delivery.expired", rows)


@transaction.atomic
def _note_late() -> int:
    rows = _some(Delivery.objects.filter(_late(), late_told_at=None, envelope__expires__gt=Now()))
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(late_told_at=Now())
    return _write("delivery.late", rows)


def _some(found: QuerySet[Delivery]) -> list[Delivery]:
    return list(
        found.filter(state=State.WAITING)
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
    # Written tomorrow: the clock was set back since, and for how long it waits cannot be told. A person may know.
    return Q(envelope__at__lte=Now() - wait) | Q(envelope__at__gt=Now() + wait)


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
