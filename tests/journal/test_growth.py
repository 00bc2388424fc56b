from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, transaction

from ilex.journal import notes, tree
from ilex.journal.actions import Act, grow, growth, sign_heads_with, write, write_many
from ilex.journal.models import Head, Line, Operation, Tile
from ilex.journal.queries import consistency, head_note, inclusion, verify, waiting

pytestmark = pytest.mark.django_db


def lines(count: int) -> None:
    with transaction.atomic():
        write_many(Act("x", Operation.OPERATION) for _ in range(count))


def test_waiting_lines_get_their_positions_and_a_signed_head(key: Ed25519PrivateKey) -> None:
    lines(3)

    head = grow()

    assert head is not None
    assert waiting() == 0
    assert list(Line.objects.order_by("id").values_list("position", flat=True)) == [0, 1, 2]
    note = notes.read(head_note())
    notes.check(note, "ilex/ilecu-rs", [key.public_key()])
    assert (note.size, note.root) == (3, head.root)


def test_nothing_new_is_no_new_head() -> None:
    assert grow() is None
    lines(1)
    assert grow() is not None
    assert grow() is None
    assert Head.objects.count() == 1


def test_tree_of_the_node_is_the_tree_of_its_leaves() -> None:
    lines(700)
    grow()
    lines(100)
    head = grow()

    frontier = tree.Frontier()
    for line in Line.objects.order_by("id"):
        frontier.add(bytes(line.leaf))
    assert head is not None
    assert bytes(head.root) == frontier.root()
    assert Tile.objects.filter(level=0).count() == 4
    assert Tile.objects.filter(level=1).count() == 1


def test_each_batch_has_a_head_of_its_own() -> None:
    lines(growth.BATCH + 700)

    grow()

    assert list(Head.objects.order_by("size").values_list("size", flat=True)) == [5000, 5700]
    assert verify().whole


def test_line_is_proven_against_the_newest_head() -> None:
    first = write("x", Operation.OPERATION, by=None)
    assert inclusion(first) is None
    grow()
    lines(300)
    grow()
    first.refresh_from_db()

    proof = inclusion(first)

    assert proof is not None
    assert proof.holds
    assert (proof.size, proof.note) == (301, head_note())
    assert proof.as_json()["leaf"] == bytes(first.leaf).hex()


def test_later_tree_is_proven_to_continue_the_earlier_one() -> None:
    lines(300)
    old = grow()
    lines(500)
    new = grow()
    assert old
    assert new

    proof = consistency(300, 800)

    assert tree.proves_consistency(300, 800, bytes(old.root), bytes(new.root), proof)


def test_proof_for_a_size_that_the_tree_never_had_is_refused() -> None:
    lines(2)
    grow()

    with pytest.raises(tree.TreeError, match="2 leaves and not 5"):
        consistency(1, 5)


def test_journal_without_a_key_does_not_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth, "_key", None)
    lines(1)

    with pytest.raises(growth.NoHeadKey, match="No key signs"):
        grow()
    assert waiting() == 1
    assert not Tile.objects.exists()


def test_heads_of_a_renewed_key_and_of_the_former_one_are_both_good(key: Ed25519PrivateKey) -> None:
    lines(1)
    grow()
    renewed = Ed25519PrivateKey.generate()
    sign_heads_with(lambda: renewed, former=lambda: [key.public_key()])
    lines(1)
    grow()

    assert verify().whole
    sign_heads_with(lambda: renewed)
    assert [fault.where for fault in verify().faults] == ["Head of 1 lines"]


@pytest.mark.django_db(transaction=True)
def test_growers_at_the_same_time_give_each_line_one_position() -> None:
    def work(number: int) -> None:
        try:
            for _ in range(10):
                if number % 2:
                    grow()
                else:
                    lines(20)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))
    grow()

    assert list(Line.objects.order_by("position").values_list("position", flat=True)) == list(range(600))
    assert verify().whole


@pytest.mark.django_db(transaction=True)
def test_line_whose_act_ends_late_is_taken_by_the_next_growth() -> None:
    with transaction.atomic():
        late = write("late", Operation.OPERATION, by=None)
        with ThreadPoolExecutor(1) as other:  # on a connection of its own, while this act is still open
            other.submit(_lines_and_growth).result()
    grow()

    late.refresh_from_db()
    assert late.position == 2
    assert late.pk < min(Line.objects.exclude(pk=late.pk).values_list("pk", flat=True))
    assert verify().whole


def _lines_and_growth() -> None:
    try:
        lines(2)
        grow()
    finally:
        connection.close()
