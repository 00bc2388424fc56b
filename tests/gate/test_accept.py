"""The inbox: every wrong line gets its code and changes nothing, every right one is kept once with its receipt."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.utils import timezone

from ilex.gate import actions
from ilex.gate.canonical import canonical
from ilex.gate.ids import uuid7
from ilex.gate.keys import KeyRing
from ilex.gate.models import Attachment, Envelope, Peer, PeerKey, Receipt
from ilex.gate.receipts import check_receipt
from ilex.gate.seal import LIMIT, SIGNED_TYP, check, open_sealed, seal, wrap
from ilex.gate.signing import import_jwk
from ilex.journal import notes
from ilex.journal.models import Line, Witnessed
from tests.gate.partners import card_of, header, letter, make_ring, manifest, open_key, pair, sealed

pytestmark = pytest.mark.django_db


def code(answer: bytes) -> str:
    return str(json.loads(answer).get("error", {}).get("code", "kept"))


def accept_one(ring: KeyRing, line: bytes, **more: Any) -> bytes:
    (answer,) = actions.accept([line], ring.line.sha256, **more)
    return answer


def test_letter_is_kept_and_answered_with_a_signed_receipt(ours: KeyRing, partner: KeyRing, peer: Peer) -> None:
    made = sealed(partner, ours)
    answer = json.loads(accept_one(partner, made.line))
    envelope = Envelope.objects.get()
    assert (envelope.way, envelope.state, envelope.sender) == ("in", "waiting", "ilecu-mk")
    assert (envelope.signed, bytes(envelope.digest), envelope.sealed) == (made.signed, made.digest, None)
    receipt = check_receipt(answer["receipt"], import_jwk(ours.seal.jwk))
    assert (receipt.of, receipt.sender, receipt.by, receipt.kind) == (
        envelope.id,
        "ilecu-mk",
        "ilecu-rs",
        "stored",
    )
    assert receipt.digest == made.digest.hex()
    assert Receipt.objects.get().signed == answer["receipt"]


def test_kept_letter_leaves_one_line_without_its_content(ours: KeyRing, partner: KeyRing, peer: Peer) -> None:
    accept_one(partner, letter(partner, ours, {"text": "Петар Петровић"}))
    line = Line.objects.get(act="envelope.stored")
    assert line.op == "collection"
    assert line.object_id == str(Envelope.objects.get().id)
    assert "Петар" not in str(line.detail)


def test_answers_come_in_the_order_of_the_lines(ours: KeyRing, partner: KeyRing, peer: Peer) -> None:
    good = [letter(partner, ours) for _ in range(3)]
    answers = actions.accept([b"x", good[0], b"", good[1], b"{}", good[2]], partner.line.sha256)
    assert [code(one) for one in answers] == ["malformed", "kept", "malformed", "kept", "malformed", "kept"]
    assert Envelope.objects.count() == 3
    assert Line.objects.filter(act="line.refused").count() == 3


def test_no_lines_are_answered_by_nothing(partner: KeyRing, peer: Peer) -> None:
    assert actions.accept([], partner.line.sha256) == []


def test_letter_that_is_too_large_stays_at_the_gate(partner: KeyRing, peer: Peer) -> None:
    assert code(accept_one(partner, b"x" * (LIMIT + 1))) == "too-large"


def test_letter_on_another_partners_line_is_refused(
    ours: KeyRing, partner: KeyRing, peer: Peer, tmp_path: Path
) -> None:
    third = make_ring(tmp_path / "third", "ilecu-hu")
    pair(third)
    assert code(accept_one(third, letter(partner, ours))) == "wrong-line"
    assert not Envelope.objects.exists()


def test_right_certificate_and_seal_with_another_sender_is_refused(
    ours: KeyRing, partner: KeyRing, peer: Peer, tmp_path: Path
) -> None:
    pair(make_ring(tmp_path / "third", "ilecu-hu"))
    assert code(accept_one(partner, letter(partner, ours, sender="ilecu-hu"))) == "wrong-line"


def test_stranger_on_the_line_is_unknown_whatever_it_carries(ours: KeyRing, partner: KeyRing, peer: Peer) -> None:
    (answer,) = actions.accept([letter(partner, ours)], "ab" * 32)
    assert code(answer) == "unknown-sender"


def test_letter_of_a_stranger_is_unknown(ours: KeyRing, partner: KeyRing, peer: Peer, tmp_path: Path) -> None:
    stranger = make_ring(tmp_path / "stranger", "ilecu-hu")
    assert code(accept_one(partner, letter(stranger, ours))) == "unknown-sender"
    (from_stick,) = actions.accept([letter(stranger, ours)], None)
    assert code(from_stick) == "unknown-sender"


def test_letter_from_a_stick_is_kept_and_its_receipt_waits_to_be_carried(
    ours: KeyRing, partner: KeyRing, peer: Peer
) -> None:
    (answer,) = actions.accept([letter(partner, ours)], None)
    assert code(answer) == "kept"
    assert Receipt.objects.get().sent_at is None


def test_receipt_given_over_the_line_need_not_be_carried(ours: KeyRing, partner: KeyRing, peer: Peer) -> None:
    accept_one(partner, letter(partner, ours))
    assert Receipt.objects.get().sent_at is not None


def test_signed_part_sealed_anew_for_another_unit_is_not_for_us(ours: KeyRing, partner: KeyRing, peer: Peer) -> None:
    for_hungary = seal(header(partner, ["ilecu-hu"]), {"text": "x"}, partner, [open_key(ours)])
    assert code(accept_one(partner, for_hungary.line)) == "not-for-us"


def test_letter_passed_on_by_one_of_its_recipients_is_refused_on_his_line(
    ours: KeyRing, partner: KeyRing, peer: Peer, tmp_path: Path
) -> None:
    third = make_ring(tmp_path / "third", "ilecu-hu")
    pair(third)
    for_third = seal(header(partner, ["ilecu-hu"]), {}, partner, [open_key(third)])
    passed_on = wrap(open_sealed(for_third.line, third), [open_key(ours)])
    assert code(accept_one(third, passed_on)) == "wrong-line"
    assert code(actions.accept([passed_on], None)[0]) == "not-for-us"


def test_broken_seal_is_told_as_such(ours: KeyRing, partner: KeyRing, peer: Peer) -> None:
    protected, payload, _mark = sealed(partner, ours).signed.split(".")
    other = sealed(partner, ours).signed.split(".")[2]
    assert code(accept_one(partner, wrap(f"{protected}.{payload}.{other}", [open_key(ours)]))) == "bad-seal"


def test_unknown_profile_is_unsupported(ours: KeyRing, partner: KeyRing, peer: Peer) -> None:
    signed = partner.seal.sign(SIGNED_TYP, canonical({"profile": "ilex-2"}))
    assert code(accept_one(partner, wrap(signed, [open_key(ours)]))) == "unsupported"


def test_unknown_type_is_kept_for_the_rooms_to_refuse(ours: KeyRing, partner: KeyRing, peer: Peer) -> None:
    assert code(accept_one(partner, letter(partner, ours, type="plan.new", version=7))) == "kept"


# Clocks


@pytest.mark.parametrize(
    ("ahead", "answer"),
    [
        (timedelta(minutes=-10), "kept"),
        (timedelta(days=-1), "kept"),
        (timedelta(days=-29), "kept"),
        (timedelta(days=-31), "expired"),
        (timedelta(minutes=9, seconds=59), "kept"),
        (timedelta(minutes=10, seconds=1), "too-early"),
        (timedelta(days=1), "too-early"),
    ],
    ids=str,
)
def test_senders_clock_may_run_ten_minutes_ahead(
    ours: KeyRing, partner: KeyRing, peer: Peer, ahead: timedelta, answer: str
) -> None:
    now = timezone.now()
    line = letter(partner, ours, issued=now + ahead)
    assert code(accept_one(partner, line, at=now)) == answer


def test_letter_is_refused_from_the_moment_it_expires(ours: KeyRing, partner: KeyRing, peer: Peer) -> None:
    now = timezone.now()
    made = header(partner, [ours.unit], issued=now, expires=now + timedelta(hours=1))
    line = seal(made, {}, partner, [open_key(ours)]).line
    assert code(accept_one(partner, line, at=made.expires)) == "expired"
    assert code(accept_one(partner, line, at=made.expires - timedelta(milliseconds=1))) == "kept"


def test_letter_that_would_live_for_more_than_180_days_is_refused(ours: KeyRing, partner: KeyRing, peer: Peer) -> None:
    now = timezone.now()
    for days, answer in ((180, "kept"), (181, "expired")):
        line = letter(partner, ours, issued=now, expires=now + timedelta(days=days))
        assert code(accept_one(partner, line, at=now)) == answer


# Repeats


def test_repeat_is_answered_with_the_very_same_receipt(ours: KeyRing, partner: KeyRing, peer: Peer) -> None:
    line = letter(partner, ours)
    first = accept_one(partner, line)
    assert accept_one(partner, line) == first
    assert actions.accept([line, line, line], partner.line.sha256) == [first] * 3
    assert Envelope.objects.count() == Receipt.objects.count() == 1
    assert Line.objects.filter(act="envelope.stored").count() == 1


def test_repeat_within_one_batch_is_kept_once(ours: KeyRing, partner: KeyRing, peer: Peer) -> None:
    line = letter(partner, ours)
    answers = actions.accept([line] * 5, partner.line.sha256)
    assert len(set(answers)) == 1
    assert Envelope.objects.count() == 1


def test_repeat_in_a_new_wrapping_is_the_same_letter(ours: KeyRing, partner: KeyRing, peer: Peer) -> None:
    made = sealed(partner, ours)
    assert accept_one(partner, made.line) == accept_one(partner, wrap(made.signed, [open_key(ours)]))


def test_repeat_after_its_last_day_is_still_answered_with_its_receipt(
    ours: KeyRing, partner: KeyRing, peer: Peer
) -> None:
    line = letter(partner, ours)
    first = accept_one(partner, line)
    assert accept_one(partner, line, at=timezone.now() + timedelta(days=28)) == first
    Envelope.objects.get()
    PeerKey.objects.update(until=None)
    assert accept_one(partner, line, at=timezone.now() + timedelta(days=400)) == first


def test_same_id_with_another_body_is_a_conflict(ours: KeyRing, partner: KeyRing, peer: Peer) -> None:
    same, conversation = uuid7(), uuid4()
    accept_one(partner, letter(partner, ours, {"text": "first"}, id=same, conversation=conversation))
    second = letter(partner, ours, {"text": "second"}, id=same, conversation=conversation)
    assert code(accept_one(partner, second)) == "conflict"
    assert check(Envelope.objects.get().signed, import_jwk(partner.seal.jwk)).body == {"text": "first"}


def test_conflict_within_one_batch_keeps_the_first(ours: KeyRing, partner: KeyRing, peer: Peer) -> None:
    same = uuid7()
    lines = [letter(partner, ours, {"text": text}, id=same) for text in ("first", "second")]
    assert [code(one) for one in actions.accept(lines, partner.line.sha256)] == ["kept", "conflict"]


def test_two_partners_may_use_the_same_id(ours: KeyRing, partner: KeyRing, peer: Peer, tmp_path: Path) -> None:
    third = make_ring(tmp_path / "third", "ilecu-hu")
    pair(third)
    same = uuid7()
    assert code(accept_one(partner, letter(partner, ours, id=same))) == "kept"
    assert code(accept_one(third, letter(third, ours, id=same))) == "kept"
    assert code(actions.accept([letter(third, ours, id=same)], None)[0]) == "conflict"
    assert Envelope.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_hundred_repeats_at_once_are_kept_once_and_answered_alike(ours: KeyRing, partner: KeyRing, peer: Peer) -> None:
    lines = [letter(partner, ours) for _ in range(4)]

    def send(number: int) -> tuple[bytes, ...]:
        mine = lines if number % 2 else lines[::-1]
        try:
            answers = actions.accept(mine, partner.line.sha256)
        finally:
            connection.close()
        return tuple(answers if number % 2 else answers[::-1])

    with ThreadPoolExecutor(8) as threads:
        answers = set(threads.map(send, range(100)))
    assert len(answers) == 1
    assert all(code(one) == "kept" for one in answers.pop())
    assert Envelope.objects.count() == Receipt.objects.count() == 4
    assert Line.objects.filter(act="envelope.stored").count() == 4


# Peers


def test_paused_peers_mail_is_turned_away_until_it_is_resumed(ours: KeyRing, partner: KeyRing, peer: Peer) -> None:
    line = letter(partner, ours)
    actions.pause("ilecu-mk")
    assert code(accept_one(partner, line)) == "paused"
    actions.resume("ilecu-mk")
    assert code(accept_one(partner, line)) == "kept"


def test_removed_peer_is_unknown(ours: KeyRing, partner: KeyRing, peer: Peer) -> None:
    actions.remove("ilecu-mk")
    assert code(accept_one(partner, letter(partner, ours))) == "unknown-sender"
    assert code(actions.accept([letter(partner, ours)], None)[0]) == "unknown-sender"


def test_offered_peer_is_unknown(ours: KeyRing, partner: KeyRing, peer: Peer) -> None:
    actions.remove("ilecu-mk")
    actions.take_card(card_of(partner))
    assert code(actions.accept([letter(partner, ours)], None)[0]) == "unknown-sender"


# Attachments


def test_manifest_becomes_rows_that_wait_for_their_bytes(ours: KeyRing, partner: KeyRing, peer: Peer) -> None:
    papers = [manifest(name="../../first\u202e.pdf"), manifest(name="second.pdf")]
    accept_one(partner, letter(partner, ours, attachments=papers))
    first, second = Attachment.objects.order_by("order")
    assert (first.name, second.name) == ("first.pdf", "second.pdf")
    assert [first.sent_id, second.sent_id] == [paper.id for paper in papers]
    assert (first.arrived, first.whole_at, bytes(first.key)) == (0, None, b"k" * 32)


def test_partner_without_room_is_told_so_and_others_are_not_touched(
    ours: KeyRing, partner: KeyRing, peer: Peer
) -> None:
    Peer.objects.update(quota=2500)
    lines = [letter(partner, ours, attachments=[manifest()]) for _ in range(3)] + [letter(partner, ours)]
    answers = actions.accept(lines, partner.line.sha256)
    assert [code(one) for one in answers] == ["kept", "kept", "quota", "kept"]
    assert code(accept_one(partner, lines[2])) == "quota"
    assert code(accept_one(partner, lines[0])) == "kept"


# Heads


def head_of(ring: KeyRing, size: int, root: bytes = b"r" * 32) -> str:
    return notes.write(notes.origin_of(ring.unit), size, root, ring.log)


def test_head_in_the_letter_is_witnessed(ours: KeyRing, partner: KeyRing, peer: Peer) -> None:
    accept_one(partner, letter(partner, ours, journal_head=head_of(partner, 12)))
    assert Witnessed.objects.get().size == 12


def test_receipt_tells_the_newest_head_we_hold(ours: KeyRing, partner: KeyRing, peer: Peer) -> None:
    accept_one(partner, letter(partner, ours, journal_head=head_of(partner, 12)))
    answer = json.loads(accept_one(partner, letter(partner, ours)))
    assert check_receipt(answer["receipt"], import_jwk(ours.seal.jwk)).witness == head_of(partner, 12)


def test_bad_head_raises_an_alarm_and_hinders_no_mail(ours: KeyRing, partner: KeyRing, peer: Peer) -> None:
    for head in ("nonsense", head_of(ours, 5), notes.write("ilex/ilecu-mk", 3, b"r" * 32, ours.log)):
        assert code(accept_one(partner, letter(partner, ours, journal_head=head))) == "kept"
    assert Line.objects.filter(act="head.bad", object_id="ilecu-mk").count() == 3
    assert not Witnessed.objects.exists()


def test_fork_of_the_partners_journal_hinders_no_mail(ours: KeyRing, partner: KeyRing, peer: Peer) -> None:
    accept_one(partner, letter(partner, ours, journal_head=head_of(partner, 12)))
    forked = letter(partner, ours, journal_head=head_of(partner, 12, b"x" * 32))
    assert code(accept_one(partner, forked)) == "kept"
    assert Line.objects.filter(act="head.fork").exists()


def test_refusal_names_the_letter_only_when_its_seal_holds(ours: KeyRing, partner: KeyRing, peer: Peer) -> None:
    number = uuid7()
    line = letter(partner, ours, id=number, issued=timezone.now() + timedelta(days=1))
    error = json.loads(accept_one(partner, line))["error"]
    assert UUID(error["id"]) == number
    assert error["sentence"].endswith(".")
    assert "id" not in json.loads(accept_one(partner, b"x"))["error"]


# When the database will not


def fail_on(condition: str, state: str) -> None:
    """Let PostgreSQL itself refuse the envelopes of which that is true."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION test_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF {condition} THEN RAISE EXCEPTION 'refused' USING ERRCODE = '{state}'; END IF;"
            " RETURN NEW; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER test_refuse BEFORE INSERT ON gate_envelope FOR EACH ROW EXECUTE FUNCTION test_refuse()"
        )


def test_full_disk_turns_everything_away_and_gives_no_receipt(ours: KeyRing, partner: KeyRing, peer: Peer) -> None:
    lines = [letter(partner, ours) for _ in range(3)]
    fail_on("true", "53100")
    answers = actions.accept([*lines, b"x"], partner.line.sha256)
    assert [code(answer) for answer in answers] == ["storage-full"] * 4
    assert not Envelope.objects.exists()
    assert not Receipt.objects.exists()


def test_letter_that_the_database_will_not_have_does_not_hold_the_others(
    ours: KeyRing, partner: KeyRing, peer: Peer, caplog: pytest.LogCaptureFixture
) -> None:
    lines = [letter(partner, ours, sequence=number) for number in (1, 2, 3)]
    fail_on("NEW.sequence = 2", "22000")
    answers = actions.accept(lines, partner.line.sha256)
    assert [code(answer) for answer in answers] == ["kept", "not-now", "kept"]
    assert Envelope.objects.count() == Receipt.objects.count() == 2
    assert Envelope.objects.first().signed not in caplog.text  # type: ignore[union-attr]
