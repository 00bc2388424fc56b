"""The network board tells each partner's state in words, with a fixed number of queries."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils.timezone import now
from pytest_django import DjangoAssertNumQueries

from ilex.gate import board as boards
from ilex.gate.actions import fingerprint_with, pause, post
from ilex.gate.board import Up, board, measure_answers_with, undelivered
from ilex.gate.keys import KeyRing
from ilex.gate.models import BlobDelivery, Delivery, Peer, PeerKey
from ilex.gate.store import seal_stream
from ilex.journal.models import Witnessed
from tests.gate.lines import made_line
from tests.gate.partners import Room, Words, make_ring, pair

pytestmark = pytest.mark.django_db


def only_line() -> boards.PeerLine:
    (line,) = board()
    return line


def test_new_partner_is_silent_until_something_is_heard(peer: Peer) -> None:
    assert only_line().up == Up.SILENT

    Peer.objects.update(last_up_at=now())
    assert only_line().up == Up.UP
    assert only_line().words == "The line is up."


def test_partner_heard_three_minutes_ago_is_silent(peer: Peer) -> None:
    Peer.objects.update(last_up_at=now() - timedelta(minutes=3))

    assert only_line().up == Up.SILENT


def test_failing_line_tells_the_cause(peer: Peer) -> None:
    Peer.objects.update(failing_since=now(), last_failure="Nobody listens at 127.0.0.1:9443 (connection refused).")

    assert only_line().up == Up.FAILING
    assert only_line().words == "The line fails. Nobody listens at 127.0.0.1:9443 (connection refused)."


def test_partner_with_a_stick_has_no_line_to_be_up(peer: Peer) -> None:
    Peer.objects.update(carrier=Peer.Carrier.FILE)

    assert only_line().words == "Mail is carried by hand."


def test_paused_partner_is_told_as_paused(peer: Peer) -> None:
    pause(peer.pk, by=None)

    assert (only_line().up, only_line().words) == (Up.CLOSED, "Paused")


def test_backlog_counts_messages_and_bytes_with_attachments(peer: Peer, room: Room) -> None:
    attachment = seal_stream([b"a" * 5000], name="a.txt")
    envelopes = [
        post("test.words", Words(text="Упит"), to=[peer.pk], conversation=uuid4(), attachments=papers)
        for papers in ([attachment], [])
    ]

    backlog = only_line().backlog
    sealed = sum(len(envelope.sealed or b"") for envelope in envelopes)
    assert (backlog.messages, backlog.bytes) == (2, sealed + attachment.sealed_size)
    assert backlog.oldest == envelopes[0].at

    Delivery.objects.update(state=Delivery.State.STORED)
    BlobDelivery.objects.update(sent=1000)
    assert only_line().backlog == boards.Backlog(0, attachment.sealed_size - 1000, None)


def test_fingerprint_is_the_one_compared_by_telephone(peer: Peer) -> None:
    assert only_line().fingerprint == fingerprint_with(peer.pk)


def test_end_of_the_certificate_is_warned_of(peer: Peer, tmp_path: Path) -> None:
    assert not only_line().certificate_ends_soon

    ending = made_line(tmp_path, peer.pk, now() - timedelta(days=370))
    PeerKey.objects.filter(use=PeerKey.Use.TLS).update(key=ending.pem)

    assert only_line().certificate_ends_soon
    assert (only_line().certificate_until or now()) > now()


def witness(size: int, state: str) -> None:
    Witnessed.objects.create(
        origin="ilecu-mk", size=size, root=bytes(32), note="", came_at=now(), said_at=now(), state=state
    )


def test_journal_of_the_partner_is_told_in_words(peer: Peer) -> None:
    assert only_line().heads.words == "No head of the partner's journal has come yet."

    witness(10, "proven")
    assert only_line().heads.words == "Proven to line 10."

    witness(15, "seen")
    assert only_line().heads.words == "Proven to line 10; the proof for line 15 is asked for."

    witness(12, "fork")
    assert only_line().heads.words == "The partner's journal contradicts itself. Call the unit."


def test_median_answer_time_comes_from_the_room_that_knows_requests(
    peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(boards, "_answers", dict)
    assert only_line().median_answer is None

    measure_answers_with(lambda: {"ilecu-mk": timedelta(hours=5)})

    assert only_line().median_answer == timedelta(hours=5)


def test_trouble_stands_first_and_queries_do_not_grow_with_the_network(
    peer: Peer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr(boards, "_answers", dict)  # how long answers take is another room's question
    board()  # the own card is made at the first look
    with django_assert_num_queries(5):
        board()

    pair(make_ring(tmp_path / "third", "ilecu-hu"))
    pair(make_ring(tmp_path / "fourth", "ilecu-ro"))
    Peer.objects.filter(pk="ilecu-ro").update(failing_since=now())

    with django_assert_num_queries(5):
        lines = board()
    assert lines[0].peer.pk == "ilecu-ro"
    assert len(lines) == 3


def test_desk_sees_what_did_not_arrive(peer: Peer, room: Room, ours: KeyRing) -> None:
    for _ in range(4):
        post("test.words", Words(text="Упит"), to=[peer.pk], conversation=uuid4())
    on_its_way, late, refused, arrived = Delivery.objects.order_by("id")
    Delivery.objects.filter(pk=late.pk).update(late_told_at=now())
    Delivery.objects.filter(pk=refused.pk).update(state=Delivery.State.REFUSED, code="not-for-us")
    Delivery.objects.filter(pk=arrived.pk).update(state=Delivery.State.STORED)

    assert list(undelivered()) == [refused, late]
    assert on_its_way not in undelivered()
