"""Several officers, and several processes, at the same moment: real transactions on real connections."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.utils.timezone import localdate, now

from ilex.exchange import actions
from ilex.exchange.clock import ring
from ilex.exchange.models import ClockMove, Entry, Request
from ilex.exchange.rules import Invalid, NotNow
from ilex.units.models import Officer, Organisation
from tests.exchange.test_asking import CONTENT
from tests.exchange.test_other_channels import recorded

pytestmark = pytest.mark.django_db(transaction=True)
Result = TypeVar("Result")


def together(works: list[Callable[[], Result]]) -> list[Result]:
    def run(work: Callable[[], Result]) -> Result:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return [done.result() for done in [pool.submit(run, work) for work in works]]


def test_references_have_no_gaps_although_some_sendings_fail(ana: Officer) -> None:
    def record() -> None:
        for _ in range(4):
            recorded(ana)

    def fail() -> None:
        for _ in range(4):
            with pytest.raises(Invalid):
                actions.ask(ana, CONTENT, to=["spoc-hu"], confirmed=True)

    together([record, fail, record])

    references = sorted(Request.objects.values_list("our_ref", flat=True))
    assert references == [f"RS-{localdate().year}-{number:06d}" for number in range(1, 9)]


def test_of_two_officers_one_takes_the_request(ana: Officer, bojan: Officer) -> None:
    request = recorded(ana)

    def take(officer: Officer) -> Callable[[], bool]:
        def work() -> bool:
            try:
                actions.take(officer, request)
            except NotNow:
                return False
            return True

        return work

    assert sorted(together([take(ana), take(bojan)])) == [False, True]


def test_of_two_answers_at_once_one_is_sent(ana: Officer, bojan: Officer) -> None:
    request = recorded(ana)

    def answer(officer: Officer) -> Callable[[], bool]:
        def work() -> bool:
            try:
                actions.answer(officer, request, "Не.", said_at=now())
            except NotNow:
                return False
            return True

        return work

    assert sorted(together([answer(ana), answer(bojan), answer(ana)])) == [False, False, True]
    assert Entry.objects.filter(kind=Entry.Kind.ANSWER).count() == 1


def test_two_processes_that_ring_at_once_tell_each_warning_once(ana: Officer) -> None:
    for _ in range(6):
        recorded(ana, received_at=now() - timedelta(hours=5))

    assert sum(together([ring, ring])) == 6

    assert ClockMove.objects.filter(kind=ClockMove.Kind.HALF).count() == 6


def test_request_cannot_be_changed_without_a_line_in_the_journal(house: Organisation, ana: Officer) -> None:
    request = recorded(ana)

    with pytest.raises(IntegrityError, match="journal"), transaction.atomic():
        Request.objects.filter(pk=request.pk).update(state="closed")
    with pytest.raises(IntegrityError, match="journal"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM exchange_entry WHERE request_id = %s", [request.pk])

    request.refresh_from_db()
    assert request.state == "received"
