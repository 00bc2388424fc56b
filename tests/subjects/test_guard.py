"""Nothing of subjects changes without a line in the journal, and of two at once one is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import Error, close_old_connections, connection, transaction
from django.utils.timezone import now

from ilex.subjects import actions
from ilex.subjects.models import Link, Merge, Statement, Subject
from ilex.subjects.rules import NotNow, Said
from ilex.units.models import Officer
from tests.subjects.conftest import person, vehicle

pytestmark = pytest.mark.django_db(transaction=True)


def test_no_table_changes_without_a_line(ana: Officer) -> None:
    one, other, car = person(ana, "Ana A"), person(ana, "Ana B"), vehicle(ana, "BG 1-A")
    actions.link(ana, one, car, "owner")
    actions.merge(ana, one, other, "x")
    for change in (
        lambda: Subject.objects.filter(pk=one.pk).update(caption="x"),
        lambda: Statement.objects.filter(subject=one).update(value="x"),
        lambda: Statement.objects.filter(subject=one).delete(),
        lambda: Link.objects.all().delete(),
        lambda: Merge.objects.update(undone_at=now()),
    ):
        with pytest.raises(Error), transaction.atomic():
            change()
    assert set(Statement.objects.values_list("value", flat=True)) == {"Ana A", "Ana B", "BG 1-A"}


def test_of_two_who_correct_at_once_one_is_told_that_he_was_late(ana: Officer, bojan: Officer) -> None:
    person(ana, "Ana Marković")
    [name] = Statement.objects.all()

    def correct(officer: Officer) -> str:
        try:
            actions.correct(officer, name, Said("name", f"Ana by {officer.sign_in}"), "Misread.")
            return "kept"
        except NotNow:
            return "late"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        told = sorted(both.map(correct, [ana, bojan]))
    close_old_connections()
    assert told == ["kept", "late"]
    assert Statement.objects.filter(withdrawn_at=None).count() == 1


def test_of_two_who_merge_crosswise_at_once_one_is_told(ana: Officer, bojan: Officer) -> None:
    one, other = person(ana, "Ana A"), person(ana, "Ana B")

    def merge(turn: tuple[Officer, Subject, Subject]) -> str:
        try:
            actions.merge(*turn, "Same passport.")
            return "kept"
        except NotNow:
            return "late"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        told = sorted(both.map(merge, [(ana, one, other), (bojan, other, one)]))
    assert told == ["kept", "late"]
    assert Subject.objects.filter(merged_into=None).count() == 1
