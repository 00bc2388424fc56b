"""Asking back stops the clock, on both sides at the same moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils.timezone import now
from time_machine import travel

from ilex.exchange import actions
from ilex.exchange.models import ClockMove, Entry, Request, State
from ilex.exchange.rules import NotNow
from ilex.units.models import Officer
from tests.exchange.ceca import Ceca
from tests.exchange.test_asking import CONTENT, URGENT

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_clock_stops_when_their_receipt_says_they_have_the_question(ceca: Ceca, ana: Officer) -> None:
    request = ceca.asks(at=NOON)
    with travel(NOON + HOUR, tick=False):
        question = actions.question(ana, request, "О ком возилу је реч?")
    request.refresh_from_db()
    assert (request.state, request.stopped_at) == (State.CLARIFYING, None)

    ceca.stores(question.envelope, at=NOON + 2 * HOUR)

    request.refresh_from_db()
    assert request.stopped_at == NOON + 2 * HOUR
    assert request.alarm_at is None
    assert request.stopped_reason


def test_clock_runs_again_from_the_arrival_of_the_clarification(ceca: Ceca, ana: Officer) -> None:
    request = ceca.asks(at=NOON)
    with travel(NOON + HOUR, tick=False):
        question = actions.question(ana, request, "О ком возилу је реч?")
    ceca.stores(question.envelope, at=NOON + 2 * HOUR)

    with travel(NOON + 5 * HOUR, tick=False):
        clarify(ceca, request, question)

    request.refresh_from_db()
    assert request.stopped_at is None
    assert request.suspended == 3 * HOUR
    assert request.due_at == NOON + timedelta(days=7) + 3 * HOUR
    assert request.first_due_at == NOON + timedelta(days=7)
    assert request.state == State.WORK
    assert request.alarm_at is not None
    kinds = list(request.clock_moves.order_by("at").values_list("kind", "at"))
    assert kinds == [
        (ClockMove.Kind.STARTED, NOON),
        (ClockMove.Kind.STOPPED, NOON + 2 * HOUR),
        (ClockMove.Kind.RESTARTED, NOON + 5 * HOUR),
    ]


def test_receipt_that_comes_after_the_clarification_counts_the_time_all_the_same(ceca: Ceca, ana: Officer) -> None:
    request = ceca.asks(at=NOON)
    with travel(NOON + HOUR, tick=False):
        question = actions.question(ana, request, "О ком возилу је реч?")
    with travel(NOON + 5 * HOUR, tick=False):
        clarify(ceca, request, question)
    request.refresh_from_db()
    assert request.due_at == NOON + timedelta(days=7)

    ceca.stores(question.envelope, at=NOON + 2 * HOUR)

    request.refresh_from_db()
    assert request.due_at == NOON + timedelta(days=7) + 3 * HOUR
    assert request.stopped_at is None


def test_both_sides_compute_the_same_deadline(ceca: Ceca, ana: Officer) -> None:
    """The same facts once as theirs and once as ours: asked at noon, asked back at 13, clarified at 16 o'clock."""
    theirs = ceca.asks(at=NOON, urgency="U_A", urgency_reason="x")
    with travel(NOON + HOUR, tick=False):
        question = actions.question(ana, theirs, "Шта тачно?")
        ceca.stores(question.envelope, at=NOON + HOUR)
    with travel(NOON + 4 * HOUR, tick=False):
        clarify(ceca, theirs, question)

    with travel(NOON, tick=False):
        (ours,) = actions.ask(ana, URGENT, to=["ilecu-mk"])
        ceca.stores(ours.entries.get().envelope, at=NOON)
    with travel(NOON + HOUR, tick=False):
        ceca.says("exchange.question", {"text": "Што точно?"}, ours.inquiry)
    with travel(NOON + 3 * HOUR, tick=False):
        reply = actions.give_clarification(ana, ours, "Ово.")
    with travel(NOON + 4 * HOUR, tick=False):
        ceca.stores(reply.envelope, at=NOON + 4 * HOUR)

    theirs.refresh_from_db()
    ours.refresh_from_db()
    assert ours.due_at == theirs.due_at == NOON + 11 * HOUR
    assert ours.suspended == theirs.suspended == 3 * HOUR
    assert ours.stopped_at is None


def test_question_of_the_partner_stops_our_clock_when_our_gate_keeps_it(ceca: Ceca, ana: Officer) -> None:
    (request,) = actions.ask(ana, CONTENT, to=["ilecu-mk"])
    ceca.stores(request.entries.get().envelope)

    envelope = ceca.says("exchange.question", {"text": "Кое возило?"}, request.inquiry)

    request.refresh_from_db()
    assert request.state == State.CLARIFYING
    assert request.stopped_at is not None
    assert abs(request.stopped_at - envelope.at) < timedelta(milliseconds=1)
    assert request.unread_since is not None


def test_clarification_answers_every_open_question(ceca: Ceca, ana: Officer) -> None:
    (request,) = actions.ask(ana, CONTENT, to=["ilecu-mk"])
    ceca.stores(request.entries.get().envelope)
    first = ceca.says("exchange.question", {"text": "Кое возило?"}, request.inquiry)
    second = ceca.says("exchange.question", {"text": "Која граница?"}, request.inquiry)

    actions.give_clarification(ana, request, "Црвено; северна.")

    request.refresh_from_db()
    assert request.state == State.SENT
    (sent,) = ceca.mail("exchange.clarification")
    assert sorted(sent.body["questions"]) == sorted([str(first.id), str(second.id)])
    with pytest.raises(NotNow):
        actions.give_clarification(ana, request, "Још нешто.")


def test_clock_stands_until_they_have_our_clarification(ceca: Ceca, ana: Officer) -> None:
    (request,) = actions.ask(ana, CONTENT, to=["ilecu-mk"])
    ceca.stores(request.entries.get().envelope)
    ceca.says("exchange.question", {"text": "Кое возило?"}, request.inquiry)

    reply = actions.give_clarification(ana, request, "Црвено.")
    request.refresh_from_db()
    assert request.stopped_at is not None

    ceca.stores(reply.envelope, at=now() + HOUR)
    request.refresh_from_db()
    assert request.stopped_at is None
    assert request.suspended > timedelta(minutes=4)


def test_clarification_that_names_no_question_answers_what_is_open(ceca: Ceca, ana: Officer) -> None:
    request = ceca.asks()
    question = actions.question(ana, request, "Шта?")
    ceca.stores(question.envelope)

    ceca.says("exchange.clarification", {"text": "Ова.", "questions": []}, request.inquiry)

    request.refresh_from_db()
    assert request.state == State.WORK


def test_only_the_requested_side_asks_back(ceca: Ceca, ana: Officer) -> None:
    (request,) = actions.ask(ana, CONTENT, to=["ilecu-mk"])

    with pytest.raises(NotNow):
        actions.question(ana, request, "Шта?")


def test_nothing_is_asked_back_after_the_answer(ceca: Ceca, ana: Officer) -> None:
    request = ceca.asks()
    actions.answer(ana, request, "Не.")

    with pytest.raises(NotNow) as told:
        actions.question(ana, request, "Шта?")

    assert request.our_ref in str(told.value)
    assert not request.entries.filter(kind=Entry.Kind.QUESTION).exists()


def test_swedish_rules_know_no_stop(ceca: Ceca, ana: Officer) -> None:
    request = ceca.asks()
    Request.objects.filter(pk=request.pk).update(profile="fd-2006-960")
    question = actions.question(ana, request, "Шта?")

    ceca.stores(question.envelope)

    request.refresh_from_db()
    assert request.stopped_at is None
    assert request.state == State.CLARIFYING


def clarify(ceca: Ceca, request: Request, question: Entry) -> None:
    body = {"text": "Црвеното.", "questions": [str(question.message)]}
    ceca.says("exchange.clarification", body, request.inquiry)
