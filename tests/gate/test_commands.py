"""`ilex peer` and `ilex wire` as an operator calls them."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pydantic import BaseModel

from ilex.gate import keys, registry
from ilex.gate.cards import read_card
from ilex.gate.keys import KeyRing
from ilex.gate.management.commands.wire import schemas
from ilex.gate.models import Peer
from ilex.journal.models import Line
from tests.gate.partners import Room, card_of, make_unit

pytestmark = pytest.mark.django_db


def run(*words: str | Path) -> str:
    out = StringIO()
    call_command(*[str(word) for word in words], stdout=out)
    return out.getvalue().strip()


@pytest.fixture
def card(ours: KeyRing, partner: KeyRing, tmp_path: Path) -> Path:
    """The partner's card in a file."""
    make_unit("ilecu-rs")
    make_unit("ilecu-mk")
    path = tmp_path / "mk.card"
    path.write_text(card_of(partner) + "\n", encoding="ascii")
    return path


def test_operator_pairs_with_a_partner(card: Path) -> None:
    assert "Compare by telephone" in run("peer", "add", card)
    fingerprint = run("peer", "fingerprint", "ilecu-mk")
    assert run("peer", "confirm", "ilecu-mk", *fingerprint.split()) == "Paired with ilecu-mk."
    assert run("peer", "list") == "ilecu-mk\tPaired\t1\thttps://127.0.0.1:9443"
    assert Peer.objects.get().paired_by == "operator"


def test_fingerprint_may_be_one_word(card: Path) -> None:
    run("peer", "add", card)
    run("peer", "confirm", "ilecu-mk", run("peer", "fingerprint", "ilecu-mk"))
    assert Peer.objects.get().state == Peer.State.PAIRED


def test_operator_pauses_resumes_and_removes(peer: Peer) -> None:
    for verb, state in (("pause", "Paused"), ("resume", "Paired"), ("remove", "Removed")):
        run("peer", verb, "ilecu-mk")
        assert run("peer", "list").split("\t")[1] == state


def test_own_card_is_printed_or_written_to_a_new_file(card: Path, tmp_path: Path) -> None:
    path = tmp_path / "ours.card"
    run("peer", "card", "--out", path)
    assert read_card(path.read_text("ascii")) == read_card(run("peer", "card"))
    with pytest.raises(CommandError, match=r"ours\.card"):
        run("peer", "card", "--out", path)


def test_operator_renews_the_keys(peer: Peer) -> None:
    said = run("peer", "renew")
    assert "number 2" in said
    assert "old certificate" in said
    assert keys.own().serial == 2


@pytest.mark.parametrize(
    "words",
    [
        ["peer", "add", "/nowhere/card"],
        ["peer", "fingerprint", "ilecu-hu"],
        ["peer", "confirm", "ilecu-hu", "1234"],
        ["peer", "pause", "ilecu-hu"],
        ["peer", "resume", "ilecu-mk"],
        ["peer", "remove", "nobody"],
        ["peer", "sing"],
        ["peer"],
    ],
    ids=" ".join,
)
def test_bad_call_is_one_sentence_and_changes_nothing(peer: Peer, words: list[str]) -> None:
    before = list(Peer.objects.values()), Line.objects.count()
    with pytest.raises(CommandError) as caught:
        run(*words)
    assert "\n" not in str(caught.value)
    assert (list(Peer.objects.values()), Line.objects.count()) == before


def test_file_that_is_no_card_is_told_in_one_sentence(card: Path) -> None:
    for content in (b"", b"\xff" * 100, b"x" * 100_000):
        card.write_bytes(content)
        with pytest.raises(CommandError, match=r"^The|^This"):
            run("peer", "add", card)
    assert not Peer.objects.exists()


# The wire


def test_schemas_of_the_project_are_the_ones_written_down() -> None:
    run("wire", "--check")


def test_new_type_is_written_and_a_changed_one_is_not(room: Room, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Not written yet"):
        run("wire", "--check", "--folder", tmp_path)
    run("wire", "--folder", tmp_path)
    run("wire", "--check", "--folder", tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(schemas())
    registry.forget(room.type)

    class Words(BaseModel):
        text: str
        more: int

    changed = registry.MessageType("test.words", 1, Words, room.take_in)
    registry.register(changed)
    try:
        written = (tmp_path / "test.words-1.json").read_text()
        for words in (["--check"], []):
            with pytest.raises(CommandError, match=r"test\.words-1\.json"):
                run("wire", "--folder", tmp_path, *words)
        assert (tmp_path / "test.words-1.json").read_text() == written
        run("wire", "--folder", tmp_path, "--replace")
        assert "more" in json.loads((tmp_path / "test.words-1.json").read_text())["properties"]
    finally:
        registry.forget(changed)
