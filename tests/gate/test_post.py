from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pydantic import BaseModel

from ilex.gate import actions
from ilex.gate.errors import GateError, Unreachable
from ilex.gate.keys import KeyRing
from ilex.gate.models import Attachment, BlobDelivery, Delivery, Envelope, Peer
from ilex.gate.seal import check, open_sealed
from ilex.gate.signing import import_jwk
from ilex.journal import actions as journal
from ilex.journal.models import Line
from tests.gate.partners import Room, Words, make_ana, make_ring, pair

pytestmark = pytest.mark.django_db


def paper(name: str = "annex.pdf") -> Attachment:
    return Attachment(
        name=name,
        media="application/pdf",
        size=1000,
        digest=b"d" * 32,
        sealed_size=1056,
        sealed_digest=b"s" * 32,
        key=b"k" * 32,
        arrived=1056,
        whole_at=timezone.now(),
    )


def test_posted_message_can_be_opened_by_its_recipient_alone(
    ours: KeyRing, partner: KeyRing, peer: Peer, room: Room
) -> None:
    conversation = uuid4()
    envelope = actions.post("test.words", Words(text="Здраво"), to=["ilecu-mk"], conversation=conversation)
    assert envelope.sealed is not None
    content = check(open_sealed(bytes(envelope.sealed), partner), import_jwk(ours.seal.jwk))
    assert content.body == {"text": "Здраво"}
    assert (content.sender, content.recipients, content.sequence) == ("ilecu-rs", ["ilecu-mk"], 1)
    assert (content.id, content.conversation) == (envelope.id, conversation)
    assert (content.issued, content.expires) == (envelope.issued, envelope.expires)
    assert Delivery.objects.get().state == Delivery.State.WAITING
    with pytest.raises(Exception, match="cannot-open"):
        open_sealed(bytes(envelope.sealed), ours)


def test_one_envelope_goes_to_several_units(
    ours: KeyRing, partner: KeyRing, peer: Peer, room: Room, tmp_path: Path
) -> None:
    third = make_ring(tmp_path / "third", "ilecu-hu")
    pair(third)
    to = ["ilecu-mk", "ilecu-hu", "ilecu-mk"]
    envelope = actions.post("test.words", Words(text="x"), to=to, conversation=uuid4())
    assert envelope.recipients == ["ilecu-mk", "ilecu-hu"]
    assert Delivery.objects.count() == 2
    assert open_sealed(bytes(envelope.sealed or b""), third) == open_sealed(bytes(envelope.sealed or b""), partner)


def test_unit_that_is_not_paired_is_unreachable_and_nothing_is_posted(peer: Peer, room: Room) -> None:
    with pytest.raises(Unreachable, match="ilecu-hu"):
        actions.post("test.words", Words(text="x"), to=["ilecu-mk", "ilecu-hu"], conversation=uuid4())
    assert not Envelope.objects.exists()


def test_messages_of_a_conversation_are_numbered(peer: Peer, room: Room) -> None:
    first, second = uuid4(), uuid4()
    numbers = [
        actions.post("test.words", Words(text="x"), to=["ilecu-mk"], conversation=conversation).sequence
        for conversation in (first, first, second, first)
    ]
    assert numbers == [1, 2, 1, 3]


def message(text: str = "x", **facts: Any) -> actions.Message:
    usual: dict[str, Any] = {"type": "test.words", "to": ["ilecu-mk"], "conversation": uuid4()}
    return actions.Message(body=Words(text=text), **(usual | facts))


def test_many_messages_are_sealed_each_for_itself_and_written_in_few_statements(
    ours: KeyRing, partner: KeyRing, peer: Peer, room: Room
) -> None:
    conversation, texts = uuid4(), [f"{number}" for number in range(12)]
    with CaptureQueriesContext(connection) as trips:
        envelopes = actions.post_many([message(text, conversation=conversation) for text in texts])
    assert len(trips) == 4  # what must be known, and a table each
    opened = [check(open_sealed(bytes(one.sealed or b""), partner), import_jwk(ours.seal.jwk)) for one in envelopes]
    assert [one.body["text"] for one in opened] == texts
    assert [one.sequence for one in opened] == list(range(1, 13))
    assert Delivery.objects.filter(envelope__in=envelopes, state=Delivery.State.WAITING).count() == 12
    assert Line.objects.filter(act="envelope.sent").count() == 12


def test_one_message_that_cannot_be_posted_keeps_all_of_its_act_back(peer: Peer, room: Room) -> None:
    for wrong in (message(to=["ilecu-hu"]), message(handling="no such"), message("x" * 700_000)):
        with pytest.raises(GateError):
            actions.post_many([message(), wrong, message()])
    assert not Envelope.objects.exists()


def test_one_file_goes_with_several_messages_of_one_act(peer: Peer, room: Room) -> None:
    shared = paper()
    plain, first, second = actions.post_many([message(), message(attachments=[shared]), message(attachments=[shared])])
    assert not plain.attachments.exists()
    assert {first.attachments.get().pk, second.attachments.get().pk} > {shared.pk}
    assert BlobDelivery.objects.filter(delivery__envelope__in=[first, second]).count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_officers_who_write_at_once_get_different_numbers(peer: Peer, room: Room) -> None:
    conversation = uuid4()

    def write(_number: int) -> int:
        try:
            with transaction.atomic():
                posted = actions.post("test.words", Words(text="x"), to=["ilecu-mk"], conversation=conversation)
            return posted.sequence
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        assert sorted(threads.map(write, range(24))) == list(range(1, 25))


@pytest.mark.django_db(transaction=True)
def test_message_is_posted_with_its_act_or_not_at_all(peer: Peer, room: Room) -> None:
    with transaction.atomic():
        actions.post("test.words", Words(text="x"), to=["ilecu-mk"], conversation=uuid4())
        transaction.set_rollback(True)
    assert not Envelope.objects.exists()
    with pytest.raises(transaction.TransactionManagementError):
        actions.post("test.words", Words(text="x"), to=["ilecu-mk"], conversation=uuid4())


@pytest.mark.django_db(transaction=True)
def test_envelope_that_changes_without_a_journal_line_cannot_be_committed(peer: Peer, room: Room) -> None:
    with transaction.atomic():
        actions.post("test.words", Words(text="x"), to=["ilecu-mk"], conversation=uuid4())
    for change in (
        lambda: Envelope.objects.update(state=Envelope.State.TAKEN),
        lambda: Envelope.objects.all().delete(),
        lambda: Peer.objects.update(state=Peer.State.PAUSED),
        lambda: Peer.objects.update(serial=7),
    ):
        with pytest.raises(Exception, match="journal"), transaction.atomic():
            change()
    Peer.objects.update(failures=3)
    Envelope.objects.update(next_try=timezone.now())


def test_posting_is_a_disclosure_in_the_journal(peer: Peer, room: Room) -> None:
    ana = make_ana()
    actions.post("test.words", Words(text="Тајна"), to=["ilecu-mk"], conversation=uuid4(), by=ana)
    line = Line.objects.get(act="envelope.sent")
    assert (line.op, line.by, line.recipients) == ("disclosure", str(ana.pk), ["ilecu-mk"])
    assert "Тајна" not in json.dumps(line.detail, ensure_ascii=False)


def test_newest_head_of_our_journal_rides_along(ours: KeyRing, partner: KeyRing, peer: Peer, room: Room) -> None:
    head = journal.grow()
    envelope = actions.post("test.words", Words(text="x"), to=["ilecu-mk"], conversation=uuid4())
    content = check(open_sealed(bytes(envelope.sealed or b""), partner), import_jwk(ours.seal.jwk))
    assert head is not None
    assert content.journal_head == head.note


def test_message_that_is_too_large_is_told_before_anything_is_kept(peer: Peer, room: Room) -> None:
    with pytest.raises(GateError, match="attachment"):
        actions.post("test.words", Words(text="x" * 700_000), to=["ilecu-mk"], conversation=uuid4())
    assert not Envelope.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [{"handling": "no such"}, {"language": "?"}, {"expires": timedelta(0)}, {"expires": timedelta(days=-1)}],
    ids=str,
)
def test_message_that_is_not_well_made_is_not_posted(peer: Peer, room: Room, wrong: dict[str, str]) -> None:
    with pytest.raises(GateError, match="not well made"):
        actions.post("test.words", Words(text="x"), to=["ilecu-mk"], conversation=uuid4(), **wrong)  # type: ignore[arg-type]
    with pytest.raises(GateError, match="not well made"):
        actions.post("test.words", Words(text="\0"), to=["ilecu-mk"], conversation=uuid4())
    assert not Envelope.objects.exists()


def test_body_of_no_registered_type_is_a_fault_of_the_room(peer: Peer, room: Room) -> None:
    class Other(BaseModel):
        text: str

    for name, body in (("test.words", Other(text="x")), ("no.such", Words(text="x"))):
        with pytest.raises(ValueError, match="registered"):
            actions.post(name, body, to=["ilecu-mk"], conversation=uuid4())


# Attachments


def test_attachments_are_listed_with_their_keys_and_queued_for_each_peer(
    ours: KeyRing, partner: KeyRing, peer: Peer, room: Room, tmp_path: Path
) -> None:
    pair(make_ring(tmp_path / "third", "ilecu-hu"))
    envelope = actions.post(
        "test.words",
        Words(text="x"),
        to=["ilecu-mk", "ilecu-hu"],
        conversation=uuid4(),
        attachments=[paper("one.pdf"), paper("two.pdf")],
    )
    assert list(envelope.attachments.order_by("order").values_list("name", flat=True)) == ["one.pdf", "two.pdf"]
    assert BlobDelivery.objects.count() == 4
    content = check(open_sealed(bytes(envelope.sealed or b""), partner), import_jwk(ours.seal.jwk))
    first = content.attachments[0]
    assert (first.name, first.key, first.sealed_sha256) == ("one.pdf", b"k" * 32, (b"s" * 32).hex())
    assert first.id == envelope.attachments.get(order=0).id


def test_attachment_sent_twice_gets_a_row_for_each_message(peer: Peer, room: Room) -> None:
    kept = paper()
    kept.save()
    envelopes = [
        actions.post("test.words", Words(text="x"), to=["ilecu-mk"], conversation=uuid4(), attachments=[kept])
        for _ in range(2)
    ]
    first, second = (envelope.attachments.get() for envelope in envelopes)
    assert first.pk == kept.pk
    assert first.pk != second.pk
    assert bytes(first.sealed_digest) == bytes(second.sealed_digest)


def test_attachment_that_has_not_come_whole_is_not_sent_on(peer: Peer, room: Room) -> None:
    part = paper()
    part.whole_at = None
    with pytest.raises(GateError, match=r"annex\.pdf"):
        actions.post("test.words", Words(text="x"), to=["ilecu-mk"], conversation=uuid4(), attachments=[part])
