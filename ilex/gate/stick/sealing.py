"""Writing a stick: everything that waits for one partner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.gate import keys
from ilex.gate.actions.renewing import seal_known_to
from ilex.gate.carriers import Carrier
from ilex.gate.carriers.archive import LABEL, MOST_HAVE, Label, StickWriter, unwritable
from ilex.gate.carriers.file import FileCarrier
from ilex.gate.errors import GateError
from ilex.gate.models import Attachment, BlobDelivery, Delivery, Envelope, Peer, Receipt
from ilex.gate.store import Missing, where
from ilex.journal.actions import act
from ilex.journal.models import Operation

BATCH = 100
MOST_BLOBS = 5_000
# Nobody can tell us that a receipt came off the stick; it goes along as long as the partner may ask again.
RECEIPTS_AFTER = timedelta(days=7)  # beyond the end of the message's own time


@dataclass(frozen=True)
class Written:
    envelopes: int
    receipts: int
    blobs: int


def seal_stick(unit: str, path: Path) -> Written:
    """Write what waits for this partner into a new file. Nothing counts as delivered by it; it may be done again.

    Raises GateError with one sentence; no half-written file stays behind.
    """
    peer = Peer.objects.filter(pk=unit, state=Peer.State.PAIRED).first()
    if peer is None:
        raise GateError(_("%(unit)s is not a paired unit.") % {"unit": unit})
    writer = StickWriter(path)
    try:
        writer.lines(LABEL, [_label(peer).signed(seal_known_to(unit))])
        written = _write(peer, FileCarrier(writer))
        with act("stick.sealed", Operation.DISCLOSURE, by=None, on=("peer", unit), recipients=[unit]) as this:
            this.detail |= vars(written)
            writer.finish()
    except OSError as error:
        writer.withdraw()
        raise unwritable(path, error) from error
    except BaseException:
        writer.withdraw()
        raise
    return written


def _write(peer: Peer, carrier: Carrier) -> Written:
    deliveries = list(_waiting(peer).values_list("pk", flat=True))
    for batch in _batches(deliveries):
        sealed = Delivery.objects.filter(pk__in=batch).order_by("id").values_list("envelope__sealed", flat=True)
        carrier.deliver(peer, [bytes(line) for line in sealed if line])
    receipts = list(_receipts(peer).values_list("pk", flat=True))
    for batch in _batches(receipts):
        signed = Receipt.objects.filter(pk__in=batch).order_by("id").values_list("signed", flat=True)
        carrier.receipts(peer, [line.encode() for line in signed])
    Delivery.objects.filter(pk__in=deliveries).update(attempts=F("attempts") + 1)
    return Written(len(deliveries), len(receipts), sum(_carry(peer, carrier, blob) for blob in _blobs(peer)))


def _batches(pks: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(pks), BATCH):
        yield pks[start : start + BATCH]


def _waiting(peer: Peer) -> QuerySet[Delivery]:
    waiting = Delivery.objects.filter(peer=peer, state=Delivery.State.WAITING, envelope__sealed__isnull=False)
    return waiting.filter(envelope__expires__gt=Now()).order_by("id")


def _receipts(peer: Peer) -> QuerySet[Receipt]:
    ours = Receipt.objects.filter(way=Envelope.Way.OUT, peer=peer, sent_at=None)
    return ours.filter(envelope__expires__gt=Now() - RECEIPTS_AFTER).order_by("id")


def _blobs(peer: Peer) -> list[Attachment]:
    gone = (Delivery.State.REFUSED, Delivery.State.EXPIRED)
    due = BlobDelivery.objects.filter(delivery__peer=peer, done_at=None).exclude(delivery__state__in=gone)
    rows = due.select_related("attachment").order_by("id")[:MOST_BLOBS]
    return list({bytes(row.attachment.sealed_digest): row.attachment for row in rows}.values())


def _carry(peer: Peer, carrier: Carrier, attachment: Attachment) -> int:
    path = where(attachment.sealed_digest)
    if not path.exists():
        raise Missing(attachment.name)
    digest = bytes(attachment.sealed_digest).hex()
    carrier.send_blob(peer, digest, path, attachment.sealed_size, lambda here: True)
    return 1


def _label(peer: Peer) -> Label:
    whole = Attachment.objects.filter(envelope__way=Envelope.Way.IN, envelope__sender=peer.pk, whole_at__isnull=False)
    have = whole.order_by("-whole_at").values_list("sealed_digest", flat=True)[:MOST_HAVE]
    digests = sorted({bytes(digest).hex() for digest in have})
    return Label(sender=keys.own().unit, recipient=peer.pk, made=now(), have=digests)
