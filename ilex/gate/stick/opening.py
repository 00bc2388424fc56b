"""Taking in a stick: it must be whole, signed by the partner and meant for us; then all can be done twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from django.db.models.functions import Now
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.gate import keys, queries
from ilex.gate.actions import accept, take_receipts
from ilex.gate.arrivals import TurnedAway, expected, take
from ilex.gate.canonical import strict
from ilex.gate.carriers.archive import ENVELOPES, RECEIPTS, BadStick, Label, StickReader
from ilex.gate.models import BlobDelivery, Peer, PeerKey
from ilex.gate.signing import key_of
from ilex.journal.actions import act
from ilex.journal.models import Operation

BATCH = 100


@dataclass
class Opened:
    """What came off a stick. `turned_away` counts, by code, what was not kept."""

    sender: str
    envelopes: int = 0
    receipts: int = 0
    blobs: int = 0
    turned_away: Counter[str] = field(default_factory=Counter)


def open_stick(path: Path) -> Opened:
    """Take in what a partner put on this stick. Raises BadStick with one sentence, and then nothing was changed.

    Opened again, or broken off and begun anew, it takes in what is new and repeats nothing.
    """
    with StickReader(path) as stick:
        peer = _sender(stick)
        opened = Opened(peer.pk)
        for batch in _batches(stick.lines(RECEIPTS)):
            opened.receipts += _count(take_receipts(batch, peer), "noted", opened)
        for batch in _batches(stick.lines(ENVELOPES)):
            opened.envelopes += _count(accept(batch, None), "receipt", opened)
        for digest in stick.blobs():
            opened.blobs += _take_blob(stick, peer, digest, opened)
        _settle_blobs(stick.label, peer)
    _note(opened)
    return opened


def _sender(stick: StickReader) -> Peer:
    label, ours = stick.label, keys.own().unit
    if label.recipient != ours:
        names = {"recipient": label.recipient, "ours": ours}
        raise BadStick(_("This stick is for %(recipient)s; this is the node of %(ours)s.") % names)
    peer = Peer.objects.filter(pk=label.sender, state=Peer.State.PAIRED).first()
    if peer is None:
        raise BadStick(_("This stick is from %(unit)s, which is not a paired unit.") % {"unit": label.sender})
    seals = PeerKey.objects.filter(queries.good(now()), peer=peer, use=PeerKey.Use.SEAL)
    if not any(stick.is_signed_by(key_of(key)) for key in seals.values_list("key", flat=True)):
        raise BadStick(_("This stick says it is from %(unit)s, but does not bear its seal.") % {"unit": label.sender})
    return peer


def _batches(lines: Iterator[bytes]) -> Iterator[list[bytes]]:
    while batch := list(islice(lines, BATCH)):
        yield batch


def _count(answers: list[bytes], good: str, opened: Opened) -> int:
    read = [strict(answer) for answer in answers]
    opened.turned_away.update(answer["error"]["code"] for answer in read if "error" in answer)
    return sum(good in answer for answer in read)


def _take_blob(stick: StickReader, peer: Peer, digest: str, opened: Opened) -> int:
    try:
        arrival = expected(peer, bytes.fromhex(digest))
        here = arrival.here()
        size, pieces = stick.blob(digest, here)
        return int(take(arrival, here, size, pieces) == arrival.size)
    except TurnedAway as turned:
        opened.turned_away[turned.why] += 1
        return 0


def _settle_blobs(label: Label, peer: Peer) -> None:
    """The partner's signed word that attachments of ours have come whole.

    A word from before they were put back to be sent again (the partner was restored from a backup) says nothing.
    """
    for start in range(0, len(label.have), 1000):
        digests = [bytes.fromhex(digest) for digest in label.have[start : start + 1000]]
        BlobDelivery.objects.filter(
            delivery__peer=peer, done_at=None, attachment__sealed_digest__in=digests, next_try__lte=label.made
        ).update(done_at=Now(), lease_until=None)


def _note(opened: Opened) -> None:
    with act("stick.opened", Operation.COLLECTION, by=None, on=("peer", opened.sender)) as this:
        this.detail |= {
            "envelopes": opened.envelopes,
            "receipts": opened.receipts,
            "blobs": opened.blobs,
            "turned_away": dict(opened.turned_away),
        }
