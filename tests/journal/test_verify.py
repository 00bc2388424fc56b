"""Whoever can write into the database can change the log, and verify() says what was changed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils.timezone import now

from ilex.journal import notes, records, tree
from ilex.journal.actions import Act, erase, grow, growth, write, write_many
from ilex.journal.models import Head, Line, Operation, Tile
from ilex.journal.queries import head_note, verify

pytestmark = pytest.mark.django_db


def log_of(count: int, heads: int = 1) -> list[Line]:
    for _ in range(heads):
        with transaction.atomic():
            write_many(
                Act("request.read", Operation.CONSULTATION, on=("request", str(n)), reason="Article 4")
                for n in range(count // heads)
            )
        grow()
    return list(Line.objects.order_by("position"))


def found() -> list[str]:
    return [str(fault) for fault in verify().faults]


def leaf_at(position: int, leaf: bytes) -> None:
    tile = Tile.objects.get(level=0, index=position // 256)
    start = position % 256 * 32
    tile.hashes = bytes(tile.hashes)[:start] + leaf + bytes(tile.hashes)[start + 32 :]
    tile.save()


def test_log_that_nobody_touched_is_whole() -> None:
    log_of(600, heads=3)
    write("one.more", Operation.OPERATION, by=None)

    report = verify()

    assert report.whole
    assert (report.size, report.lines, report.heads, report.waiting, report.erased) == (600, 600, 3, 1, 0)
    assert report.root == bytes(Head.objects.get(size=600).root)


def test_empty_log_is_whole() -> None:
    report = verify()

    assert report.whole
    assert (report.size, report.root) == (0, tree.EMPTY_ROOT)


def test_whole_log_is_verified_across_pages_and_levels() -> None:
    log_of(6000, heads=4)

    report = verify()

    assert report.whole
    assert (report.lines, report.heads) == (6000, 4)


CHANGES: dict[str, dict[str, object]] = {
    "who": {"by": "somebody-else"},
    "when": {"at": F("at") + timedelta(microseconds=1)},
    "why": {"reason": "Article 5"},
    "what": {"act": "request.printed"},
    "kind": {"op": Operation.OPERATION},
    "whom": {"recipients": ["ilecu-hu"]},
    "detail": {"detail": {"x": 2**60}},
    "salt": {"salt": bytes(16)},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_altered_line_is_named(change: dict[str, object]) -> None:
    line = log_of(10)[6]
    Line.objects.filter(pk=line.pk).update(**change)

    assert found() == [f"Line {line.pk}: What it says was altered: it does not give the leaf that was written with it."]


def test_altered_line_that_still_waits_is_named() -> None:
    line = write("x", Operation.OPERATION, by=None)
    Line.objects.update(act="y")

    assert [fault.where for fault in verify().faults] == [f"Line {line.pk}"]


def forge(line: Line, reason: str) -> bytes:
    """Alter a line together with its leaf, as somebody who knows the code would."""
    line.reason = reason
    assert line.salt is not None
    leaf = records.leaf_of(bytes(line.salt), line.canonical)
    line.leaf = leaf
    line.save()
    return leaf


def test_line_altered_with_its_leaf_is_named() -> None:
    line = log_of(10)[6]
    forge(line, "Article 5")

    assert found() == [f"Line {line.pk}: Its leaf is not the one that the tree holds at position 6."]


def test_line_altered_with_its_leaf_and_tile_is_given_away_by_the_heads() -> None:
    line = log_of(300, heads=3)[150]
    leaf_at(150, forge(line, "Article 5"))

    assert found() == [
        "Tile 0/0: Its root is not the one that stands above it.",
        "Heads of 200 to 300 lines (2 heads): The tree does not give the root that was signed.",
    ]


def test_whole_tree_rewritten_without_the_key_is_given_away_by_the_signature() -> None:
    log_of(10)
    Line.objects.update(position=None)
    forge(Line.objects.order_by("id")[4], "Article 5")
    Tile.objects.all().delete()
    Head.objects.all().delete()
    kept, growth._key = growth._key, Ed25519PrivateKey.generate
    grow()
    growth._key = kept

    assert found() == ["Head of 10 lines: The head of ilex/ilecu-rs does not bear that log's signature."]


def test_whole_tree_rewritten_with_the_key_is_given_away_by_what_others_kept() -> None:
    log_of(10)
    kept_by_skopje = head_note()
    Line.objects.update(position=None)
    forge(Line.objects.order_by("id")[4], "Article 5")
    Tile.objects.all().delete()
    Head.objects.all().delete()
    grow()

    assert verify().whole
    assert [str(fault) for fault in verify([kept_by_skopje]).faults] == [
        "Head of 10 lines that others kept: "
        "It is ours, but our tree had another root at that size: the log was rewritten."
    ]


def test_deleted_line_is_named_by_its_position() -> None:
    line = log_of(10)[6]
    line.delete()

    assert found() == ["Position 6: No line stands here."]


def test_deleted_stretch_of_lines_is_named_by_its_ends() -> None:
    log_of(10)
    Line.objects.filter(position__in=[3, 4, 5]).delete()

    assert found() == ["Positions 3 to 5: No lines stand here."]


def test_lines_taken_off_the_end_are_named() -> None:
    log_of(10)
    Line.objects.filter(position__gte=8).delete()

    assert found() == ["Positions 8 to 9: No lines stand here."]


def test_end_taken_off_with_its_heads_is_given_away_by_what_others_kept() -> None:
    log_of(10)
    log_of(5)
    kept_by_skopje = head_note()
    Line.objects.filter(position__gte=10).delete()
    Head.objects.filter(size=15).delete()
    tile = Tile.objects.get()
    tile.hashes = bytes(tile.hashes)[: 10 * 32]
    tile.save()

    assert verify().whole
    assert [str(fault) for fault in verify([kept_by_skopje]).faults] == [
        "Head of 15 lines that others kept: "
        "It is ours, but our newest head covers only 10 lines: the end of the log is gone."
    ]


def test_line_put_in_behind_the_end_is_named() -> None:
    log_of(10)
    line = write("invented", Operation.OPERATION, by=None)
    Line.objects.filter(pk=line.pk).update(position=10)

    assert found() == [f"Line {line.pk}: It has position 10, but the newest head covers 10 lines."]


def test_line_put_in_between_is_named_with_all_it_pushed_away() -> None:
    log_of(4)
    line = write("invented", Operation.OPERATION, by=None)
    for position in (3, 2):
        Line.objects.filter(position=position).update(position=position + 1)
    Line.objects.filter(pk=line.pk).update(position=2)

    faults = found()

    assert faults[0] == f"Line {line.pk}: Its leaf is not the one that the tree holds at position 2."
    assert [fault.split(": ")[1] for fault in faults[1:]] == [
        "Its leaf is not the one that the tree holds at position 3.",
        "It has position 4, but the newest head covers 4 lines.",
    ]


def test_lines_that_changed_places_are_both_named() -> None:
    log = log_of(10)
    first, second = log[2], log[7]
    Line.objects.filter(pk=first.pk).update(position=None)
    Line.objects.filter(pk=second.pk).update(position=2)
    Line.objects.filter(pk=first.pk).update(position=7)

    assert found() == [
        f"Line {second.pk}: Its leaf is not the one that the tree holds at position 2.",
        f"Line {first.pk}: Its leaf is not the one that the tree holds at position 7.",
    ]


def test_altered_leaf_in_a_tile_is_named_with_its_line_and_heads() -> None:
    line = log_of(600, heads=2)[5]
    leaf_at(5, bytes(32))

    assert found() == [
        f"Line {line.pk}: Its leaf is not the one that the tree holds at position 5.",
        "Tile 0/0: Its root is not the one that stands above it.",
        "Heads of 300 to 600 lines (2 heads): The tree does not give the root that was signed.",
    ]


def test_missing_tile_is_named_and_the_heads_are_checked_by_the_lines() -> None:
    log_of(600)
    Tile.objects.filter(level=0, index=1).delete()

    assert found() == ["Tile 0/1: It is missing."]


def test_heads_that_can_no_longer_be_computed_are_named() -> None:
    log_of(600, heads=3)
    Tile.objects.filter(level=0, index=1).delete()
    Line.objects.filter(position=300).delete()

    assert found() == [
        "Position 300: No line stands here.",
        "Tile 0/1: It is missing.",
        "Heads of 400 to 600 lines (2 heads): The tree does not give the root that was signed.",
    ]


def test_altered_upper_tile_is_named() -> None:
    log_of(600)
    tile = Tile.objects.get(level=1)
    tile.hashes = bytes(32) + bytes(tile.hashes)[32:]
    tile.save()

    assert found() == ["Tile 0/0: Its root is not the one that stands above it."]


def test_short_tile_and_stray_tile_are_named() -> None:
    log_of(600)
    tile = Tile.objects.get(level=0, index=2)
    Tile.objects.filter(pk=tile.pk).update(hashes=bytes(tile.hashes)[:-32])
    Tile.objects.create(level=0, index=3, hashes=bytes(32))
    Tile.objects.create(level=5, index=0, hashes=bytes(32))

    assert found() == [
        "Tile 0/2: It holds 87 hashes and not 88.",
        "Tile 0/3: It stands behind the newest head, which covers 600 lines.",
        "Tile 5/0: It stands behind the newest head, which covers 600 lines.",
    ]


def test_newest_head_taken_away_leaves_lines_behind_the_end() -> None:
    log_of(4, heads=2)
    Head.objects.filter(size=4).delete()

    assert [fault.split(": ")[1] for fault in found()] == [
        "It holds 4 hashes and not 2.",
        "It has position 2, but the newest head covers 2 lines.",
        "It has position 3, but the newest head covers 2 lines.",
    ]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"root": bytes(32)}, "Its signed note says another size or root."),
        ({"note": "nothing"}, "This is not a signed head: three lines, an empty one and a signature are expected."),
    ],
)
def test_altered_head_is_named(change: dict[str, object], what: str) -> None:
    log_of(10, heads=2)
    Head.objects.filter(size=5).update(**change)

    assert f"Head of 5 lines: {what}" in found()


def test_head_that_others_made_up_is_told_apart_from_ours() -> None:
    log_of(10)
    invented = notes.write("ilex/ilecu-rs", 10, bytes(32), Ed25519PrivateKey.generate())

    faults = verify([invented, head_note()]).faults

    assert [str(fault) for fault in faults] == [
        "Head that others kept: The head of ilex/ilecu-rs does not bear that log's signature."
    ]


def test_erased_lines_are_counted_and_the_log_stays_whole() -> None:
    log_of(10)
    erase(before=now())
    grow()

    report = verify()

    assert report.whole
    assert (report.lines, report.erased) == (11, 10)


def test_line_marked_as_erased_that_still_speaks_is_named() -> None:
    """Else whoever marks a line could then write anything into it."""
    line = log_of(10)[6]
    Line.objects.filter(pk=line.pk).update(erased_at=now(), reason="Article 5")

    assert found() == [f"Line {line.pk}: It is marked as erased and yet says something."]


def test_line_without_its_salt_is_named() -> None:
    line = log_of(10)[6]
    Line.objects.filter(pk=line.pk).update(salt=None)

    assert found() == [f"Line {line.pk}: Its salt is gone, so nothing proves what it says."]


def test_more_faults_than_a_report_lists_are_counted() -> None:
    log_of(1200)
    Line.objects.update(reason="Article 5")

    report = verify()

    assert (len(report.faults), report.more, report.whole) == (1000, 200, False)


@pytest.mark.django_db(transaction=True)
def test_database_itself_takes_no_leaf_that_is_no_hash() -> None:
    with pytest.raises(IntegrityError, match="journal_line_leaf"):
        Line.objects.create(at=now(), op=Operation.OPERATION, act="x", leaf=b"short")


@pytest.mark.django_db(transaction=True)
def test_log_that_grows_meanwhile_is_whole() -> None:
    def growth_elsewhere() -> None:
        try:
            for _ in range(20):
                log_of(30)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        growing = other.submit(growth_elsewhere)
        reports = [verify()]
        while not growing.done():
            reports.append(verify())
        growing.result()

    assert [report.faults for report in reports if not report.whole] == []
    assert verify().size == 600
