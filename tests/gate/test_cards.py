"""Cards and pairing, with two real rings."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from ilex.gate import actions, keys, queries
from ilex.gate.canonical import canonical
from ilex.gate.cards import TYP, agreed, fingerprint, own_card, read_card
from ilex.gate.errors import BadCard, GateError
from ilex.gate.keys import KeyRing
from ilex.gate.models import Delivery, Peer, PeerKey
from ilex.gate.signing import import_jwk, peek
from ilex.journal.models import Line
from tests.gate.partners import Room, Words, card_of, make_ring, make_unit, pair


def renewed(folder: Path) -> tuple[KeyRing, str]:
    """The partner's next ring and the card that both its seal keys signed."""
    before = keys.ring_of(folder).seal
    ring = keys.prepare_next(folder, "https://127.0.0.1:9444", timezone.now())
    text = card_of(ring, "https://127.0.0.1:9444", before=before)
    keys.use_next(folder, timezone.now())
    return ring, text


def value_of(text: str) -> dict[str, Any]:
    value: dict[str, Any] = peek(text)
    return value


def test_card_tells_the_keys_of_its_node(partner: KeyRing) -> None:
    card = read_card(card_of(partner))
    assert (card.unit, card.serial, card.previous) == ("ilecu-mk", 1, "")
    assert card.keys.seal == partner.seal.jwk
    assert card.keys.open == partner.open_jwk
    assert card.thumbprints["tls"] == partner.line.sha256


@pytest.mark.django_db
def test_own_card_is_made_once(ours: KeyRing) -> None:
    make_unit("ilecu-rs")
    assert own_card() == own_card()
    assert read_card(own_card()).unit == "ilecu-rs"


def test_card_with_a_changed_letter_is_no_card(partner: KeyRing) -> None:
    text = card_of(partner)
    for place in range(0, len(text), 97):
        changed = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
        with pytest.raises(BadCard):
            read_card(changed)


@pytest.mark.parametrize(
    "text", ["", "x", "a.b.c", "{}", "[]", '{"payload":1}', "{" * 5000, "x" * 70_000, "\ud800", "{\ud800"]
)
def test_text_that_is_no_card_is_told_in_one_sentence(text: str) -> None:
    with pytest.raises(BadCard, match=r"\.$"):
        read_card(text)


@pytest.mark.parametrize(
    "change",
    [
        {"serial": 0},
        {"serial": 2},
        {"previous": "A" * 43},
        {"unit": "Ilecu MK"},
        {"name": "line\nbreak"},
        {"endpoint": "http://127.0.0.1"},
        {"endpoint": "https://host/path?query"},
        {"endpoint": "javascript:x"},
        {"format": "ilex-card-2"},
        {"more": 1},
        {"keys": {}},
    ],
    ids=str,
)
def test_well_signed_card_with_wrong_content_is_refused(partner: KeyRing, change: dict[str, Any]) -> None:
    text = partner.seal.sign(TYP, canonical(value_of(card_of(partner)) | change))
    with pytest.raises(BadCard):
        read_card(text)


@pytest.mark.parametrize("use", ["seal", "open", "log", "tls"])
def test_card_with_a_key_of_the_wrong_kind_is_refused(partner: KeyRing, use: str) -> None:
    value = value_of(card_of(partner))
    value["keys"][use] = value["keys"]["log" if use != "log" else "seal"]
    with pytest.raises(BadCard):
        read_card(partner.seal.sign(TYP, canonical(value)))


def test_card_that_seals_and_opens_with_one_key_is_refused(partner: KeyRing) -> None:
    value = value_of(card_of(partner))
    value["keys"]["open"] = value["keys"]["seal"]
    with pytest.raises(BadCard):
        read_card(partner.seal.sign(TYP, canonical(value)))


def test_card_signed_by_another_than_its_own_key_is_refused(ours: KeyRing, partner: KeyRing) -> None:
    with pytest.raises(BadCard):
        read_card(ours.seal.sign(TYP, canonical(value_of(card_of(partner)))))


def test_card_says_nothing_under_the_type_of_a_message(partner: KeyRing) -> None:
    with pytest.raises(BadCard):
        read_card(partner.seal.sign("ilex-1+jws", canonical(value_of(card_of(partner)))))


def test_renewed_card_bears_two_signatures_and_neither_can_be_left_out(partner: KeyRing, tmp_path: Path) -> None:
    ring, text = renewed(tmp_path / "partner")
    card = read_card(text)
    assert (card.serial, card.previous) == (2, partner.seal.kid)
    assert agreed(text, import_jwk(partner.seal.jwk))
    assert not agreed(text, import_jwk(ring.seal.jwk))
    message = json.loads(text)
    own, before = message["signatures"]
    for signatures in ([own], [before], [own, own], [before, own], [own, before, before], []):
        with pytest.raises(BadCard):
            read_card(canonical(message | {"signatures": signatures}).decode())
    with pytest.raises(BadCard):
        read_card(ring.seal.sign(TYP, canonical(json.loads(card.model_dump_json()))))
    with pytest.raises(BadCard):
        read_card(canonical(message | {"signatures": [own, before | {"header": {}}]}).decode())


def test_forged_second_signature_is_not_an_agreement(partner: KeyRing, ours: KeyRing, tmp_path: Path) -> None:
    _ring, text = renewed(tmp_path / "partner")
    message = json.loads(text)
    message["signatures"][1]["signature"] = message["signatures"][0]["signature"]
    assert not agreed(canonical(message).decode(), import_jwk(partner.seal.jwk))


def test_fingerprint_is_the_same_on_both_sides_and_changes_with_any_key(
    ours: KeyRing, partner: KeyRing, tmp_path: Path
) -> None:
    mine, theirs = read_card(card_of(ours)), read_card(card_of(partner))
    shown = fingerprint(mine, theirs)
    assert shown == fingerprint(theirs, mine)
    assert re.fullmatch(r"(\d{4} ){7}\d{4}", shown)
    other = read_card(card_of(make_ring(tmp_path / "third", "ilecu-mk")))
    seen = {shown}
    for use in ("seal", "open", "log", "tls"):
        mixed = theirs.keys.model_copy(update={use: getattr(other.keys, use)})
        seen.add(fingerprint(mine, theirs.model_copy(update={"keys": mixed})))
    seen.add(fingerprint(mine, theirs.model_copy(update={"unit": "ilecu-hu"})))
    assert len(seen) == 6


# Pairing


@pytest.mark.django_db
def test_card_alone_does_not_open_the_exchange(ours: KeyRing, partner: KeyRing) -> None:
    make_unit("ilecu-rs")
    make_unit("ilecu-mk")
    peer = actions.take_card(card_of(partner))
    assert peer.state == Peer.State.OFFERED
    assert not PeerKey.objects.exists()
    with pytest.raises(GateError, match="ilecu-mk"):
        queries.reachable(["ilecu-mk"])


@pytest.mark.django_db
def test_wrong_fingerprint_does_not_pair(ours: KeyRing, partner: KeyRing) -> None:
    make_unit("ilecu-rs")
    make_unit("ilecu-mk")
    actions.take_card(card_of(partner))
    right = actions.fingerprint_with("ilecu-mk")
    for typed in ("", "1234", right[:-1], right[:-1] + ("1" if right[-1] != "1" else "2"), right + "0"):
        with pytest.raises(GateError, match="fingerprint"):
            actions.confirm("ilecu-mk", typed)
    assert Peer.objects.get().state == Peer.State.OFFERED
    assert actions.confirm("ilecu-mk", right.replace(" ", "-")).state == Peer.State.PAIRED


@pytest.mark.django_db
def test_paired_peer_has_one_key_of_each_use(peer: Peer, partner: KeyRing) -> None:
    assert set(PeerKey.objects.values_list("use", flat=True)) == {"seal", "open", "log", "tls"}
    assert queries.pins(peer) == [partner.line.pem]
    assert queries.all_pins() == {partner.line.sha256: peer}
    assert list(Line.objects.values_list("act", flat=True)) == ["peer.offered", "peer.paired"]


@pytest.mark.django_db
def test_card_of_a_unit_that_nobody_knows_is_refused(ours: KeyRing, partner: KeyRing) -> None:
    make_unit("ilecu-rs")
    with pytest.raises(BadCard, match="directory"):
        actions.take_card(card_of(partner))
    assert not Peer.objects.exists()


@pytest.mark.django_db
def test_own_card_is_not_a_partners(ours: KeyRing) -> None:
    make_unit("ilecu-rs")
    with pytest.raises(BadCard, match="itself"):
        actions.take_card(own_card())


@pytest.mark.django_db
def test_second_unit_with_the_same_key_is_not_paired(peer: Peer, partner: KeyRing, tmp_path: Path) -> None:
    make_unit("ilecu-hu")
    thief = make_ring(tmp_path / "thief", "ilecu-hu")
    value = value_of(card_of(thief))
    value["keys"]["open"] = partner.open_jwk
    actions.take_card(thief.seal.sign(TYP, canonical(value)))
    with pytest.raises(GateError, match="same key"):
        actions.confirm("ilecu-hu", actions.fingerprint_with("ilecu-hu"))
    assert Peer.objects.get(pk="ilecu-hu").state == Peer.State.OFFERED
    assert not PeerKey.objects.filter(peer="ilecu-hu").exists()


@pytest.mark.django_db
def test_paused_peer_cannot_be_written_to_until_it_is_resumed(peer: Peer) -> None:
    actions.pause("ilecu-mk")
    with pytest.raises(GateError):
        queries.reachable(["ilecu-mk"])
    with pytest.raises(GateError, match="Paused"):
        actions.pause("ilecu-mk")
    actions.resume("ilecu-mk")
    assert list(queries.reachable(["ilecu-mk"])) == ["ilecu-mk"]


@pytest.mark.django_db
def test_removed_peer_is_cut_off_and_what_waited_for_it_is_not_sent(peer: Peer, room: Room) -> None:
    envelope = actions.post("test.words", Words(text="x"), to=["ilecu-mk"], conversation=uuid4())
    actions.remove("ilecu-mk")
    delivery = Delivery.objects.get(envelope=envelope)
    assert (delivery.state, delivery.code) == (Delivery.State.EXPIRED, "removed")
    assert queries.all_pins() == {}
    assert queries.pins(peer) == []
    with pytest.raises(GateError):
        actions.resume("ilecu-mk")


@pytest.mark.django_db
def test_removed_peer_can_be_paired_again_with_the_same_or_with_new_keys(
    peer: Peer, partner: KeyRing, tmp_path: Path
) -> None:
    actions.remove("ilecu-mk")
    assert pair(partner).state == Peer.State.PAIRED
    actions.remove("ilecu-mk")
    fresh = make_ring(tmp_path / "fresh", "ilecu-mk")
    pair(fresh)
    assert queries.pins(peer) == [fresh.line.pem]


@pytest.mark.django_db
def test_renewed_card_that_comes_by_hand_counts_at_once(peer: Peer, partner: KeyRing, tmp_path: Path) -> None:
    ring, text = renewed(tmp_path / "partner")
    after = actions.take_card(text)
    assert (after.state, after.serial, after.endpoint) == (Peer.State.PAIRED, 2, "https://127.0.0.1:9444")
    assert set(queries.pins(peer)) == {partner.line.pem, ring.tls_pem}
    assert queries.reachable(["ilecu-mk"])["ilecu-mk"].thumbprint() == ring.open_kid


@pytest.mark.django_db
def test_older_card_is_not_taken_back(peer: Peer, partner: KeyRing, tmp_path: Path) -> None:
    _ring, text = renewed(tmp_path / "partner")
    actions.take_card(text)
    with pytest.raises(BadCard, match="older"):
        actions.take_card(card_of(partner))
    assert Peer.objects.get().serial == 2


@pytest.mark.django_db
def test_card_of_strange_keys_does_not_replace_a_paired_peers(peer: Peer, tmp_path: Path) -> None:
    make_ring(tmp_path / "stranger", "ilecu-mk")
    _ring, text = renewed(tmp_path / "stranger")
    with pytest.raises(BadCard, match="not signed by the key"):
        actions.take_card(text)
    assert Peer.objects.get().serial == 1


@pytest.mark.django_db
def test_card_that_came_after_the_fingerprint_was_compared_is_not_paired(
    ours: KeyRing, partner: KeyRing, tmp_path: Path
) -> None:
    make_unit("ilecu-rs")
    make_unit("ilecu-mk")
    actions.take_card(card_of(partner))
    compared = actions.fingerprint_with("ilecu-mk")
    actions.take_card(card_of(make_ring(tmp_path / "other", "ilecu-mk")))
    with pytest.raises(GateError, match="another one"):
        actions.confirm("ilecu-mk", compared)
