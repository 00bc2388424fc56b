"""Rows that are written without Django's own INSERT: the same rows, and the same errors."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from ilex.journal.models import Head, Line, Operation, Tile
from ilex.journal.rows import MANY, insert, insert_many, insert_now, together

AT = datetime(2026, 11, 21, 12, 0, 0, 123456, tzinfo=UTC)
HARD = "Ана's “note” \\ %s {} 'x'; DROP TABLE journal_line; -- \n\t ჯ 😀"


def line(act: str = "bench.row", **columns: object) -> Line:
    return Line(at=AT, op=Operation.OPERATION, act=act, leaf=b"\x00" * 32, **columns)


def everything_of(row: Line) -> dict[str, object]:
    found = {field.attname: getattr(row, field.attname) for field in Line._meta.concrete_fields}
    return {name: bytes(value) if isinstance(value, memoryview) else value for name, value in found.items()}


@pytest.mark.django_db
def test_row_comes_back_as_it_was_given_whatever_stands_in_it() -> None:
    detail = {HARD: [1, None, True, HARD]}
    row = line(reason=HARD, recipients=["ilecu-mk", HARD[:20]], detail=detail, salt=b"\\\x00'\xff")
    insert(row)
    assert everything_of(Line.objects.get(pk=row.pk)) == everything_of(row)
    assert not row._state.adding


@pytest.mark.django_db
def test_rows_of_several_tables_go_in_one_trip_and_are_told_their_numbers() -> None:
    one, tile, other = line("bench.one"), Tile(level=3, index=1, hashes=b"%s"), line("bench.other")
    with CaptureQueriesContext(connection) as trips:
        insert(one, tile, other)
    assert len(trips) == 1
    assert [Line.objects.get(pk=row.pk).act for row in (one, other)] == ["bench.one", "bench.other"]
    assert Tile.objects.get(pk=tile.pk).level == 3


@pytest.mark.django_db
def test_many_rows_of_one_table_are_copied() -> None:
    insert_many([line(reason=HARD, detail={"n": number}) for number in range(3)])
    found = Line.objects.filter(act="bench.row").order_by("id")
    assert [(row.reason, row.detail) for row in found] == [(HARD, {"n": number}) for number in range(3)]


@pytest.mark.django_db
@pytest.mark.parametrize("level", [2**15, -(2**15) - 1])
def test_number_too_large_for_its_column_is_refused_both_ways_and_never_cut(level: int) -> None:
    tile = {"level": level, "index": 1, "hashes": b"x"}
    with pytest.raises(DataError), transaction.atomic():
        insert(Tile(**tile))
    with pytest.raises(DataError), transaction.atomic():
        insert_many([Tile(**tile)])
    assert not Tile.objects.exists()


@pytest.mark.django_db
def test_row_that_stands_there_already_is_an_integrity_error_both_ways() -> None:
    head = {"size": 7, "root": b"r", "at": AT, "note": "n"}
    insert(Head(**head))
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(Head(**head))
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_many([Head(**head)])
    assert Head.objects.count() == 1


@pytest.mark.django_db
def test_of_rows_gathered_those_of_a_full_table_are_copied_and_the_others_told_their_numbers() -> None:
    lines = [line(f"bench.{number}") for number in range(MANY)]
    tile = Tile(level=3, index=1, hashes=b"x")
    with CaptureQueriesContext(connection) as trips, together():
        insert(*lines[:2], tile, *lines[2:])
    assert [trip["sql"].split()[0] for trip in trips] == ["INSERT", "COPY"]
    found = Line.objects.order_by("id").values_list("act", flat=True)
    assert list(found) == [one.act for one in lines]
    assert Tile.objects.get(pk=tile.pk).index == 1


@pytest.mark.django_db
def test_row_whose_number_is_needed_at_once_does_not_wait_for_the_others() -> None:
    with together():
        insert(line("bench.later"))
        now = line("bench.now")
        insert_now(now)
        assert list(Line.objects.values_list("pk", "act")) == [(now.pk, "bench.now")]
    assert Line.objects.count() == 2


@pytest.mark.django_db
def test_rows_gathered_before_an_error_are_not_written() -> None:
    def fail() -> None:
        with together():
            insert(line("bench.lost"))
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    insert(line("bench.kept"))
    assert list(Line.objects.filter(act__startswith="bench").values_list("act", flat=True)) == ["bench.kept"]


@pytest.mark.django_db
def test_rows_gathered_inside_a_gathering_wait_for_the_outer_one() -> None:
    with CaptureQueriesContext(connection) as trips, together():
        insert(line("bench.outer"))
        with together():
            insert(line("bench.inner"))
        assert len(trips) == 0
    assert len(trips) == 1
    assert list(Line.objects.order_by("id").values_list("act", flat=True)) == ["bench.outer", "bench.inner"]
