from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
import time_machine
from django.db import transaction
from django.db.transaction import TransactionManagementError
from hypothesis import given
from hypothesis import strategies as st

from ilex.journal import records
from ilex.journal.actions import Act, act, erase, grow, write, write_many
from ilex.journal.models import Line, Operation
from ilex.journal.queries import inclusion, lines_for, verify
from ilex.units.models import Officer

pytestmark = pytest.mark.django_db


def test_act_leaves_its_line(ana: Officer) -> None:
    with act("request.sent", Operation.DISCLOSURE, by=ana, reason="Article 4", urgent=True) as this:
        this.on = ("request", "17")
        this.recipients = ["ilecu-mk"]
        this.detail["fields"] = 6

    line = Line.objects.get()
    assert (line.act, line.op, line.by, line.unit) == ("request.sent", "disclosure", str(ana.pk), "ilecu-rs")
    assert (line.object_kind, line.object_id, line.reason) == ("request", "17", "Article 4")
    assert (line.recipients, line.detail) == (["ilecu-mk"], {"urgent": True, "fields": 6})
    assert line.position is None


def test_act_that_fails_leaves_neither_line_nor_effect(ana: Officer) -> None:
    def rename() -> None:
        with act("officer.renamed", Operation.ALTERATION, by=ana):
            Officer.objects.update(name="Another")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        rename()

    assert not Line.objects.exists()
    assert Officer.objects.get().name == "Ana"


def test_act_inside_an_act_has_a_line_of_its_own(ana: Officer) -> None:
    with act("outer", Operation.ALTERATION, by=ana):
        with act("inner.kept", Operation.ALTERATION, by=ana):
            pass
        with pytest.raises(ZeroDivisionError), act("inner.lost", Operation.ALTERATION, by=ana):
            1 / 0  # noqa: B018

    assert list(Line.objects.order_by("id").values_list("act", flat=True)) == ["inner.kept", "outer"]


def test_act_of_the_node_itself_names_its_unit() -> None:
    with act("envelope.stored", Operation.COLLECTION, by=None):
        pass

    line = Line.objects.get()
    assert (line.by, line.unit) == ("", "ilecu-rs")


@pytest.mark.django_db(transaction=True)
def test_line_is_not_written_outside_a_transaction() -> None:
    with pytest.raises(TransactionManagementError, match="transaction of its act"):
        write("request.read", Operation.CONSULTATION, by=None)
    with pytest.raises(TransactionManagementError, match="transaction of its act"):
        write_many([Act("request.read", Operation.CONSULTATION)])

    with transaction.atomic():
        write("request.read", Operation.CONSULTATION, by=None)
    assert Line.objects.count() == 1


def test_batch_of_lines_is_written_at_once(ana: Officer) -> None:
    acts = [Act("x", Operation.COLLECTION, by=ana, on=("envelope", str(n)), detail={"n": [n]}) for n in range(3)]
    acts[2].recipients, acts[2].reason = ["ilecu-mk", "ilecu-hu"], "tab\t, quote ', back\\slash, \\N and NUL\0"

    assert write_many(acts) == 3

    lines = list(Line.objects.order_by("id"))
    assert [(line.object_id, line.detail, line.by) for line in lines] == [
        ("0", {"n": [0]}, str(ana.pk)),
        ("1", {"n": [1]}, str(ana.pk)),
        ("2", {"n": [2]}, str(ana.pk)),
    ]
    assert lines[2].recipients == ["ilecu-mk", "ilecu-hu"]
    assert lines[2].reason == "tab\t, quote ', back\\slash, \\N and NUL\ufffd"
    assert verify().whole


def test_empty_batch_writes_nothing() -> None:
    assert write_many([]) == 0
    assert not Line.objects.exists()


def test_what_was_done_to_one_thing_is_listed_in_its_order() -> None:
    for name, key in [("request.sent", "1"), ("request.sent", "2"), ("request.closed", "1")]:
        write(name, Operation.ALTERATION, by=None, on=("request", key))

    assert [line.act for line in lines_for("request", "1")] == ["request.sent", "request.closed"]


def test_same_words_twice_give_different_leaves() -> None:
    with time_machine.travel(datetime(2026, 11, 21, tzinfo=UTC), tick=False):
        first = write("note", Operation.OPERATION, by=None)
        second = write("note", Operation.OPERATION, by=None)

    assert first.record == second.record
    assert first.leaf != second.leaf


def test_identifiers_and_moments_in_the_detail_become_text() -> None:
    when = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
    line = write(*("x", Operation.OPERATION), by=None, key=UUID(int=1), when=when, day=date(2026, 11, 21), big=2**80)

    assert line.detail == {
        "key": "00000000-0000-0000-0000-000000000001",
        "when": "2026-11-21T08:30:00.000000Z",
        "day": "2026-11-21",
        "big": "1208925819614629174706176",
    }


@pytest.mark.parametrize("value", [0.5, b"bytes", object()])
def test_value_without_one_spelling_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="write it as text"):
        write("x", Operation.OPERATION, by=None, value=value)


def test_line_too_long_for_its_field_is_refused_before_the_database_sees_it() -> None:
    with pytest.raises(ValueError, match="at most 80 characters of object_id"):
        write("x", Operation.OPERATION, by=None, on=("request", "7" * 81))
    with pytest.raises(ValueError, match="at most 65536 bytes"):
        write("x", Operation.OPERATION, by=None, reason="r" * 70_000)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=())),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(exclude_categories=()), max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(ANYTHING, st.text(st.characters(exclude_categories=())))
def test_leaf_can_be_computed_again_from_what_the_database_gives_back(value: object, reason: str) -> None:
    written = write("x", Operation.OPERATION, by=None, reason=reason, value=[value])
    line = Line.objects.get(pk=written.pk)

    assert line.salt is not None
    assert records.leaf_of(bytes(line.salt), line.canonical) == bytes(line.leaf)


def test_erased_line_says_nothing_and_its_neighbours_still_prove(ana: Officer) -> None:
    with time_machine.travel(datetime(2024, 5, 1, tzinfo=UTC)):
        write("request.read", Operation.CONSULTATION, by=ana, on=("request", "1"), reason="old", case="C-1")
    write("request.read", Operation.CONSULTATION, by=ana, on=("request", "2"), reason="new")
    grow()

    assert erase(before=datetime(2025, 1, 1, tzinfo=UTC), by=ana, reason="two years are over") == 1

    grow()
    old, new, erasure = Line.objects.order_by("id")
    assert old.says_nothing
    assert old.erased_at is not None
    assert (new.reason, erasure.act, erasure.op) == ("new", "journal.erased", "erasure")
    assert erasure.detail == {"before": "2025-01-01T00:00:00.000000Z", "lines": 1}
    proofs = [inclusion(line) for line in (old, new, erasure)]
    assert [proof and proof.holds for proof in proofs] == [True, True, True]
    assert verify().whole


def test_erased_line_is_not_erased_again() -> None:
    with time_machine.travel(datetime(2024, 5, 1, tzinfo=UTC)):
        write("x", Operation.OPERATION, by=None)

    assert erase(before=datetime(2025, 1, 1, tzinfo=UTC)) == 1
    assert erase(before=datetime(2025, 1, 1, tzinfo=UTC)) == 0
