"""Attachments on their way out: resumed from what the peer says it has, and never in the way of mail."""

from __future__ import annotations

import hashlib
import time
from datetime import timedelta
from threading import Event

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from ilex.gate.arrivals import Turned
from ilex.gate.carriers import BlobRefused, Carrier, Failure
from ilex.gate.models import Attachment, BlobDelivery, Delivery, Peer
from ilex.gate.patience import blob_retry, over
from ilex.gate.relay.mail import waiting
from ilex.gate.store import Damaged, Missing, StoreError, where

STRETCH = 5.0  # seconds after which other things get their turn
LEASE = timedelta(seconds=330)  # longer than one piece may take; renewed after each
LOCAL_RETRY = timedelta(hours=1)  # our own copy is missing or damaged: nothing but a person helps

ARRIVED = (Delivery.State.STORED, Delivery.State.PROCESSED)  # the peer takes blobs of envelopes that it keeps


def carry_blob(peer: Peer, carrier: Carrier, stop: Event) -> int:
    """Carry a stretch of one waiting attachment; returns 1 when something moved."""
    blob = _claim(peer)
    if blob is None:
        return 0
    attachment = blob.attachment
    if attachment.failure and (damage := _our_damage(attachment)):
        _fail(blob, str(damage), LOCAL_RETRY)
        return 0
    until = time.monotonic() + STRETCH

    def progress(here: int) -> bool:
        _goes_on(attachment)
        BlobDelivery.objects.filter(pk=blob.pk).update(sent=here, lease_until=Now() + LEASE)
        mail_waits = Delivery.objects.filter(waiting(peer)).exists()
        return not (stop.is_set() or mail_waits or time.monotonic() > until)

    try:
        path = where(attachment.sealed_digest)
        digest = bytes(attachment.sealed_digest).hex()
        here = carrier.send_blob(peer, digest, path, attachment.sealed_size, progress)
    except Failure:
        _release(blob, timedelta())
        raise
    except OSError as error:  # of our own disk: the carrier makes a Failure of the line's
        _fail(blob, str(_own_fault(attachment, error)), LOCAL_RETRY)
        return 0
    except BlobRefused as refusal:
        _refused(blob, refusal.code)
        return 1  # the line works
    if here == attachment.sealed_size:
        BlobDelivery.objects.filter(pk=blob.pk).update(done_at=Now(), sent=here, lease_until=None)
        _goes_on(attachment)
    else:
        _release(blob, timedelta())
    return 1


def waiting_blobs(peer: Peer) -> Q:
    """Attachments that could go on their way to this peer now."""
    free = Q(lease_until=None) | over("lease_until", LEASE)
    return free & over("next_try") & Q(done_at=None, delivery__peer=peer, delivery__state__in=ARRIVED)


@transaction.atomic
def _claim(peer: Peer) -> BlobDelivery | None:
    blob = (
        BlobDelivery.objects.filter(waiting_blobs(peer))
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("attachment")
        .order_by("id")
        .first()
    )
    if blob is not None:
        BlobDelivery.objects.filter(pk=blob.pk).update(lease_until=Now() + LEASE)
    return blob


def _release(blob: BlobDelivery, wait: timedelta) -> None:
    BlobDelivery.objects.filter(pk=blob.pk).update(lease_until=None, next_try=Now() + wait)


def _fail(blob: BlobDelivery, sentence: str, wait: timedelta) -> None:
    Attachment.objects.filter(pk=blob.attachment_id).update(failure=sentence[:200])
    _release(blob, wait)


def _refused(blob: BlobDelivery, code: str) -> None:
    if code == Turned.DAMAGED and (damage := _our_damage(blob.attachment)):
        _fail(blob, str(damage), LOCAL_RETRY)
        return
    sentences = {
        Turned.QUOTA.value: _("The partner's space for our attachments is used up."),
        Turned.FULL.value: _("The partner's node has no space left."),
        Turned.STORE.value: _("The partner's node cannot keep files at the moment."),
        Turned.DAMAGED.value: _("The attachment was damaged on the way; it is sent again."),
    }
    _fail(blob, sentences.get(code, ""), blob_retry(code))


def _our_damage(attachment: Attachment) -> StoreError | None:
    try:
        with where(attachment.sealed_digest).open("rb", buffering=0) as file:
            whole = hashlib.file_digest(file, "sha256").digest() == bytes(attachment.sealed_digest)
    except OSError as error:
        return _own_fault(attachment, error)
    return None if whole else Damaged(attachment.name)


def _own_fault(attachment: Attachment, error: OSError) -> StoreError:
    gone = isinstance(error, FileNotFoundError | NotADirectoryError)
    return Missing(attachment.name) if gone else Damaged(attachment.name)


def _goes_on(attachment: Attachment) -> None:
    """The partner takes it: what stood in the way no longer does."""
    if attachment.failure:
        Attachment.objects.filter(pk=attachment.pk).update(failure="")
        attachment.failure = ""
