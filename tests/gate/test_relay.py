"""The relay between two real nodes: nothing lost, nothing twice, and every failure told and got over."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.models import Sum
from django.utils.timezone import now

from ilex.gate import relay
from ilex.gate.actions import accept, confirm, fingerprint_with, hand_over, pause, post, take_card
from ilex.gate.bench.wire import Wire
from ilex.gate.board import Up, up_of
from ilex.gate.carriers import Failure
from ilex.gate.carriers.https import HttpsCarrier
from ilex.gate.keys import KeyRing
from ilex.gate.models import Attachment, BlobDelivery, Delivery, Envelope, Peer, PeerKey, Receipt
from ilex.gate.patience import PAUSES, RETRIES, late_after, retry
from ilex.gate.patience import pause as breaker_pause
from ilex.gate.relay import carry_once
from ilex.gate.relay.mail import carry_mail
from ilex.gate.relay.watch import watch
from ilex.gate.store import open_stream, seal_stream, where
from ilex.journal.actions import grow
from ilex.journal.models import Line, Witnessed
from tests.gate.lines import Node, door, free_port, process, second_node, wait_until
from tests.gate.partners import Room, Words, card_of, letter, make_ring, make_unit

pytestmark = pytest.mark.django_db(transaction=True)

State = Delivery.State


@pytest.fixture
def far(ours: KeyRing, tmp_path: Path) -> Iterator[Node]:
    """The partner's node in Skopje, not yet paired."""
    with second_node("ilecu-mk", tmp_path / "far") as node:
        yield node


@pytest.fixture
def peer(far: Node, ours: KeyRing, room: Room) -> Iterator[Peer]:
    """Paired with us, its door open."""
    found = far.pair_with(ours, free_port())
    with far.door():
        yield found


def send(count: int = 1, papers: Sequence[Attachment] = (), to: str = "ilecu-mk") -> None:
    with transaction.atomic():
        for number in range(count):
            post("test.words", Words(text=f"Упит {number}"), to=[to], conversation=uuid4(), attachments=papers)


def states() -> list[str]:
    return list(Delivery.objects.order_by("id").values_list("state", flat=True))


def refreshed(peer: Peer) -> Peer:
    return Peer.objects.get(pk=peer.pk)


def again(peer: Peer) -> int:
    """The next round, as if the pause after a failure were over."""
    Peer.objects.update(next_try=None)
    Delivery.objects.update(next_try=now())
    return carry_once(refreshed(peer))


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

    def other() -> None:
        while True:
            carry_once(Peer.objects.get())

    with process(other) as second:
        wait_until(lambda: State.STORED in states())
        second.kill()
        second.join(10)
    assert State.WAITING in states()

    Delivery.objects.update(lease_until=None)  # the minute is over
    while carry_once(peer):
        pass
    assert set(states()) == {State.STORED}
    assert far.call(Envelope.objects.count) == 400


def test_failure_opens_the_breaker_and_tells_the_cause(ours: KeyRing, far: Node, room: Room) -> None:
    peer = far.pair_with(ours, free_port())
    send()

    assert carry_once(peer) == 0

    failed = refreshed(peer)
    assert failed.last_failure == f"Nobody listens at 127.0.0.1:{far.port} (connection refused)."
    assert failed.failures == 1
    assert failed.failing_since is not None
    assert failed.next_try is not None
    assert failed.next_try > now()
    assert Delivery.objects.get().lease_until is None

    with far.door():
        assert carry_once(failed) == 0  # still left alone
        assert again(failed) == 1
    healed = refreshed(peer)
    assert (healed.failures, healed.failing_since, healed.last_failure) == (0, None, "")


def test_pauses_grow_and_are_spread() -> None:
    assert [breaker_pause(count, lambda: 1.0).total_seconds() for count in range(1, 9)] == [*PAUSES, PAUSES[-1]]
    assert breaker_pause(3, lambda: 0.0) == timedelta(seconds=PAUSES[2] / 2)
    assert retry(99, lambda: 1.0) == timedelta(seconds=RETRIES[-1])


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


def test_paused_partner_is_asked_again_later(peer: Peer, far: Node) -> None:
    far.call(lambda: pause("ilecu-rs", by=None))
    send()

    carry_once(peer)

    delivery = Delivery.objects.get()
    assert delivery.state == State.WAITING
    assert delivery.next_try > now()
    assert delivery.lease_until is None


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


def attachment(size: int) -> Attachment:
    return seal_stream([os.urandom(size)], name="snimak.bin")


def whole_at_far(far: Node) -> list[bytes]:
    return far.call(
        lambda: [b"".join(open_stream(paper)) for paper in Attachment.objects.exclude(whole_at=None).order_by("order")]
    )


def test_attachment_follows_its_message(peer: Peer, far: Node) -> None:
    papers = [attachment(3_000_000), attachment(10)]
    plain = [b"".join(open_stream(paper)) for paper in papers]
    send(papers=papers)

    while carry_once(peer):
        pass

    assert whole_at_far(far) == plain
    assert BlobDelivery.objects.filter(done_at=None).count() == 0


def test_attachment_is_resumed_where_the_wire_was_cut(ours: KeyRing, far: Node, room: Room) -> None:
    peer = far.pair_with(ours, free_port())
    paper = attachment(20 * 2**20)
    send(papers=[paper])
    with far.door():
        wire = Wire(far.port, [1, 11_000_000, 3_000_000, 5_000])
        Peer.objects.update(endpoint=f"https://127.0.0.1:{wire.port}")
        until = time.monotonic() + 30
        while BlobDelivery.objects.filter(done_at=None).exists():
            assert time.monotonic() < until
            again(peer)
        wire.close()

    assert wire.cuts == []
    assert whole_at_far(far) == [b"".join(open_stream(paper))]
    assert wire.carried < paper.sealed_size + 2**20


def test_mail_goes_before_the_rest_of_an_attachment(peer: Peer, far: Node) -> None:
    class Busy(HttpsCarrier):
        """While a piece is on its way, an officer sends another message."""

        def send_blob(self, *arguments, **named):  # type: ignore[no-untyped-def]
            send()
            return super().send_blob(*arguments, **named)

    send(papers=[attachment(20 * 2**20)])
    carry_once(peer, Busy())

    assert BlobDelivery.objects.get().sent == 0
    assert BlobDelivery.objects.get().lease_until is None
    carry_once(peer)
    assert states() == [State.STORED, State.STORED]
    assert whole_at_far(far) != []


def test_full_quota_is_told_at_the_attachment_and_tried_again(peer: Peer, far: Node) -> None:
    send(papers=[attachment(1000)])
    with closing(HttpsCarrier()) as carrier:
        carry_mail(peer, carrier)
    far.call(lambda: Peer.objects.update(quota=100))

    carry_once(peer)
    assert Attachment.objects.get().failure == "The partner's space for our attachments is used up."
    assert BlobDelivery.objects.get().next_try > now() + timedelta(minutes=50)

    far.call(lambda: Peer.objects.update(quota=10_000))
    BlobDelivery.objects.update(next_try=now())
    carry_once(peer)
    assert Attachment.objects.get().failure == ""
    assert len(whole_at_far(far)) == 1


def test_attachment_that_is_gone_from_our_disk_is_told(peer: Peer) -> None:
    paper = attachment(1000)
    send(papers=[paper])
    where(paper.sealed_digest).unlink()

    carry_once(peer)

    assert Attachment.objects.get().failure == "The file snimak.bin is not on this node's disk."
    assert states() == [State.STORED]


def test_attachment_damaged_on_our_disk_is_told_and_not_sent_for_ever(peer: Peer, far: Node) -> None:
    paper = attachment(1000)
    send(papers=[paper])
    where(paper.sealed_digest).write_bytes(bytes(paper.sealed_size))

    carry_once(peer)

    assert "is damaged on this node's disk" in Attachment.objects.get().failure
    assert BlobDelivery.objects.get().next_try > now() + timedelta(minutes=50)
    assert whole_at_far(far) == []


def test_partner_proves_its_journal_to_us(peer: Peer, far: Node) -> None:
    for _round in range(3):
        send()
        far.call(grow)
        carry_once(peer)
    far.call(grow)
    carry_once(peer)

    assert Witnessed.objects.filter(origin="ilecu-mk").count() >= 2
    assert set(Witnessed.objects.values_list("state", flat=True)) == {Witnessed.State.PROVEN}


def test_idle_partner_is_asked_whether_it_is_there(peer: Peer) -> None:
    assert carry_once(peer) == 1
    assert carry_once(peer) == 0

    assert refreshed(peer).last_up_at is not None


def test_partner_that_swallows_everything_does_not_hold_the_others(
    peer: Peer, far: Node, ours: KeyRing, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as black_hole:
        hole = make_ring(tmp_path / "hole", "ilecu-hu", f"https://127.0.0.1:{black_hole.getsockname()[1]}")
        make_unit("ilecu-hu")
        take_card(card_of(hole, f"https://127.0.0.1:{black_hole.getsockname()[1]}"))
        confirm("ilecu-hu", fingerprint_with("ilecu-hu"))
        send(to="ilecu-hu")
        stop = threading.Event()
        running = threading.Thread(target=relay.run, args=(stop,))
        running.start()
        try:
            time.sleep(1)
            send(3)
            wait_until(lambda: Delivery.objects.filter(peer=peer, state=State.STORED).count() == 3, seconds=5)
        finally:
            stop.set()
            running.join(30)

    assert not running.is_alive()
    assert Delivery.objects.get(peer="ilecu-hu").state == State.WAITING
