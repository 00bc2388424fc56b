"""Taking in: exactly once, whatever the rooms say and however many processes try."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from ilex.gate import actions, registry
from ilex.gate.keys import KeyRing
from ilex.gate.models import Envelope, Peer, Receipt
from ilex.gate.receipts import check_receipt
from ilex.gate.registry import Arrived, NotYet, Refuse
from ilex.gate.signing import import_jwk
from ilex.journal.models import Line
from ilex.units.models import Contact, Organisation
from tests.gate.partners import Room, Words, letter, make_ana, manifest

pytestmark = pytest.mark.django_db


def arrive(ours: KeyRing, partner: KeyRing, *texts: str) -> None:
    lines = [letter(partner, ours, {"text": text}) for text in texts]
    assert len(actions.accept(lines, partner.line.sha256)) == len(texts)


def note_down(arrived: Arrived) -> None:
    """An effect that stands in the database: one row for each message."""
    Contact.objects.create(organisation=arrived.sender, kind="test", value=arrived.body.text)


def notes() -> list[str]:
    return sorted(Contact.objects.filter(kind="test").values_list("value", flat=True))


def test_room_gets_the_message_with_its_sender_body_and_attachments(
    ours: KeyRing, partner: KeyRing, peer: Peer, room: Room
) -> None:
    papers = [manifest(name="a.pdf"), manifest(name="b.pdf")]
    actions.accept([letter(partner, ours, attachments=papers)], partner.line.sha256)
    assert actions.hand_over() == 1
    (arrived,) = room.arrived
    assert arrived.sender == Organisation.objects.get(pk="ilecu-mk")
    assert arrived.body.text == "Добар дан"
    assert [paper.name for paper in arrived.attachments] == ["a.pdf", "b.pdf"]
    envelope = Envelope.objects.get()
    assert envelope.state == Envelope.State.TAKEN
    assert envelope.taken_at is not None


def test_taken_message_leaves_a_line_and_a_signed_receipt(
    ours: KeyRing, partner: KeyRing, peer: Peer, room: Room
) -> None:
    arrive(ours, partner, "x")
    actions.hand_over()
    waiting = Receipt.objects.get(kind=Receipt.Kind.PROCESSED)
    assert waiting.sent_at is None
    said = check_receipt(waiting.signed, import_jwk(ours.seal.jwk))
    assert (said.of, said.kind, said.code) == (Envelope.objects.get().id, "processed", "")
    assert Line.objects.filter(act="envelope.taken").count() == 1


def test_nothing_is_taken_in_twice(ours: KeyRing, partner: KeyRing, peer: Peer, room: Room) -> None:
    room.effect = note_down
    arrive(ours, partner, "a", "b")
    assert [actions.hand_over() for _ in range(3)] == [2, 0, 0]
    assert notes() == ["a", "b"]


def test_no_more_than_asked_for_are_taken_at_once_and_the_oldest_first(
    ours: KeyRing, partner: KeyRing, peer: Peer, room: Room
) -> None:
    for number in range(5):
        arrive(ours, partner, str(number))
    assert actions.hand_over(limit=3) == 3
    assert room.texts == ["0", "1", "2"]


@pytest.mark.django_db(transaction=True)
def test_several_processes_share_the_work_and_repeat_nothing(
    ours: KeyRing, partner: KeyRing, peer: Peer, room: Room
) -> None:
    room.effect = note_down
    texts = [f"{number:02d}" for number in range(60)]
    arrive(ours, partner, *texts)

    def work(_number: int) -> int:
        try:
            return sum(iter(lambda: actions.hand_over(limit=7), 0))
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as threads:
        done = sum(threads.map(work, range(5)))
    assert done == 60
    assert notes() == texts
    assert Receipt.objects.filter(kind=Receipt.Kind.PROCESSED).count() == 60


def test_message_before_what_it_belongs_to_waits_with_growing_pauses(
    ours: KeyRing, partner: KeyRing, peer: Peer, room: Room
) -> None:
    def not_yet(arrived: Arrived) -> None:
        note_down(arrived)
        raise NotYet

    room.effect = not_yet
    arrive(ours, partner, "early")
    now = timezone.now()
    assert actions.hand_over(at=now) == 1
    assert actions.hand_over(at=now) == 0
    first = Envelope.objects.get()
    assert first.state == Envelope.State.WAITING
    assert actions.hand_over(at=first.next_try) == 1
    second = Envelope.objects.get()
    assert first.next_try is not None
    assert second.next_try is not None
    assert second.next_try - first.next_try > first.next_try - now
    assert notes() == []
    assert not Receipt.objects.exclude(kind=Receipt.Kind.STORED).exists()


def test_message_put_off_until_tomorrow_is_looked_at_when_the_clock_was_set_back(
    ours: KeyRing, partner: KeyRing, peer: Peer, room: Room
) -> None:
    room.effect = note_down
    arrive(ours, partner, "today")
    Envelope.objects.update(next_try=timezone.now() + timedelta(days=1), tries=3)
    assert actions.hand_over() == 1
    assert notes() == ["today"]


def test_answer_that_overtook_its_request_is_taken_right_after_it(
    ours: KeyRing, partner: KeyRing, peer: Peer, room: Room
) -> None:
    conversation = uuid4()

    def in_order(arrived: Arrived) -> None:
        if arrived.body.text == "answer" and "request" not in notes():
            raise NotYet
        note_down(arrived)

    room.effect = in_order
    answer = letter(partner, ours, {"text": "answer"}, conversation=conversation, sequence=2)
    request = letter(partner, ours, {"text": "request"}, conversation=conversation)
    actions.accept([answer], partner.line.sha256)
    actions.hand_over()
    actions.accept([request], partner.line.sha256)
    actions.hand_over()
    actions.hand_over()
    assert room.texts == ["request", "answer"]


def test_message_whose_conversation_never_comes_is_refused_after_seven_days(
    ours: KeyRing, partner: KeyRing, peer: Peer, room: Room
) -> None:
    def not_yet(_arrived: Arrived) -> None:
        raise NotYet

    room.effect = not_yet
    arrive(ours, partner, "early")
    actions.hand_over(at=timezone.now() + timedelta(days=6, hours=23))
    assert Envelope.objects.get().state == Envelope.State.WAITING
    actions.hand_over(at=timezone.now() + timedelta(days=7, hours=2))
    assert Envelope.objects.get().state == Envelope.State.REFUSED
    assert Receipt.objects.get(kind=Receipt.Kind.REFUSED).code == "no-conversation"


def test_refused_message_is_kept_and_its_sender_told_the_code(
    ours: KeyRing, partner: KeyRing, peer: Peer, room: Room
) -> None:
    def refuse(arrived: Arrived) -> None:
        note_down(arrived)
        raise Refuse("not-competent", "This unit does not handle it.")

    room.effect = refuse
    arrive(ours, partner, "x")
    actions.hand_over()
    envelope = Envelope.objects.get()
    assert (envelope.state, envelope.failure) == (Envelope.State.REFUSED, "This unit does not handle it.")
    assert envelope.signed
    assert notes() == []
    refused = Receipt.objects.get(kind=Receipt.Kind.REFUSED)
    assert check_receipt(refused.signed, import_jwk(ours.seal.jwk)).code == "not-competent"
    assert Line.objects.get(act="envelope.refused").detail["code"] == "not-competent"


@pytest.mark.parametrize(
    ("members", "body", "code"),
    [
        ({"type": "plan.new"}, {"text": "x"}, "unsupported"),
        ({"version": 2}, {"text": "x"}, "unsupported"),
        ({}, {"text": 5}, "malformed"),
        ({}, {"text": "x", "more": "y"}, "malformed"),
        ({}, {}, "malformed"),
    ],
    ids=str,
)
def test_message_that_no_room_understands_is_kept_and_refused(
    ours: KeyRing,
    partner: KeyRing,
    peer: Peer,
    room: Room,
    members: dict[str, object],
    body: dict[str, object],
    code: str,
) -> None:
    actions.accept([letter(partner, ours, body, **members)], partner.line.sha256)
    actions.hand_over()
    assert Envelope.objects.get().state == Envelope.State.REFUSED
    assert Receipt.objects.get(kind=Receipt.Kind.REFUSED).code == code
    assert room.arrived == []


def test_one_message_at_which_a_room_fails_does_not_hold_the_others(
    ours: KeyRing, partner: KeyRing, peer: Peer, room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    def stumble(arrived: Arrived) -> None:
        note_down(arrived)
        if arrived.body.text == "Петар":
            raise RuntimeError(f"cannot cope with {arrived.body.text}")

    room.effect = stumble
    arrive(ours, partner, "Ана", "Петар", "Цеца")
    with caplog.at_level(logging.ERROR):
        assert actions.hand_over() == 3
    assert notes() == ["Ана", "Цеца"]
    waiting = Envelope.objects.get(state=Envelope.State.WAITING)
    assert waiting.failure == "RuntimeError"
    assert "RuntimeError" in caplog.text
    assert "Петар" not in caplog.text


@pytest.fixture
def hall(room: Room) -> Iterator[Room]:
    """A room that takes in several at once, unless one of them says "alone"."""
    hall = Room()

    def take_in_many(letters: Sequence[Arrived]) -> None:
        for arrived in letters:
            note_down(arrived)
            if arrived.body.text == "alone":
                raise Refuse("not-here", "This one is for nobody here.")
        hall.together.append([arrived.body.text for arrived in letters])

    registry.forget(room.type)
    hall.type = replace(hall.type, take_in_many=take_in_many)
    registry.register(hall.type)
    yield hall
    registry.forget(hall.type)
    registry.register(room.type)


def test_room_that_can_gets_what_came_together_at_once(ours: KeyRing, partner: KeyRing, peer: Peer, hall: Room) -> None:
    arrive(ours, partner, "a", "b", "c")
    assert actions.hand_over() == 3
    assert [sorted(texts) for texts in hall.together] == [["a", "b", "c"]]
    assert hall.texts == []
    assert Receipt.objects.filter(kind=Receipt.Kind.PROCESSED).count() == 3


def test_message_that_a_room_cannot_take_with_the_others_is_looked_at_alone(
    ours: KeyRing, partner: KeyRing, peer: Peer, hall: Room
) -> None:
    def refuse_alone(arrived: Arrived) -> None:
        if arrived.body.text == "alone":
            raise Refuse("not-here", "This one is for nobody here.")
        note_down(arrived)

    hall.effect = refuse_alone
    arrive(ours, partner, "a", "alone", "c")
    assert actions.hand_over() == 3
    assert hall.together == []
    assert sorted(hall.texts) == notes() == ["a", "c"]
    assert sorted(Receipt.objects.exclude(kind=Receipt.Kind.STORED).values_list("kind", "code")) == [
        ("processed", ""),
        ("processed", ""),
        ("refused", "not-here"),
    ]


def test_message_is_taken_once_the_room_can_cope(ours: KeyRing, partner: KeyRing, peer: Peer, room: Room) -> None:
    broken = True

    def stumble(arrived: Arrived) -> None:
        note_down(arrived)
        if broken:
            raise RuntimeError

    room.effect = stumble
    arrive(ours, partner, "x")
    actions.hand_over()
    broken = False
    actions.hand_over(at=timezone.now() + timedelta(hours=1))
    assert notes() == ["x"]
    assert Envelope.objects.get().failure == ""


def test_fault_of_the_database_in_one_message_does_not_hold_the_others(
    ours: KeyRing, partner: KeyRing, peer: Peer, room: Room
) -> None:
    def collide(arrived: Arrived) -> None:
        note_down(arrived)
        if arrived.body.text == "b":
            raise IntegrityError

    room.effect = collide
    arrive(ours, partner, "a", "b", "c")
    assert actions.hand_over() == 3
    assert notes() == ["a", "c"]
    assert Envelope.objects.get(state=Envelope.State.WAITING).failure == "IntegrityError"


@pytest.mark.django_db(transaction=True)
def test_effect_that_only_fails_at_the_commit_does_not_hold_the_others(
    ours: KeyRing, partner: KeyRing, peer: Peer, room: Room
) -> None:
    def break_at_commit(arrived: Arrived) -> None:
        note_down(arrived)
        if arrived.body.text == "b":
            # A deferred constraint: the unit named here does not exist, which only the commit finds out.
            Contact.objects.create(organisation_id="nowhere", kind="test", value="never")

    room.effect = break_at_commit
    arrive(ours, partner, "a", "b", "c")
    actions.hand_over()
    assert notes() == ["a", "c"]
    assert Receipt.objects.filter(kind=Receipt.Kind.PROCESSED).count() == 2
    actions.hand_over(at=timezone.now() + timedelta(hours=1))
    assert notes() == ["a", "c"]


# Read receipts


def test_sender_is_told_once_that_its_message_was_opened_and_not_by_whom(
    ours: KeyRing, partner: KeyRing, peer: Peer, room: Room
) -> None:
    ana = make_ana()
    arrive(ours, partner, "x")
    actions.hand_over()
    envelope = Envelope.objects.get()
    assert actions.read(envelope, ana) is True
    assert actions.read(envelope, ana) is False
    receipt = Receipt.objects.get(kind=Receipt.Kind.READ)
    said = check_receipt(receipt.signed, import_jwk(ours.seal.jwk))
    assert "ana" not in said.model_dump_json().lower()
    assert Line.objects.get(act="envelope.read").by == str(ana.pk)


def test_own_message_gives_no_read_receipt(peer: Peer, room: Room) -> None:
    envelope = actions.post("test.words", Words(text="x"), to=["ilecu-mk"], conversation=uuid4())
    assert actions.read(envelope, make_ana()) is False
