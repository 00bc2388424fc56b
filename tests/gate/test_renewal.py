"""New keys in mid-conversation, on our side and on the partner's: no message is lost and no old card comes back."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from ilex.gate import actions, keys, queries
from ilex.gate.cards import agreed, own_card, read_card
from ilex.gate.keys import KeyRing
from ilex.gate.models import Envelope, Peer, Receipt
from ilex.gate.seal import check, open_sealed
from ilex.gate.signing import import_jwk
from ilex.journal import actions as journal
from ilex.journal import notes
from ilex.journal.models import Line
from ilex.journal.queries.heads import trusted_keys
from tests.gate.partners import Room, Words, card_of, letter, make_ring, pair, receipt_of

pytestmark = pytest.mark.django_db


def card_letter() -> Envelope:
    return Envelope.objects.get(type="gate.card", way="out")


def code(answer: bytes) -> str:
    return str(json.loads(answer).get("error", {}).get("code", "kept"))


class Partner:
    """The partner's node, as far as its keys go: it renews them and sends its card."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = keys.ring_of(folder)

    def renew(self, ours: KeyRing) -> tuple[str, bytes]:
        """The renewed card, and the letter with it under the keys before."""
        before = self.now
        prepared = keys.prepare_next(self.folder, "https://127.0.0.1:9444", timezone.now())
        card = card_of(prepared, "https://127.0.0.1:9444", before=before.seal)
        keys.use_next(self.folder, timezone.now())
        self.now = keys.ring_of(self.folder)
        return card, letter(before, ours, {"card": card}, type="gate.card")


@pytest.fixture
def other(partner: KeyRing, tmp_path: Path) -> Partner:
    return Partner(tmp_path / "partner")


# Ours


def test_renewed_card_goes_to_every_peer_under_the_old_keys(ours: KeyRing, partner: KeyRing, peer: Peer) -> None:
    assert actions.renew_keys() == 2
    content = check(open_sealed(bytes(card_letter().sealed or b""), partner), import_jwk(ours.seal.jwk))
    card = read_card(content.body["card"])
    assert content.body["card"] == own_card()
    assert (card.serial, card.previous) == (2, ours.seal.kid)
    assert agreed(content.body["card"], import_jwk(ours.seal.jwk))
    assert card.keys.seal == keys.own().seal.jwk
    assert Line.objects.get(act="keys.renewed").recipients == ["ilecu-mk"]


def test_mail_sealed_for_the_old_key_still_comes_in_after_a_renewal(
    ours: KeyRing, partner: KeyRing, peer: Peer, room: Room
) -> None:
    on_its_way = letter(partner, ours, {"text": "before"})
    actions.renew_keys()
    for line in (on_its_way, letter(partner, keys.own(), {"text": "after"})):
        assert code(actions.accept([line], partner.line.sha256)[0]) == "kept"
    actions.hand_over()
    assert sorted(room.texts) == ["after", "before"]


def test_old_certificate_stays_on_the_line_until_the_peer_has_taken_in_the_card(
    ours: KeyRing, partner: KeyRing, peer: Peer
) -> None:
    actions.renew_keys()
    assert keys.own().line.sha256 == ours.line.sha256
    actions.take_receipts([receipt_of(partner, card_letter(), "stored")], peer)
    assert keys.own().line.sha256 == ours.line.sha256
    actions.take_receipts([receipt_of(partner, card_letter(), "processed")], peer)
    assert keys.own().line.pem == keys.own().tls_pem != ours.line.pem


def test_node_without_peers_shows_its_new_certificate_at_once(ours: KeyRing, partner: KeyRing, peer: Peer) -> None:
    actions.remove("ilecu-mk")
    actions.renew_keys()
    assert keys.own().line.pem == keys.own().tls_pem
    assert not Envelope.objects.exists()


def test_paused_peer_finds_the_card_waiting_when_it_is_resumed(ours: KeyRing, partner: KeyRing, peer: Peer) -> None:
    actions.pause("ilecu-mk")
    actions.renew_keys()
    actions.resume("ilecu-mk")
    assert open_sealed(bytes(card_letter().sealed or b""), partner)
    assert card_letter().deliveries.get().state == "waiting"


def test_silent_peer_holds_the_old_certificate_for_25_days(ours: KeyRing, peer: Peer) -> None:
    actions.renew_keys()
    actions.sweep(at=timezone.now() + timedelta(days=24))
    assert keys.own().line.sha256 == ours.line.sha256
    actions.sweep(at=timezone.now() + timedelta(days=26))
    assert keys.own().line.pem == keys.own().tls_pem


def test_old_keys_are_destroyed_after_ninety_days_and_that_is_journalled(ours: KeyRing, peer: Peer) -> None:
    actions.renew_keys()
    actions.sweep(at=timezone.now() + timedelta(days=91))
    assert list(keys.own().opens) == [keys.own().open_kid]
    assert Line.objects.get(act="keys.destroyed").detail == {"serials": [1]}


@pytest.mark.django_db(transaction=True)
def test_renewal_cut_short_before_its_letter_is_begun_again_with_the_same_keys(ours: KeyRing, peer: Peer) -> None:
    prepared = keys.prepare_next(keys.here(), keys.door_address(), timezone.now())
    actions.sweep()
    assert keys.own().serial == 1
    assert actions.renew_keys() == 2
    assert keys.own().seal.kid == prepared.seal.kid


@pytest.mark.django_db(transaction=True)
def test_renewal_cut_short_after_its_letter_is_finished_by_the_sweep(ours: KeyRing, peer: Peer) -> None:
    keys.prepare_next(keys.here(), keys.door_address(), timezone.now())
    as_prepared = (keys.here() / "ring.json").read_bytes()
    actions.renew_keys()
    # The folder as a power cut leaves it: the letter is committed, the ring not yet written.
    keys.write_file(keys.here() / "ring.json", as_prepared)
    assert keys.own().serial == 1
    actions.sweep()
    assert keys.own().serial == 2
    assert Envelope.objects.filter(type="gate.card").count() == 1


def test_keys_that_nobody_renewed_are_renewed_before_the_certificate_expires(ours: KeyRing, peer: Peer) -> None:
    actions.sweep(at=timezone.now() + timedelta(days=334))
    assert keys.own().serial == 1
    late = timezone.now() + timedelta(days=336)
    actions.sweep(at=late)
    actions.sweep(at=late)
    assert keys.own().serial == 2
    assert Envelope.objects.filter(type="gate.card").count() == 1


def test_heads_signed_before_and_after_a_renewal_are_both_ours(ours: KeyRing, peer: Peer) -> None:
    before = journal.grow()
    actions.renew_keys()
    after = journal.grow()
    for head in (before, after):
        assert head is not None
        notes.check(notes.read(head.note), "ilex/ilecu-rs", trusted_keys())


def test_second_renewal_continues_the_first(ours: KeyRing, partner: KeyRing, peer: Peer) -> None:
    actions.renew_keys()
    middle = keys.own()
    assert actions.renew_keys() == 3
    card = read_card(own_card())
    assert (card.serial, card.previous) == (3, middle.seal.kid)
    assert Envelope.objects.filter(type="gate.card").count() == 2


# The partner's


def test_partners_new_keys_count_once_its_card_is_taken_in(
    ours: KeyRing, partner: KeyRing, peer: Peer, other: Partner, room: Room
) -> None:
    _card, announcement = other.renew(ours)
    early = letter(other.now, ours, {"text": "under the new keys"})
    answers = actions.accept([announcement, early], partner.line.sha256)
    # Not final: the sender keeps it and sends it again.
    assert [code(answer) for answer in answers] == ["kept", "unknown-sender"]
    actions.hand_over()
    assert Peer.objects.get().serial == 2
    assert code(actions.accept([early], partner.line.sha256)[0]) == "kept"
    assert code(actions.accept([letter(partner, ours)], other.now.line.sha256)[0]) == "kept"
    assert queries.reachable(["ilecu-mk"])["ilecu-mk"].thumbprint() == other.now.open_kid
    assert Receipt.objects.filter(kind=Receipt.Kind.PROCESSED).count() == 1
    assert Line.objects.filter(act="peer.renewed").count() == 1


def test_partners_replaced_keys_hold_for_thirty_days(
    ours: KeyRing, partner: KeyRing, peer: Peer, other: Partner
) -> None:
    _card, announcement = other.renew(ours)
    actions.accept([announcement], partner.line.sha256)
    actions.hand_over()
    now = timezone.now()
    for days, answer in ((29, "kept"), (31, "unknown-sender")):
        at = now + timedelta(days=days)
        assert code(actions.accept([letter(partner, ours, issued=at)], None, at=at)[0]) == answer
    assert set(queries.pins(peer, now)) == {partner.tls_pem, other.now.tls_pem}
    assert queries.pins(peer, now + timedelta(days=31)) == [other.now.tls_pem]


def test_conversation_goes_on_through_renewals_on_both_sides(
    ours: KeyRing, partner: KeyRing, peer: Peer, other: Partner, room: Room
) -> None:
    conversation = uuid4()
    _card, announcement = other.renew(ours)
    actions.renew_keys()
    lines = [
        announcement,
        letter(partner, ours, {"text": "1"}, conversation=conversation, sequence=1),
        letter(partner, keys.own(), {"text": "2"}, conversation=conversation, sequence=2),
    ]
    assert [code(answer) for answer in actions.accept(lines, partner.line.sha256)] == ["kept"] * 3
    actions.hand_over()
    third = letter(other.now, keys.own(), {"text": "3"}, conversation=conversation, sequence=3)
    assert code(actions.accept([third], partner.line.sha256)[0]) == "kept"
    actions.hand_over()
    assert sorted(room.texts) == ["1", "2", "3"]
    with transaction.atomic():
        reply = actions.post("test.words", Words(text="4"), to=["ilecu-mk"], conversation=conversation)
    assert check(open_sealed(bytes(reply.sealed or b""), other.now), import_jwk(keys.own().seal.jwk))


def test_later_card_waits_for_the_one_before_it(ours: KeyRing, partner: KeyRing, peer: Peer, other: Partner) -> None:
    second, announcement = other.renew(ours)
    third, _ = other.renew(ours)
    (answer,) = actions.accept([letter(partner, ours, {"card": third}, type="gate.card")], partner.line.sha256)
    assert code(answer) == "kept"
    actions.hand_over()
    assert Peer.objects.get().serial == 1
    assert Envelope.objects.get(way="in").state == Envelope.State.WAITING
    actions.accept([announcement], partner.line.sha256)
    actions.hand_over()
    actions.hand_over(at=timezone.now() + timedelta(minutes=1))
    assert Peer.objects.get().serial == 3
    assert second != third


def test_rollback_to_an_older_card_is_refused(ours: KeyRing, partner: KeyRing, peer: Peer, other: Partner) -> None:
    first = Peer.objects.get().card
    second, announcement = other.renew(ours)
    _third, last = other.renew(ours)
    actions.accept([announcement], partner.line.sha256)
    actions.hand_over()
    actions.accept([last], None)
    actions.hand_over()
    for old in (first, second):
        actions.accept([letter(other.now, ours, {"card": old}, type="gate.card")], partner.line.sha256)
        actions.hand_over()
    assert Peer.objects.get().serial == 3
    refused = Receipt.objects.filter(kind=Receipt.Kind.REFUSED)
    assert [receipt.code for receipt in refused] == ["bad-card", "bad-card"]


def test_card_of_stolen_identity_is_refused(ours: KeyRing, partner: KeyRing, peer: Peer, tmp_path: Path) -> None:
    """The thief has the partner's line and its present seal key's letters, but cannot sign with that key."""
    make_ring(tmp_path / "thief", "ilecu-mk")
    thief = Partner(tmp_path / "thief")
    card, _ = thief.renew(ours)
    actions.accept([letter(partner, ours, {"card": card}, type="gate.card")], partner.line.sha256)
    actions.hand_over()
    assert Peer.objects.get().serial == 1
    assert Receipt.objects.get(kind=Receipt.Kind.REFUSED).code == "bad-card"


def test_card_of_a_third_unit_is_refused(ours: KeyRing, partner: KeyRing, peer: Peer, tmp_path: Path) -> None:
    third = make_ring(tmp_path / "third", "ilecu-hu")
    pair(third)
    other = Partner(tmp_path / "third")
    card, _ = other.renew(ours)
    actions.accept([letter(partner, ours, {"card": card}, type="gate.card")], partner.line.sha256)
    actions.hand_over()
    assert Receipt.objects.get(kind=Receipt.Kind.REFUSED).code == "bad-card"
    assert set(Peer.objects.values_list("serial", flat=True)) == {1}


def test_card_that_comes_twice_is_taken_in_once(ours: KeyRing, partner: KeyRing, peer: Peer, other: Partner) -> None:
    card, announcement = other.renew(ours)
    again = letter(partner, ours, {"card": card}, type="gate.card")
    actions.accept([announcement, again], partner.line.sha256)
    actions.hand_over()
    assert Peer.objects.get().serial == 2
    assert Receipt.objects.filter(kind=Receipt.Kind.PROCESSED).count() == 2
