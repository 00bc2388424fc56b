"""The relay between two real nodes: nothing lost, nothing twice, and every failure told and got over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from threading import Event

import pytest
from django.db.models import Sum
from django.utils.timezone import now

from ilex.gate.actions import accept, hand_over
from ilex.gate.board import Up, up_of
from ilex.gate.carriers.https import HttpsCarrier
from ilex.gate.keys import KeyRing
from ilex.gate.models import Delivery, Envelope, Peer, PeerKey, Receipt
from ilex.gate.relay import carry_once, run
from ilex.journal.models import Line
from tests.gate.lines import Node, door, free_port, process, wait_until
from tests.gate.partners import Room, letter
from tests.gate.relay.sending import refreshed, send, states

pytestmark = pytest.mark.django_db(transaction=True)

State = Delivery.State


def test_message_arrives_and_its_receipt_is_kept(peer: Peer, far: Node) -> None:
    send()

    assert carry_once(peer) == 1

    assert states() == [State.STORED]
    assert far.call(lambda: list(Envelope.objects.values_list("state", flat=True))) == [Envelope.State.WAITING]
    assert Receipt.objects.get(way="in").kind == Receipt.Kind.STORED
    assert Envelope.objects.get().sealed is None
    assert up_of(refreshed(peer), now()) == Up.UP


def test_many_messages_go_in_batches_and_each_has_its_own_receipt(peer: Peer, far: Node) -> None:
    send(230)

    assert [carry_once(peer) for _round in range(3)] == [100, 100, 30]

    assert set(states()) == {State.STORED}
    assert Receipt.objects.filter(way="in", kind="stored").values("envelope").distinct().count() == 230
    assert far.call(Envelope.objects.count) == 230


def test_word_of_the_other_side_comes_back(ours: KeyRing, far: Node, room: Room) -> None:
    port = free_port()
    peer = far.pair_with(ours, port)
    with far.door(), door(port=port):
        send()
        carry_once(peer)
        far.call(hand_over)
        assert far.call(lambda: carry_once(Peer.objects.get())) == 1

    assert states() == [State.PROCESSED]
    assert far.call(lambda: Receipt.objects.filter(way="out", sent_at=None).count()) == 0


def test_answer_that_was_lost_does_no_harm(peer: Peer, far: Node) -> None:
    """The envelope is carried a second time and the same receipt comes back."""
    send()
    sealed = Envelope.objects.get().sealed
    carry_once(peer)
    first = Receipt.objects.get(way="in").signed
    Receipt.objects.all().delete()
    Delivery.objects.update(state=State.WAITING, lease_until=None)
    Envelope.objects.update(sealed=sealed)

    assert carry_once(peer) == 1

    assert states() == [State.STORED]
    assert Receipt.objects.get(way="in").signed == first
    assert far.call(Envelope.objects.count) == 1


def test_what_another_relay_holds_is_left_alone_until_its_lease_is_over(peer: Peer) -> None:
    send()
    Delivery.objects.update(lease_until=now() + timedelta(seconds=60))
    carry_once(peer)
    assert states() == [State.WAITING]

    Delivery.objects.update(lease_until=now() - timedelta(seconds=1))
    carry_once(peer)
    assert states() == [State.STORED]


def test_two_relays_at_once_send_nothing_twice(peer: Peer, far: Node) -> None:
    send(300)

    def other() -> None:
        while carry_once(Peer.objects.get()):
            pass

    with process(other) as second:
        while Delivery.objects.filter(state=State.WAITING).exists():
            carry_once(peer)
        second.join(10)

    assert set(states()) == {State.STORED}
    assert Delivery.objects.aggregate(sum=Sum("attempts"))["sum"] == 300
    assert far.call(Envelope.objects.count) == 300


def test_relay_that_is_killed_in_the_middle_loses_nothing(peer: Peer, far: Node) -> None:
    send(400)

    with process(lambda: run(Event())) as second:
        wait_until(lambda: State.STORED in states())
        second.kill()
        second.join(10)
    assert State.WAITING in states()

    Delivery.objects.update(lease_until=None)  # the minute is over
    while carry_once(peer):
        pass
    assert set(states()) == {State.STORED}
    assert far.call(Envelope.objects.count) == 400


def test_only_what_was_answered_is_settled(peer: Peer) -> None:
    class Interrupted(HttpsCarrier):
        def deliver(self, peer: Peer, lines: Sequence[bytes]) -> list[bytes]:
            return super().deliver(peer, lines)[:2]

    send(5)

    assert carry_once(peer, Interrupted()) == 2

    assert states() == [State.STORED] * 2 + [State.WAITING] * 3
    assert not Delivery.objects.filter(state=State.WAITING, lease_until__isnull=False).exists()


def test_message_that_can_never_be_taken_is_refused_for_good(peer: Peer) -> None:
    send(2)
    Envelope.objects.filter(pk=Envelope.objects.order_by("at")[0].pk).update(sealed=b'{"not":"an envelope"}')

    carry_once(peer)

    assert sorted(states()) == [State.REFUSED, State.STORED]
    assert Delivery.objects.get(state=State.REFUSED).code == "malformed"
    assert Line.objects.filter(act="delivery.refused").count() == 1


def test_our_receipt_for_a_message_the_partner_lost_is_carried_no_longer(peer: Peer, far: Node, ours: KeyRing) -> None:
    accept([letter(far.ring, ours)], None)
    assert hand_over() == 1
    assert Receipt.objects.filter(way="out", sent_at=None).count() == 2

    carry_once(peer)

    assert Receipt.objects.filter(way="out", sent_at=None).count() == 0
    given_up = Line.objects.filter(act="receipt.given-up")
    assert [line.detail["code"] for line in given_up] == ["unknown-message"] * 2


def test_receipt_that_cannot_be_noted_now_is_carried_later(peer: Peer, far: Node, ours: KeyRing) -> None:
    accept([letter(far.ring, ours)], None)
    far.call(lambda: PeerKey.objects.filter(use=PeerKey.Use.SEAL).update(until=now()))

    carry_once(peer)

    receipt = Receipt.objects.get(way="out")
    assert receipt.sent_at is None
    assert receipt.next_try is not None
    assert receipt.next_try > now()
