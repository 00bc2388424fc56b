"""What the relay looks after: messages that are late or out of date, and a clock that was set back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.timezone import now

from ilex.gate.actions import hand_over
from ilex.gate.board import Up, up_of
from ilex.gate.carriers import Failure
from ilex.gate.carriers.https import HttpsCarrier
from ilex.gate.keys import KeyRing
from ilex.gate.models import BlobDelivery, Delivery, Envelope, Peer, Receipt
from ilex.gate.patience import late_after
from ilex.gate.relay import carry_once
from ilex.gate.relay.watch import watch
from ilex.journal.models import Line
from tests.gate.lines import Node, door, free_port
from tests.gate.partners import Room
from tests.gate.relay.sending import attachment, refreshed, send, states, whole_at_far

pytestmark = pytest.mark.django_db(transaction=True)

State = Delivery.State


def test_expired_message_is_given_up_and_told(peer: Peer) -> None:
    send(2)
    first = Envelope.objects.order_by("at")[0]
    Envelope.objects.filter(pk=first.pk).update(expires=now() - timedelta(seconds=1))

    carry_once(peer)
    assert watch() == 1

    assert sorted(states()) == [State.EXPIRED, State.STORED]
    line = Line.objects.get(act="delivery.expired")
    assert (line.object_id, line.recipients) == (str(first.id), ["ilecu-mk"])
    assert watch() == 0


def test_message_that_was_taken_in_is_not_called_expired_though_its_receipt_was_lost(
    ours: KeyRing, far: Node, room: Room
) -> None:
    """The answer with `stored` is lost on the way; `processed` comes, and then the time to live is over."""

    class Deaf(HttpsCarrier):
        def deliver(self, *arguments, **named):  # type: ignore[no-untyped-def]
            super().deliver(*arguments, **named)
            raise Failure("The line broke.")

    port = free_port()
    peer = far.pair_with(ours, port)
    with far.door(), door(port=port):
        send()
        carry_once(peer, Deaf())
        far.call(hand_over)
        far.call(lambda: carry_once(Peer.objects.get()))
    assert states() == [State.WAITING]
    assert Receipt.objects.get(way="in").kind == Receipt.Kind.PROCESSED

    Envelope.objects.update(expires=now() - timedelta(seconds=1))
    assert watch() == 1

    assert states() == [State.PROCESSED]
    assert Delivery.objects.get().stored_at is not None
    assert Line.objects.get(act="delivery.settled").recipients == ["ilecu-mk"]
    assert not Line.objects.filter(act="delivery.expired").exists()
    assert watch() == 0


def test_message_that_was_refused_is_not_called_expired(peer: Peer) -> None:
    send()
    Delivery.objects.update(code="unsupported")
    Envelope.objects.update(expires=now() - timedelta(seconds=1))

    assert watch() == 1

    assert states() == [State.REFUSED]


def test_late_receipt_is_told_once(peer: Peer) -> None:
    send(2)
    first = Envelope.objects.order_by("at")[0]
    Envelope.objects.filter(pk=first.pk).update(at=now() - timedelta(minutes=11))

    assert watch() == 1
    assert watch() == 0

    assert Delivery.objects.get(late_told_at__isnull=False).envelope == first
    assert Line.objects.filter(act="delivery.late").count() == 1


def test_what_a_stick_carries_is_late_only_after_days(peer: Peer) -> None:
    send()
    Peer.objects.update(carrier=Peer.Carrier.FILE)
    Envelope.objects.update(at=now() - timedelta(days=2))
    assert watch() == 0

    Envelope.objects.update(at=now() - timedelta(days=4))
    assert watch() == 1


def test_message_from_tomorrow_is_late_for_the_clock_was_set_back(peer: Peer) -> None:
    send(2)
    first = Envelope.objects.order_by("at")[0]
    Envelope.objects.filter(pk=first.pk).update(at=now() + timedelta(days=1))

    assert watch() == 1

    assert Delivery.objects.get(late_told_at__isnull=False).envelope == first


@pytest.mark.parametrize("column", ["lease_until", "next_try"])
def test_pause_noted_for_tomorrow_is_not_waited_for(peer: Peer, far: Node, column: str) -> None:
    """Nobody notes a pause of a day: the clock was set back since."""
    send(papers=[attachment(10)])
    Delivery.objects.update(**{column: now() + timedelta(days=1)})
    BlobDelivery.objects.update(**{column: now() + timedelta(days=1)})
    Peer.objects.update(next_try=now() + timedelta(days=1), last_up_at=now() + timedelta(days=1))

    carry_once(refreshed(peer))

    assert states() == [State.STORED]
    assert len(whole_at_far(far)) == 1
    assert up_of(refreshed(peer), now()) == Up.UP
    assert abs((refreshed(peer).last_up_at or now()) - now()) < timedelta(hours=1)


def test_receipt_put_off_until_tomorrow_is_carried_now(ours: KeyRing, far: Node, room: Room) -> None:
    port = free_port()
    peer = far.pair_with(ours, port)
    with far.door(), door(port=port):
        send()
        carry_once(peer)
        far.call(hand_over)
        far.call(lambda: Receipt.objects.update(next_try=now() + timedelta(days=1)))
        far.call(lambda: carry_once(Peer.objects.get()))

    assert states() == [State.PROCESSED]


def test_room_may_say_how_soon_its_messages_are_late(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ilex.gate.patience._late_by_type", {})
    late_after("test.words", timedelta(minutes=1))
    send()
    Envelope.objects.update(at=now() - timedelta(minutes=2))

    assert watch() == 1
