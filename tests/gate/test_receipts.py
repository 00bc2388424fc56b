"""The partner's word about our messages: only his, only about what we sent, and applied once."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone

from ilex.gate import actions
from ilex.gate.canonical import canonical
from ilex.gate.codes import Code, Refused
from ilex.gate.fields import to_the_millisecond
from ilex.gate.ids import uuid7
from ilex.gate.keys import KeyRing
from ilex.gate.models import Delivery, Envelope, Peer, PeerKey, Receipt
from ilex.gate.receipts import TYP, check_receipt
from ilex.gate.seal import open_sealed
from ilex.gate.signing import import_jwk, peek
from ilex.journal import actions as journal
from ilex.journal import notes
from ilex.journal.models import Line, Witnessed
from tests.gate.partners import Room, Words, letter, make_ring, pair, receipt_of, sealed

pytestmark = pytest.mark.django_db


def send(to: tuple[str, ...] = ("ilecu-mk",)) -> Envelope:
    with transaction.atomic():
        return actions.post("test.words", Words(text="x"), to=to, conversation=uuid4())


def note(peer: Peer, *receipts: bytes) -> list[str]:
    """The code of each answer; "noted" for a receipt that was noted."""
    answers = [json.loads(answer) for answer in actions.take_receipts(receipts, peer)]
    return ["noted" if "noted" in answer else answer["error"]["code"] for answer in answers]


def changed(ring: KeyRing, envelope: Envelope, **members: Any) -> bytes:
    """A receipt well signed by the ring, with some of its members changed."""
    value = peek(receipt_of(ring, envelope, "stored").decode()) | members
    return ring.seal.sign(TYP, canonical(value)).encode()


def test_stored_receipt_moves_the_delivery_and_drops_the_wrapping(partner: KeyRing, peer: Peer, room: Room) -> None:
    envelope = send()
    said = to_the_millisecond(timezone.now())
    assert note(peer, receipt_of(partner, envelope, "stored", said)) == ["noted"]
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.stored_at) == (Delivery.State.STORED, said)
    kept = Envelope.objects.get()
    assert kept.sealed is None
    assert kept.signed == envelope.signed
    assert room.receipts == [(envelope.id, "stored")]
    assert Peer.objects.get().last_receipt_at is not None
    assert Line.objects.filter(act="receipt.stored").count() == 1


def test_wrapping_is_kept_until_every_recipient_has_stored_it(
    partner: KeyRing, peer: Peer, room: Room, tmp_path: Path
) -> None:
    third = make_ring(tmp_path / "third", "ilecu-hu")
    other = pair(third)
    envelope = send(("ilecu-mk", "ilecu-hu"))
    note(peer, receipt_of(partner, envelope, "stored"))
    assert Envelope.objects.get().sealed is not None
    note(other, receipt_of(third, envelope, "stored"))
    assert Envelope.objects.get().sealed is None


@pytest.mark.parametrize(
    ("kinds", "state"),
    [
        (["stored", "processed", "read"], "processed"),
        (["read", "processed", "stored"], "processed"),
        (["processed", "stored"], "processed"),
        (["stored", "refused"], "refused"),
        (["refused", "stored"], "refused"),
        (["refused", "processed", "stored"], "refused"),
        (["processed", "read"], "waiting"),
        (["refused"], "waiting"),
        (["read"], "waiting"),
    ],
)
def test_receipts_may_come_in_any_order(partner: KeyRing, peer: Peer, room: Room, kinds: list[str], state: str) -> None:
    envelope = send()
    for kind in kinds:
        code = "not-competent" if kind == "refused" else ""
        assert note(peer, receipt_of(partner, envelope, kind, code=code)) == ["noted"]
    delivery = Delivery.objects.get()
    assert delivery.state == state
    assert delivery.code == ("not-competent" if "refused" in kinds else "")
    assert (delivery.stored_at is None) == ("stored" not in kinds)
    assert (delivery.read_at is None) == ("read" not in kinds)


def test_message_goes_again_until_its_stored_receipt_has_come(partner: KeyRing, peer: Peer, room: Room) -> None:
    """The partner's door was killed before it could answer, and its room took the message in."""
    envelope = send()
    note(peer, receipt_of(partner, envelope, "processed"))
    assert Envelope.objects.get().sealed is not None
    assert Delivery.objects.get().state == Delivery.State.WAITING
    assert actions.take_answers(answers_for(partner, envelope), deliveries(), peer) == [None]
    assert Delivery.objects.get().state == Delivery.State.PROCESSED
    assert Envelope.objects.get().sealed is None
    assert room.receipts == [(envelope.id, "processed"), (envelope.id, "stored")]


def test_all_receipts_of_a_message_may_come_in_one_batch(partner: KeyRing, peer: Peer, room: Room) -> None:
    envelope = send()
    batch = [receipt_of(partner, envelope, kind) for kind in ("read", "stored", "processed", "stored")]
    assert note(peer, *batch) == ["noted"] * 4
    delivery = Delivery.objects.get()
    assert delivery.state == Delivery.State.PROCESSED
    assert None not in (delivery.stored_at, delivery.processed_at, delivery.read_at)
    assert Receipt.objects.count() == 3


def test_receipt_noted_again_changes_nothing(partner: KeyRing, peer: Peer, room: Room) -> None:
    envelope = send()
    first = receipt_of(partner, envelope, "stored")
    later = receipt_of(partner, envelope, "stored", timezone.now() + timedelta(minutes=5))
    assert note(peer, first, first) == ["noted", "noted"]
    before = Delivery.objects.values().get()
    assert note(peer, first, later) == ["noted", "noted"]
    assert Delivery.objects.values().get() == before
    assert room.receipts == [(envelope.id, "stored")]


def test_message_sent_once_more_to_a_restored_partner_is_delivered_by_its_second_receipt(
    partner: KeyRing, peer: Peer, room: Room
) -> None:
    envelope = send()
    first = receipt_of(partner, envelope, "stored")
    note(peer, first)
    Delivery.objects.update(state=Delivery.State.WAITING)
    assert note(peer, first) == ["noted"]
    assert Delivery.objects.get().state == Delivery.State.WAITING
    assert note(peer, receipt_of(partner, envelope, "stored")) == ["noted"]
    assert Delivery.objects.get().state == Delivery.State.STORED
    assert Receipt.objects.get().signed == first.decode()
    assert room.receipts == [(envelope.id, "stored")]


def test_message_that_the_restored_partner_still_has_is_delivered_by_its_old_receipt_as_the_answer(
    partner: KeyRing, peer: Peer, room: Room
) -> None:
    envelope = send()
    answers = answers_for(partner, envelope)
    assert actions.take_answers(answers, deliveries(), peer) == [None]
    Delivery.objects.update(state=Delivery.State.WAITING)
    assert actions.take_answers(answers, deliveries(), peer) == [None]
    assert deliveries()[0].state == Delivery.State.STORED
    assert room.receipts == [(envelope.id, "stored")]


@pytest.mark.django_db(transaction=True)
def test_receipt_that_comes_on_many_lines_at_once_is_noted_once(partner: KeyRing, peer: Peer, room: Room) -> None:
    envelopes = [send() for _ in range(3)]
    batch = [receipt_of(partner, envelope, "stored") for envelope in envelopes]

    def take(number: int) -> list[str]:
        try:
            return note(peer, *(batch if number % 2 else batch[::-1]))
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(take, range(30)))
    assert answers == [["noted"] * 3] * 30
    assert len(room.receipts) == Receipt.objects.count() == 3


def test_receipt_after_we_gave_up_still_tells_the_truth(partner: KeyRing, peer: Peer, room: Room) -> None:
    envelope = send()
    Delivery.objects.update(state=Delivery.State.EXPIRED)
    note(peer, receipt_of(partner, envelope, "stored"))
    assert Delivery.objects.get().state == Delivery.State.STORED


def test_receipt_of_another_unit_proves_nothing(partner: KeyRing, peer: Peer, room: Room, tmp_path: Path) -> None:
    third = make_ring(tmp_path / "third", "ilecu-hu")
    other = pair(third)
    envelope = send()
    assert note(other, receipt_of(third, envelope, "stored")) == ["unknown-message"]
    assert note(peer, receipt_of(third, envelope, "stored")) == ["unknown-sender"]
    assert note(other, changed(third, envelope, by="ilecu-mk")) == ["wrong-line"]
    assert Delivery.objects.get().state == Delivery.State.WAITING


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"digest": "ab" * 32}, "conflict"),
        ({"of": str(uuid7())}, "unknown-message"),
        ({"sender": "ilecu-hu"}, "not-for-us"),
        ({"by": "ilecu-hu"}, "wrong-line"),
        ({"kind": "eaten"}, "malformed"),
        ({"kind": "refused"}, "malformed"),
        ({"code": "why"}, "malformed"),
        ({"format": "ilex-receipt-2"}, "malformed"),
        ({"at": "yesterday"}, "malformed"),
        ({"head": "x" * 1001}, "malformed"),
        ({"more": 1}, "malformed"),
    ],
)
def test_well_signed_receipt_that_says_something_wrong_is_not_noted(
    partner: KeyRing, peer: Peer, room: Room, members: dict[str, Any], code: str
) -> None:
    assert note(peer, changed(partner, send(), **members)) == [code]
    assert not Receipt.objects.exists()
    assert Line.objects.get(act="receipt.rejected").detail["code"] == code


@pytest.mark.parametrize("text", [b"", b"x", b"a.b.c", b"\xff", b"x" * 20_000, b"{}"], ids=lambda text: str(text[:9]))
def test_bytes_that_are_no_receipt_are_not_noted(peer: Peer, text: bytes) -> None:
    assert note(peer, text)[0] in {"malformed", "too-large"}


def test_receipt_with_a_changed_letter_is_not_noted(partner: KeyRing, peer: Peer, room: Room) -> None:
    text = receipt_of(partner, send(), "stored")
    for place in range(0, len(text), 61):
        letter = b"A" if text[place : place + 1] != b"A" else b"B"
        assert note(peer, text[:place] + letter + text[place + 1 :]) != ["noted"]
    assert not Receipt.objects.exists()


def test_letter_is_not_taken_for_a_receipt(ours: KeyRing, partner: KeyRing, peer: Peer, room: Room) -> None:
    assert note(peer, sealed(partner, ours).signed.encode()) == ["malformed"]


def test_receipt_with_a_key_replaced_long_ago_is_not_noted(partner: KeyRing, peer: Peer, room: Room) -> None:
    envelope = send()
    PeerKey.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert note(peer, receipt_of(partner, envelope, "stored")) == ["unknown-sender"]


def test_paused_peers_receipts_are_still_noted(partner: KeyRing, peer: Peer, room: Room) -> None:
    envelope = send()
    actions.pause("ilecu-mk")
    assert note(peer, receipt_of(partner, envelope, "stored")) == ["noted"]


def test_room_that_fails_at_one_receipt_gets_it_again_and_loses_no_other(
    partner: KeyRing, peer: Peer, room: Room
) -> None:
    first, second, third = (send() for _ in range(3))

    def stumble(envelope: Envelope, _receipt: Receipt) -> None:
        if envelope == second:
            raise RuntimeError

    batch = [receipt_of(partner, envelope, "stored") for envelope in (first, second, third)]
    room.echo = stumble
    assert note(peer, *batch) == ["noted", "not-now", "noted"]
    assert set(Delivery.objects.filter(state="stored").values_list("envelope", flat=True)) == {first.pk, third.pk}
    room.echo = None
    assert note(peer, *batch) == ["noted"] * 3
    assert room.receipts.count((second.id, "stored")) == 1


# Heads in receipts


def test_head_in_a_receipt_is_witnessed(partner: KeyRing, peer: Peer, room: Room) -> None:
    head = notes.write("ilex/ilecu-mk", 7, b"r" * 32, partner.log)
    note(peer, receipt_of(partner, send(), "stored", head=head))
    assert Witnessed.objects.get().size == 7


def test_partner_that_holds_a_head_we_lost_makes_us_notice(
    ours: KeyRing, partner: KeyRing, peer: Peer, room: Room
) -> None:
    head = journal.grow()
    assert head is not None
    lost = notes.write("ilex/ilecu-rs", head.size + 50, b"r" * 32, ours.log)
    forged = notes.write("ilex/ilecu-rs", head.size + 50, b"r" * 32, partner.log)
    note(peer, receipt_of(partner, send(), "stored", witness=head.note))
    note(peer, receipt_of(partner, send(), "stored", witness=forged))
    assert not Line.objects.filter(act="head.lost").exists()
    for _ in range(2):
        note(peer, receipt_of(partner, send(), "stored", witness=lost))
    assert Line.objects.get(act="head.lost").detail["size"] == head.size + 50


# The relay's batch


def answers_for(partner: KeyRing, *envelopes: Envelope | Code) -> list[bytes]:
    return [
        Refused(one).line() if isinstance(one, Code) else b'{"receipt":"' + receipt_of(partner, one, "stored") + b'"}'
        for one in envelopes
    ]


def deliveries() -> list[Delivery]:
    return list(Delivery.objects.select_related("envelope").order_by("pk"))


def test_answers_of_a_batch_are_applied_each_to_its_delivery(partner: KeyRing, peer: Peer, room: Room) -> None:
    first, _second, _third, fourth = (send() for _ in range(4))
    answers = answers_for(partner, first, Code.EXPIRED, Code.PAUSED, fourth)
    assert actions.take_answers(answers, deliveries(), peer) == [None, None, Code.PAUSED, None]
    assert [delivery.state for delivery in deliveries()] == ["stored", "refused", "waiting", "stored"]
    assert deliveries()[1].code == "expired"
    assert Line.objects.get(act="delivery.refused").detail["code"] == "expired"


def test_error_from_a_stick_decides_nothing(partner: KeyRing, peer: Peer, room: Room) -> None:
    send()
    answers = answers_for(partner, Code.EXPIRED)
    assert actions.take_answers(answers, deliveries(), peer, trusted=False) == [Code.EXPIRED]
    assert deliveries()[0].state == "waiting"


def test_receipt_of_another_message_does_not_deliver_this_one(partner: KeyRing, peer: Peer, room: Room) -> None:
    _first, second = send(), send()
    (mine, _other) = deliveries()
    assert actions.take_answers(answers_for(partner, second), [mine], peer) == [Code.NOT_NOW]
    assert [delivery.state for delivery in deliveries()] == ["waiting", "stored"]


@pytest.mark.parametrize(
    "answers",
    [[], [b""], [b"[]"], [b"{}"], [b'{"receipt":5}'], [b'{"error":{"code":"strange"}}'], [b'{"receipt":"x.y.z"}']],
)
def test_answer_that_cannot_be_understood_means_try_again(
    partner: KeyRing, peer: Peer, room: Room, answers: list[bytes]
) -> None:
    send()
    assert actions.take_answers(answers, deliveries(), peer) == [Code.NOT_NOW]
    assert deliveries()[0].state == "waiting"


def test_message_that_could_not_be_opened_is_sealed_anew_for_the_newest_key(
    ours: KeyRing, partner: KeyRing, peer: Peer, room: Room, tmp_path: Path
) -> None:
    envelope = send()
    fresh = make_ring(tmp_path / "fresh", "ilecu-mk")
    PeerKey.objects.filter(use="open").update(kid=fresh.open_kid, key=json.dumps(fresh.open_jwk))
    answers = answers_for(partner, Code.CANNOT_OPEN)
    assert actions.take_answers(answers, deliveries(), peer) == [Code.CANNOT_OPEN]
    anew = Envelope.objects.get()
    assert open_sealed(bytes(anew.sealed or b""), fresh) == envelope.signed
    assert bytes(anew.digest) == bytes(envelope.digest)


def test_receipt_that_we_give_names_us_and_the_sender(ours: KeyRing, partner: KeyRing, peer: Peer, room: Room) -> None:
    (answer,) = actions.accept([letter(partner, ours)], partner.line.sha256)
    said = check_receipt(json.loads(answer)["receipt"], import_jwk(ours.seal.jwk))
    assert (said.by, said.sender) == ("ilecu-rs", "ilecu-mk")
