"""The guard asks at commit, so these tests commit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest
from django.db import IntegrityError, connection, transaction

from ilex.journal.actions import Act, act, grow, write, write_many
from ilex.journal.guard import guarded
from ilex.journal.models import Line, Operation

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def table() -> Iterator[str]:
    run("CREATE TABLE tests_thing (id int PRIMARY KEY, name text, counter int DEFAULT 0)")
    run(str(guarded("tests_thing").sql))
    yield "tests_thing"
    run("DROP TABLE tests_thing")


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def things() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM tests_thing")
        return int(cursor.fetchone()[0])


def acting() -> None:
    write("thing.made", Operation.ALTERATION, by=None)


@pytest.mark.parametrize(
    "change", ["INSERT INTO tests_thing VALUES (2)", "UPDATE tests_thing SET name = 'x'", "DELETE FROM tests_thing"]
)
def test_change_without_a_line_is_taken_back(table: str, change: str) -> None:
    with transaction.atomic():
        run("INSERT INTO tests_thing VALUES (1)")
        acting()

    with pytest.raises(IntegrityError, match=r"an act without its journal line: .* on tests_thing"):
        run(change)

    assert things() == 1


def test_change_with_its_line_is_kept(table: str) -> None:
    with act("thing.made", Operation.ALTERATION, by=None):
        run("INSERT INTO tests_thing SELECT generate_series(1, 1000)")

    assert (things(), Line.objects.count()) == (1000, 1)


def test_line_may_come_before_or_after_the_change(table: str) -> None:
    with transaction.atomic():
        acting()
        run("INSERT INTO tests_thing VALUES (1)")
    with transaction.atomic():
        run("INSERT INTO tests_thing VALUES (2)")
        acting()

    assert things() == 2


def test_batch_of_lines_is_enough(table: str) -> None:
    with transaction.atomic():
        run("INSERT INTO tests_thing VALUES (1)")
        write_many([Act("thing.made", Operation.ALTERATION)] * 3)

    assert (things(), Line.objects.count()) == (1, 3)


def test_empty_batch_of_lines_is_not_enough(table: str) -> None:
    def change() -> None:
        with transaction.atomic():
            run("INSERT INTO tests_thing VALUES (1)")
            write_many([])

    with pytest.raises(IntegrityError, match="without its journal line"):
        change()


def test_line_of_another_transaction_is_not_enough(table: str) -> None:
    with transaction.atomic():
        acting()

    with pytest.raises(IntegrityError, match="without its journal line"):
        run("INSERT INTO tests_thing VALUES (1)")


def test_line_written_inside_a_savepoint_counts(table: str) -> None:
    with transaction.atomic():
        run("INSERT INTO tests_thing VALUES (1)")
        with transaction.atomic(), transaction.atomic():
            acting()

    assert things() == 1


def test_line_taken_back_with_its_savepoint_does_not_count(table: str) -> None:
    def lose_the_line() -> None:
        with transaction.atomic():
            acting()
            raise ZeroDivisionError

    def change() -> None:
        with transaction.atomic():
            run("INSERT INTO tests_thing VALUES (1)")
            with suppress(ZeroDivisionError):
                lose_the_line()

    with pytest.raises(IntegrityError, match="without its journal line"):
        change()

    assert (things(), Line.objects.count()) == (0, 0)


def test_growth_of_the_tree_is_no_act(table: str) -> None:
    with transaction.atomic():
        acting()

    def change() -> None:
        with transaction.atomic():
            run("INSERT INTO tests_thing VALUES (1)")
            grow()

    with pytest.raises(IntegrityError, match="without its journal line"):
        change()


def test_setting_of_another_transaction_is_not_enough(table: str) -> None:
    """A restored database or a pooled connection may carry an old number; it is never this transaction's."""
    run("SELECT set_config('ilex.journal', pg_current_xact_id()::text, false)")

    with pytest.raises(IntegrityError, match="without its journal line"):
        run("INSERT INTO tests_thing VALUES (1)")


def test_guard_of_some_columns_leaves_the_others_alone() -> None:
    run("CREATE TABLE tests_thing (id int PRIMARY KEY, name text, counter int DEFAULT 0)")
    run(str(guarded("tests_thing", columns=["name"]).sql))
    try:
        with transaction.atomic():
            run("INSERT INTO tests_thing VALUES (1)")
            acting()
        run("UPDATE tests_thing SET counter = 5")
        with pytest.raises(IntegrityError, match="update on tests_thing"):
            run("UPDATE tests_thing SET name = 'x'")
    finally:
        run("DROP TABLE tests_thing")


def test_guard_can_be_taken_off_again(table: str) -> None:
    run(str(guarded(table).reverse_sql))

    run("INSERT INTO tests_thing VALUES (1)")

    assert things() == 1


@pytest.mark.parametrize("name", ["x; DROP TABLE journal_line", 'a"b', "", "Exchange"])
def test_only_plain_names_can_be_guarded(name: str) -> None:
    with pytest.raises(ValueError, match="plain name"):
        guarded(name)
    with pytest.raises(ValueError, match="plain name"):
        guarded("tests_thing", columns=[name])
