"""The practice partner answers by itself, always in the same way."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils.timezone import now
from pytest_django import Settings
from time_machine import travel

from ilex.exchange.models import Entry, Request, State, Way
from ilex.exchange.practice import practise
from ilex.units.models import Officer
from tests.exchange.ceca import Ceca
from tests.exchange.test_information import told_by

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def practice_node(settings: Settings, ana: Officer) -> None:
    settings.ILEX_PRACTICE = True


def play(seconds: int = 60) -> None:
    """Let that many seconds pass, one call each."""
    begin = now()
    for second in range(1, seconds + 1):
        with travel(begin + timedelta(seconds=second), tick=False):
            practise()


def said(request: Request) -> list[str]:
    ours = request.entries.filter(way=Way.OUT).exclude(kind=Entry.Kind.ACKNOWLEDGEMENT)
    return list(ours.order_by("at").values_list("kind", flat=True))


def test_request_is_taken_and_answered_in_part_and_then_finally(ceca: Ceca) -> None:
    request = ceca.asks()

    play()

    request.refresh_from_db()
    assert request.state == State.ANSWERED
    assert [sent.body["stage"] for sent in ceca.mail("exchange.answer")] == ["partial", "final"]


def test_nothing_happens_in_the_first_second(ceca: Ceca) -> None:
    request = ceca.asks()

    assert practise(now()) == 0
    request.refresh_from_db()
    assert request.state == State.RECEIVED


def test_urgent_request_without_a_connection_is_asked_back_once(ceca: Ceca) -> None:
    request = ceca.asks(urgency="U_A", urgency_reason="x", link_explanation="")
    play(20)
    question = request.entries.get(kind=Entry.Kind.QUESTION)
    assert said(request) == ["question"]

    body = {"text": "Го возел.", "questions": [str(question.message)]}
    ceca.says("exchange.clarification", body, request.inquiry, at=now() + timedelta(seconds=21))
    with travel(now() + timedelta(seconds=22), tick=False):
        play()

    assert said(request) == ["question", "answer", "answer"]


@pytest.mark.parametrize(
    ("words", "kinds", "state"),
    [
        ("?refuse f.ii", ["refusal"], State.REFUSED),
        ("?refuse zz", ["refusal"], State.REFUSED),
        ("?partly g.i", ["answer", "answer"], State.ANSWERED),
        ("?delay", ["delay", "answer", "answer"], State.ANSWERED),
        ("?clarify", ["question"], State.CLARIFYING),
        ("?silent", [], State.WORK),
    ],
)
def test_words_in_the_request_steer_it(ceca: Ceca, words: str, kinds: list[str], state: str) -> None:
    request = ceca.asks(requested_information=f"Што знаете? {words}")

    play()

    request.refresh_from_db()
    assert said(request) == kinds
    assert request.state == state


def test_ground_named_in_the_text_is_the_one_it_refuses_on(ceca: Ceca) -> None:
    request = ceca.asks(requested_information="Што знаете? ?refuse f.ii")

    play()

    assert request.entries.get(kind=Entry.Kind.REFUSAL).grounds == ["f.ii"]


def test_information_is_thanked_for(ceca: Ceca) -> None:
    request = told_by(ceca, outcome_wanted=True)

    play()

    request.refresh_from_db()
    assert said(request) == ["outcome"]
    assert request.state == State.CLOSED


def test_node_that_is_no_practice_partner_does_nothing(ceca: Ceca, settings: Settings) -> None:
    settings.ILEX_PRACTICE = False
    ceca.asks()

    assert practise(now() + timedelta(hours=1)) == 0


def test_same_request_is_always_treated_the_same(ceca: Ceca) -> None:
    first, second = ceca.asks(reference="MK-1"), ceca.asks(reference="MK-2")

    play()

    assert said(first) == said(second)
    texts = [list(one.entries.filter(kind="answer").order_by("at").values_list("text")) for one in (first, second)]
    assert texts[0] == texts[1]


def test_moment_may_be_given(ceca: Ceca) -> None:
    ceca.asks()
    later: datetime = now() + timedelta(hours=1)

    assert practise(later) == 1
