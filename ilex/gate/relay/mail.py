"""Envelopes and receipts on their way: claimed with a lease, carried in batches, settled one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Length, Now

from ilex.gate.actions import take_answers
from ilex.gate.canonical import Malformed, strict
from ilex.gate.carriers import Carrier, Failure
from ilex.gate.codes import Code
from ilex.gate.models import Delivery, Envelope, Peer, Receipt
from ilex.gate.patience import RECEIPT_RETRY, over, retry
from ilex.journal.actions import Act, write_many
from ilex.journal.models import Operation

BATCH = 100  # envelopes or receipts in one request
BATCH_BYTES = 2 * 2**20  # unless a single line is longer: carried within 45 s at 50 KiB/s
LEASE = timedelta(seconds=60)  # longer than a request may take


def carry_mail(peer: Peer, carrier: Carrier, most: int = BATCH) -> int:
    """Deliver up to `most` waiting envelopes; returns how many the peer dealt with for good."""
    deliveries = _claim(peer, most)
    if not deliveries:
        return 0
    try:
        answers = carrier.deliver(peer, [bytes(delivery.envelope.sealed or b"") for delivery in deliveries])
    except Failure:
        _release(deliveries)
        raise
    answered = deliveries[: len(answers)]
    codes = take_answers(answers[: len(answered)], answered, peer)
    _later(zip(answered, codes, strict=True))
    _release(deliveries[len(answered) :])
    return codes.count(None)


def carry_receipts(peer: Peer, carrier: Carrier) -> int:
    """Carry our waiting receipts; returns how many the peer has noted, or will never note."""
    receipts = _claim_receipts(peer)
    if not receipts:
        return 0
    try:
        answers = carrier.receipts(peer, [receipt.signed.encode() for receipt in receipts])
    except Failure:
        Receipt.objects.filter(pk__in=[receipt.pk for receipt in receipts], sent_at=None).update(next_try=None)
        raise
    codes = [_code(answer) for answer in answers] + [Code.NOT_NOW] * (len(receipts) - len(answers))
    done = [(receipt, code) for receipt, code in zip(receipts, codes, strict=True) if code is None or code.final]
    _settle(done, peer)
    later = {receipt.pk for receipt in receipts} - {receipt.pk for receipt, _code in done}
    Receipt.objects.filter(pk__in=later).update(next_try=Now() + RECEIPT_RETRY)
    return len(done)


def waiting(peer: Peer) -> Q:
    """Deliveries that could leave for this peer now."""
    free = Q(lease_until=None) | over("lease_until", LEASE)
    return free & over("next_try") & Q(peer=peer, state=Delivery.State.WAITING, envelope__sealed__isnull=False)


def waiting_receipts(peer: Peer) -> Q:
    """Receipts of ours that could leave for this peer now."""
    free = Q(next_try=None) | over("next_try")
    return free & Q(way=Envelope.Way.OUT, peer=peer, sent_at=None)


@transaction.atomic
def _claim(peer: Peer, most: int) -> list[Delivery]:
    rows = (
        Delivery.objects.filter(waiting(peer), envelope__expires__gt=Now())
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("id")
        .values_list("pk", Length("envelope__sealed"))[:most]
    )
    chosen = _within(rows, BATCH_BYTES)
    if chosen:
        Delivery.objects.filter(pk__in=chosen).update(lease_until=Now() + LEASE, attempts=F("attempts") + 1)
    found = Delivery.objects.filter(pk__in=chosen).select_related("envelope").order_by("id")
    return list(found.only("peer_id", "attempts", "envelope__id", "envelope__sealed")) if chosen else []


def _within(rows: Iterable[tuple[int, int]], limit: int) -> list[int]:
    chosen: list[int] = []
    for pk, size in rows:
        limit -= size
        if chosen and limit < 0:
            break
        chosen.append(pk)
    return chosen


def _release(deliveries: Sequence[Delivery]) -> None:
    if deliveries:
        pks = [delivery.pk for delivery in deliveries]
        Delivery.objects.filter(pk__in=pks, state=Delivery.State.WAITING).update(lease_until=None)


def _later(outcomes: Iterable[tuple[Delivery, Code | None]]) -> None:
    """What the peer could not take now is tried again, each time a little later."""
    by_attempts: defaultdict[int, list[int]] = defaultdict(list)
    for delivery, code in outcomes:
        if code is not None:
            by_attempts[delivery.attempts].append(delivery.pk)
    for attempts, pks in by_attempts.items():
        Delivery.objects.filter(pk__in=pks, state=Delivery.State.WAITING).update(
            lease_until=None, next_try=Now() + retry(attempts)
        )


@transaction.atomic
def _settle(done: Sequence[tuple[Receipt, Code | None]], peer: Peer) -> None:
    """A receipt for a message that the peer does not know (it was restored from a backup) is carried no longer."""
    Receipt.objects.filter(pk__in=[receipt.pk for receipt, _code in done]).update(sent_at=Now(), next_try=None)
    write_many(
        Act(
            "receipt.given-up",
            Operation.OPERATION,
            on=("envelope", str(receipt.envelope.id)),
            recipients=[peer.pk],
            detail={"code": code.value, "kind": receipt.kind},
        )
        for receipt, code in done
        if code is not None
    )


@transaction.atomic
def _claim_receipts(peer: Peer) -> list[Receipt]:
    rows = list(
        Receipt.objects.filter(waiting_receipts(peer)).select_for_update(skip_locked=True).order_by("id")[:BATCH]
    )
    if rows:
        Receipt.objects.filter(pk__in=[row.pk for row in rows]).update(next_try=Now() + LEASE)
    return rows


def _code(answer: bytes) -> Code | None:
    """Why a receipt was not noted; None when it was."""
    try:
        read = strict(answer)
        return None if "noted" in read else Code(read["error"]["code"])
    except (Malformed, AttributeError, KeyError, TypeError, ValueError):
        return Code.NOT_NOW
