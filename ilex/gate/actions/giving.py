"""Our word about what came in: receipts are signed here and wait for the relay."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from ilex.gate import keys
from ilex.gate.fields import to_the_millisecond
from ilex.gate.models import Envelope, Receipt
from ilex.gate.receipts import make_receipt
from ilex.journal import actions as journal
from ilex.journal.models import Operation
from ilex.journal.queries.heads import head_note
from ilex.journal.queries.witness import newest
from ilex.journal.rows import insert_many
from ilex.units.models import Officer


def read(envelope: Envelope, by: Officer, at: datetime | None = None) -> bool:
    """Tell the sender, once, that its message was opened here; not by whom. False when it was told before."""
    at = at or timezone.now()
    if envelope.way != Envelope.Way.IN or _told(envelope):
        return False
    try:
        with transaction.atomic():
            give_receipts([(envelope, Receipt.Kind.READ, "")], at)
            journal.write(
                "envelope.read",
                Operation.CONSULTATION,
                by=by,
                on=("envelope", str(envelope.id)),
                recipients=[envelope.sender],
            )
    except IntegrityError:
        return False  # a colleague opened it in the same moment
    return True


def give_receipts(words: Sequence[tuple[Envelope, str, str]], at: datetime) -> None:
    """Sign and queue receipts (envelope, kind, code) in the open transaction."""
    if not words:
        return
    ring = keys.own()
    at = to_the_millisecond(at)
    head = head_note()
    witness = {sender: _witness(sender) for sender in {envelope.sender for envelope, _kind, _code in words}}
    insert_many(
        [
            Receipt(
                way=Envelope.Way.OUT,
                peer_id=envelope.sender,
                envelope=envelope,
                kind=kind,
                code=code,
                at=at,
                signed=make_receipt(ring, envelope, kind, at, code=code, head=head, witness=witness[envelope.sender]),
            )
            for envelope, kind, code in words
        ]
    )


def _told(envelope: Envelope) -> bool:
    return Receipt.objects.filter(way=Envelope.Way.OUT, envelope=envelope, kind=Receipt.Kind.READ).exists()


def _witness(unit: str) -> str:
    head = newest(unit)
    return head.note if head else ""
