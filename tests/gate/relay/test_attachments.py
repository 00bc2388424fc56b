"""Attachments on the relay: resumed where they were cut, behind the mail, and every failure told."""

from __future__ import annotations

import time
from contextlib import closing
from datetime import timedelta

import pytest
from django.utils.timezone import now

from ilex.gate.bench.wire import Wire
from ilex.gate.carriers.https import HttpsCarrier
from ilex.gate.keys import KeyRing
from ilex.gate.models import Attachment, BlobDelivery, Delivery, Peer
from ilex.gate.relay import carry_once
from ilex.gate.relay.mail import carry_mail
from ilex.gate.store import open_stream, where
from tests.gate.lines import Node, free_port
from tests.gate.partners import Room
from tests.gate.relay.sending import again, attachment, send, states, whole_at_far

pytestmark = pytest.mark.django_db(transaction=True)

State = Delivery.State


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
