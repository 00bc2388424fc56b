"""One peer's rounds: what moves, in which order, and what a failure means for the next one."""

from __future__ import annotations

import time
from datetime import timedelta
from threading import Event

from django.db.models import Exists, F
from django.db.models.functions import Coalesce, Now
from django.utils.timezone import now

from ilex.gate.carriers import Carrier, Failure
from ilex.gate.models import BlobDelivery, Delivery, Peer, Receipt
from ilex.gate.patience import PAUSES, over, pause
from ilex.gate.relay.blobs import carry_blob, waiting_blobs
from ilex.gate.relay.mail import BATCH, carry_mail, carry_receipts, waiting, waiting_receipts
from ilex.gate.relay.proofs import ask_for_proofs

PING = timedelta(seconds=60)  # a peer with which nothing is exchanged is asked so often whether it is there
NOTE = timedelta(seconds=10)  # how old the note "was up" may be before it is written again
LONGEST_PAUSE = timedelta(seconds=max(PAUSES))
PROOFS = 30.0  # seconds between two looks at the peer's heads


class Courier:
    """Carries for one peer. Remembers from round to round how much the line bears."""

    def __init__(self, carrier: Carrier, stop: Event | None = None) -> None:
        self._carrier = carrier
        self._stop = stop or Event()
        self._batch = BATCH
        self._proofs_at = float("-inf")

    def round(self, peer: Peer) -> int:
        """Carry what waits; returns how much moved. 0 as well while the breaker is open, and after a failure."""
        if _breaker_open(peer):
            return 0
        try:
            moved = self._carry(peer)
        except Failure as failure:
            self._batch = max(1, self._batch // 2)  # a thin line may bear less at once
            _failed(peer, str(failure))
            return 0
        self._batch = min(BATCH, self._batch * 2)
        if moved:
            _worked(peer)
        return moved

    def _carry(self, peer: Peer) -> int:
        moved = 0
        if _something_waits(peer):
            moved += carry_mail(peer, self._carrier, self._batch) + carry_receipts(peer, self._carrier)
            moved += carry_blob(peer, self._carrier, self._stop)
        if time.monotonic() - self._proofs_at > PROOFS:
            self._proofs_at = time.monotonic()
            moved += ask_for_proofs(peer, self._carrier)
        if not moved and not _was_up(peer, PING):
            self._carrier.up(peer)
            moved = 1
        return moved


def _breaker_open(peer: Peer) -> bool:
    return peer.next_try is not None and not Peer.objects.filter(over("next_try", LONGEST_PAUSE), pk=peer.pk).exists()


def _something_waits(peer: Peer) -> bool:
    """One cheap question, asked five times a second."""
    mail = Delivery.objects.filter(waiting(peer))
    receipts = Receipt.objects.filter(waiting_receipts(peer))
    blobs = BlobDelivery.objects.filter(waiting_blobs(peer))
    return Peer.objects.filter(Exists(mail) | Exists(receipts) | Exists(blobs), pk=peer.pk).exists()


def _was_up(peer: Peer, since: timedelta) -> bool:
    if peer.last_up_at is None or peer.failing_since is not None:
        return False
    return abs(now() - peer.last_up_at) < since  # tomorrow, when the clock was set back, tells nothing


def _worked(peer: Peer) -> None:
    if not _was_up(peer, NOTE):
        Peer.objects.filter(pk=peer.pk).update(
            last_up_at=Now(), failing_since=None, failures=0, last_failure="", next_try=None
        )


def _failed(peer: Peer, sentence: str) -> None:
    Peer.objects.filter(pk=peer.pk).update(
        failures=F("failures") + 1,
        failing_since=Coalesce(F("failing_since"), Now()),
        last_failure=sentence[:300],
        next_try=Now() + pause(peer.failures + 1),
    )
