"""The partners' word about what we sent: receipts are kept as proof and move the deliveries."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ilex.gate import keys, queries, registry
from ilex.gate.actions.heads import compare_witness, remember_heads
from ilex.gate.actions.posting import seal_anew
from ilex.gate.canonical import Malformed, canonical, strict
from ilex.gate.codes import Code, Refused
from ilex.gate.failures import kind_and_place
from ilex.gate.models import Delivery, Envelope, Peer, PeerKey, Receipt
from ilex.gate.receipts import LIMIT, ReceiptBody, check_receipt, receipt_kid
from ilex.gate.signing import key_of
from ilex.journal import actions as journal
from ilex.journal.actions import Act
from ilex.journal.models import Operation
from ilex.journal.rows import insert_many

State, Kind = Delivery.State, Receipt.Kind
DONE = (State.PROCESSED, State.REFUSED)
MOMENTS = {Kind.STORED: "stored_at", Kind.PROCESSED: "processed_at", Kind.READ: "read_at"}
READ = ["id", "digest", "type", "version", "conversation"]  # of the envelope, here and by the rooms
CHANGED = ["state", "code", "stored_at", "processed_at", "read_at"]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Word:
    """A receipt of which the signature holds."""

    text: str
    body: ReceiptBody


Words = Sequence[Word | Refused]


def take_receipts(
    lines: Iterable[bytes], peer: Peer, at: datetime | None = None, *, answering: bool = False
) -> list[bytes]:
    """Note a partner's receipts; one answer line each, `{"noted": <id>}` or `{"error": ...}`.

    Noting one again changes nothing. The room that sent the message hears of each new receipt in the same commit.
    `answering`: they are the partner's answer to what was sent this moment, so even one that we had before tells
    that the message is there now; without it such a receipt may come from an old stick.
    """
    at = at or timezone.now()
    words = _checked(lines, peer, at)
    answers = _noted_or_alone(words, peer, at, answering)
    bodies = [word.body for word in words if isinstance(word, Word)]
    remember_heads([(peer.pk, body.head, body.at) for body in bodies], at)
    with transaction.atomic():
        for note in {body.witness for body in bodies if body.witness}:
            compare_witness(peer.pk, note)
    return answers


def take_answers(
    answers: Sequence[bytes],
    deliveries: Sequence[Delivery],
    peer: Peer,
    at: datetime | None = None,
    *,
    trusted: bool = True,
) -> list[Code | None]:
    """Apply what a peer answered to a batch: `answers[i]` is about `deliveries[i]`.

    None: it is delivered, or refused for good. A code: send it again later. Errors bear no signature, so they
    decide nothing unless they came over a line where the peer showed its certificate (`trusted`).
    """
    at = at or timezone.now()
    read = [_answer(answer) for answer in answers[: len(deliveries)]]
    read += [Code.NOT_NOW] * (len(deliveries) - len(read))
    receipts = [(place, one) for place, one in enumerate(read) if isinstance(one, bytes)]
    noted = take_receipts([one for _place, one in receipts], peer, at, answering=True)
    results: list[Code | None] = [one if isinstance(one, Code) else None for one in read]
    for (place, _one), answer in zip(receipts, noted, strict=True):
        if not _is_noted(answer, deliveries[place]):
            results[place] = Code.NOT_NOW
    for place, code in enumerate(results):
        if code is Code.CANNOT_OPEN:
            seal_anew(deliveries[place].envelope)
        elif code is not None and code.final and trusted:
            _refused_at_the_gate(deliveries[place], code)
            results[place] = None
    return results


def _checked(lines: Iterable[bytes], peer: Peer, at: datetime) -> list[Word | Refused]:
    claimed = [_claim(line) for line in lines]
    sealers = queries.sealers({one[1] for one in claimed if not isinstance(one, Refused)}, at)
    return [one if isinstance(one, Refused) else _word(one[0], sealers.get(one[1]), peer.pk) for one in claimed]


def _claim(line: bytes) -> tuple[str, str] | Refused:
    try:
        text = line[: LIMIT + 1].decode("ascii")
        return text, receipt_kid(text)
    except UnicodeDecodeError:
        return Refused(Code.MALFORMED)
    except Refused as refusal:
        return refusal


def _word(text: str, sealer: PeerKey | None, unit: str) -> Word | Refused:
    if sealer is None or sealer.peer_id != unit or sealer.peer.state not in queries.LISTENED_TO:
        return Refused(Code.UNKNOWN_SENDER, sender=unit)
    try:
        body = check_receipt(text, key_of(sealer.key))
    except Refused as refusal:
        return Refused(refusal.code, sender=unit)
    if body.by != unit:
        return Refused(Code.WRONG_LINE, str(body.of), unit)
    if body.sender != keys.own().unit:
        return Refused(Code.NOT_FOR_US, str(body.of), unit)
    return Word(text, body)


def _noted_or_alone(words: Words, peer: Peer, at: datetime, answering: bool) -> list[bytes]:
    """All in one commit; if a room fails at one of them, each for itself."""
    try:
        with transaction.atomic():
            return _noted(words, peer, at, answering)
    except Exception as error:
        if len(words) == 1:
            log.error("A receipt could not be noted: %s", kind_and_place(error))
            return [Refused(Code.NOT_NOW).line()]
    return [answer for word in words for answer in _noted_or_alone([word], peer, at, answering)]


def _noted(words: Words, peer: Peer, at: datetime, answering: bool) -> list[bytes]:
    known = [word for word in words if isinstance(word, Word)]
    deliveries = _deliveries(known, peer)
    given = _given(deliveries.values(), peer)
    new: list[tuple[Delivery, Receipt]] = []
    again: list[tuple[Delivery, Receipt]] = []
    acts: list[Act] = []
    answers = []
    for word in words:
        try:
            if isinstance(word, Refused):
                raise word
            delivery = _delivery(word, deliveries)
            name = delivery.envelope_id, word.body.kind
            if name not in given:
                given[name] = word.text
                new.append((delivery, _receipt(word, delivery)))
            elif answering or given[name] != word.text:
                again.append((delivery, _receipt(word, delivery)))
            answers.append(canonical({"noted": str(word.body.of)}))
        except Refused as refusal:
            answers.append(refusal.line())
            acts.append(_refusal(refusal, peer))
    _apply(new, again, peer, at)
    journal.write_many(acts + [_act(receipt, delivery) for delivery, receipt in new])
    return answers


def _deliveries(words: Sequence[Word], peer: Peer) -> dict[UUID, Delivery]:
    """Those that the receipts speak of, locked: each moves by one receipt after the other."""
    rows = (
        Delivery.objects.filter(
            peer=peer, envelope__way=Envelope.Way.OUT, envelope__id__in={word.body.of for word in words}
        )
        .select_related("envelope")
        .only("peer_id", *CHANGED, *(f"envelope__{name}" for name in READ))  # and not 16 KiB of each
        .order_by("pk")
        .select_for_update(of=("self",))
    )
    return {delivery.envelope.id: delivery for delivery in rows} if words else {}


def _given(deliveries: Iterable[Delivery], peer: Peer) -> dict[tuple[UUID, str], str]:
    """The receipts that we have: of which envelope, of which kind, and their text."""
    envelopes = [delivery.envelope_id for delivery in deliveries]
    found = Receipt.objects.filter(way=Envelope.Way.IN, peer=peer, envelope__in=envelopes)
    rows = found.values_list("envelope_id", "kind", "signed")
    return {(envelope, kind): text for envelope, kind, text in rows}


def _delivery(word: Word, deliveries: dict[UUID, Delivery]) -> Delivery:
    delivery = deliveries.get(word.body.of)
    if delivery is None:
        raise Refused(Code.UNKNOWN_MESSAGE, str(word.body.of))
    if bytes(delivery.envelope.digest).hex() != word.body.digest:
        raise Refused(Code.CONFLICT, str(word.body.of))
    return delivery


def _receipt(word: Word, delivery: Delivery) -> Receipt:
    return Receipt(
        way=Envelope.Way.IN,
        peer_id=delivery.peer_id,
        envelope=delivery.envelope,
        kind=word.body.kind,
        code=word.body.code,
        at=word.body.at,
        signed=word.text,
    )


def _apply(
    new: Sequence[tuple[Delivery, Receipt]],
    again: Sequence[tuple[Delivery, Receipt]],
    peer: Peer,
    at: datetime,
) -> None:
    """`again`: a partner that was restored from a backup receipts once more what we sent it once more.

    The first receipt stays the proof, and the room has heard of it; but the delivery is done only now.
    """
    moved = [*new, *((delivery, receipt) for delivery, receipt in again if delivery.state not in DONE)]
    if not moved:
        return
    for delivery, receipt in moved:
        _move(delivery, receipt)
    insert_many([receipt for _delivery, receipt in new])
    _save({delivery for delivery, _receipt in moved})
    Peer.objects.filter(pk=peer.pk).update(last_receipt_at=at)
    _drop_sealed({delivery.envelope_id for delivery, _receipt in moved})
    for delivery, receipt in new:
        message_type = registry.of(delivery.envelope.type, delivery.envelope.version)
        if message_type and message_type.on_receipt:
            message_type.on_receipt(delivery.envelope, receipt)


def _move(delivery: Delivery, receipt: Receipt) -> None:
    """Only `stored` ends the sending. A partner that was killed before it could answer has taken the message in and
    says so; it is sent the message again, and answers with the receipt that is missing.

    A receipt that comes after we gave up still tells the truth.
    """
    kind, before = Kind(receipt.kind), delivery.state
    if kind in MOMENTS and getattr(delivery, MOMENTS[kind]) is None:
        setattr(delivery, MOMENTS[kind], receipt.at)
    if kind == Kind.READ or before in DONE:
        return
    if kind == Kind.REFUSED or before == State.EXPIRED:
        delivery.code = receipt.code
    if kind == Kind.STORED or before == State.EXPIRED:
        delivery.state, delivery.stored_at = State.STORED, delivery.stored_at or receipt.at
    if delivery.state == State.STORED and (delivery.code or delivery.processed_at):
        delivery.state = State.REFUSED if delivery.code else State.PROCESSED


def _save(deliveries: set[Delivery]) -> None:
    """The rows are locked. A batch's receipts are of one moment as a rule, so one statement serves them all."""
    alike: dict[tuple[Any, ...], list[int]] = {}
    for delivery in deliveries:
        alike.setdefault(tuple(getattr(delivery, name) for name in CHANGED), []).append(delivery.pk)
    for values, rows in alike.items():
        Delivery.objects.filter(pk__in=rows).update(**dict(zip(CHANGED, values, strict=True)))


def _drop_sealed(envelopes: set[UUID]) -> None:
    """What every recipient has is kept as signed, with the receipts; the wrapping is not needed again."""
    sealed = Envelope.objects.filter(pk__in=envelopes, sealed__isnull=False)  # the second receipt finds it dropped
    done = sealed.exclude(deliveries__state=State.WAITING)
    done.update(sealed=None)


def _answer(line: bytes) -> bytes | Code:
    """The receipt in an answer, or its code; what cannot be understood is tried again later."""
    try:
        answer = strict(line)
        if isinstance(answer.get("receipt"), str):
            return str(answer["receipt"]).encode("ascii")
        return Code(answer["error"]["code"])
    except (Malformed, AttributeError, KeyError, TypeError, ValueError):
        return Code.NOT_NOW


def _is_noted(answer: bytes, delivery: Delivery) -> bool:
    return bool(strict(answer) == {"noted": str(delivery.envelope.id)})


def _refused_at_the_gate(delivery: Delivery, code: Code) -> None:
    with transaction.atomic():
        waiting = Delivery.objects.filter(pk=delivery.pk, state=State.WAITING)
        if waiting.update(state=State.REFUSED, code=code.value):
            on = ("envelope", str(delivery.envelope.id))
            recipients = [delivery.peer_id]
            journal.write(
                "delivery.refused", Operation.OPERATION, by=None, on=on, recipients=recipients, code=code.value
            )


def _act(receipt: Receipt, delivery: Delivery) -> Act:
    on = ("envelope", str(delivery.envelope.id))
    detail = {"code": receipt.code} if receipt.code else {}
    return Act(f"receipt.{receipt.kind}", Operation.OPERATION, on=on, recipients=[receipt.peer_id], detail=detail)


def _refusal(refusal: Refused, peer: Peer) -> Act:
    detail = {"code": refusal.code.value} | ({"id": refusal.id} if refusal.id else {})
    return Act("receipt.rejected", Operation.OPERATION, on=("peer", peer.pk), detail=detail)
