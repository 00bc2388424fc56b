"""Heads that came in one load of mail are judged as if they had come one by one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ilex.journal.actions import remember, remember_many
from ilex.journal.models import Witnessed
from ilex.journal.queries import alarms
from tests.journal.test_witness import NOON, SKOPJE, Log, entries

pytestmark = pytest.mark.django_db

Said = tuple[str, datetime]


def at(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def rows() -> list[tuple[int, bytes, str]]:
    found = Witnessed.objects.order_by("size", "root").values_list("size", "root", "state")
    return [(size, bytes(root), state) for size, root, state in found]


def one_by_one(log: Log, heads: Sequence[Said]) -> list[tuple[int, bytes, str]]:
    for note, moment in heads:
        remember(SKOPJE, note, log.key.public_key(), said_at=moment, at=at(60))
    return rows()


def together(log: Log, heads: Sequence[Said]) -> list[tuple[int, bytes, str]]:
    assert remember_many(SKOPJE, dict(heads), log.key.public_key(), at=at(60)) == []
    return rows()


def test_heads_that_only_grow_are_kept_and_begin_where_the_first_stands() -> None:
    log = Log(entries(0, 12))
    heads = [(log.note(size), at(0)) for size in (4, 8, 12)]
    expected = one_by_one(log, heads)
    Witnessed.objects.all().delete()
    assert together(log, heads) == expected
    assert [(size, state) for size, _root, state in expected] == [(4, "proven"), (8, "seen"), (12, "seen")]


def test_a_known_head_that_comes_again_changes_nothing() -> None:
    log = Log(entries(0, 12))
    before = together(log, [(log.note(4), at(0)), (log.note(8), at(1))])
    assert together(log, [(log.note(8), at(2)), (log.note(4), at(2))]) == before


def test_two_trees_in_one_load_raise_the_alarm() -> None:
    log, other = Log(entries(0, 8)), Log([*entries(0, 7), "another line"])
    together(log, [(log.note(4), at(0))])
    together(log, [(log.note(8), at(1)), (other.note(8), at(1))])
    assert [alarm.state for alarm in alarms()] == ["fork"]


def test_a_tree_that_contradicts_a_known_head_raises_the_alarm() -> None:
    log, other = Log(entries(0, 9)), Log([*entries(0, 7), "another line", "one more"])
    together(log, [(log.note(4), at(0)), (log.note(8), at(1))])
    together(log, [(other.note(8), at(2)), (other.note(9), at(2))])
    assert [(alarm.size, alarm.state) for alarm in alarms()] == [(8, "fork")]


def test_an_old_head_that_is_said_long_after_a_larger_one_raises_the_alarm() -> None:
    log = Log(entries(0, 12))
    together(log, [(log.note(4), at(0)), (log.note(12), at(1))])
    together(log, [(log.note(6), at(30)), (log.note(7), at(30))])
    assert [(alarm.size, alarm.state) for alarm in alarms()] == [(6, "rollback"), (7, "rollback")]


def test_a_head_that_nobody_signed_is_given_back_and_the_others_are_kept() -> None:
    log = Log(entries(0, 12))
    forged = Log(entries(0, 9))
    forged.key = Ed25519PrivateKey.generate()
    wrong = remember_many(SKOPJE, {log.note(4): at(0), forged.note(9): at(0)}, log.key.public_key(), at=at(1))
    assert len(wrong) == 1
    assert [size for size, _root, _state in rows()] == [4]


def test_a_hundred_heads_cost_as_many_statements_as_two() -> None:
    log = Log(entries(0, 110))
    together(log, [(log.note(1), at(0))])
    counts = []
    for sizes in (range(2, 4), range(5, 105)):
        with CaptureQueriesContext(
            connection,
        ) as caught:
            together(log, [(log.note(size), at(0)) for size in sizes])
        counts.append(len(caught))
    assert counts[0] == counts[1]
