from __future__ import annotations

import pytest

from ilex.exchange.models import State
from ilex.exchange.rules import (
    Facts,
    answer_settles,
    born_agree,
    must_inform,
    name_key,
    reference_key,
    refusal_settles,
    state_of,
)
from ilex.exchange.rules.state import STEPS
from ilex.exchange.rules.wording import CLOCK_REASONS, clock_reason, twin_reason
from ilex.units.rules import MAY


def test_every_state_that_the_rules_name_is_a_state() -> None:
    facts = [
        Facts("in"),
        Facts("out"),
        Facts("in", taken=True),
        Facts("in", question_open=True),
        Facts("in", judicial=True),
        Facts("in", partly=True),
        Facts("in", settled_as="answered"),
        Facts("in", settled_as="refused"),
        Facts("in", recalled=True),
        Facts("in", closed=True),
    ]

    assert {state_of(one) for one in facts} == set(State.values)


def test_open_question_is_told_before_a_part_that_was_answered() -> None:
    assert state_of(Facts("in", question_open=True, partly=True)) == State.CLARIFYING


def test_recalled_request_stays_recalled_although_it_was_answered() -> None:
    assert state_of(Facts("out", recalled=True, settled_as="answered")) == State.RECALLED


@pytest.mark.parametrize(
    ("stage", "settles", "expected"),
    [
        ("final", None, True),
        ("final", False, True),
        ("partial", None, False),
        ("partial", True, True),
        ("interim", True, False),
    ],
)
def test_which_answers_settle(stage: str, settles: bool | None, expected: bool) -> None:
    assert answer_settles(stage, settles) is expected


def test_whole_refusal_settles_and_a_part_only_when_the_officer_says_so() -> None:
    assert refusal_settles("", None)
    assert not refusal_settles("the address", None)
    assert refusal_settles("the address", True)


def test_references_are_the_same_however_they_are_typed() -> None:
    assert reference_key("AL/77-2026") == reference_key("al 77 2026") == reference_key("АЛ 77.2026")


def test_names_are_the_same_in_other_order_and_script() -> None:
    assert name_key("Ana Marković") == name_key("MARKOVIĆ, Ana") == name_key("Ана Марковић")


def test_partial_dates_of_birth_agree_unless_they_contradict() -> None:
    assert born_agree("1985", "1985-03-12")
    assert born_agree("", "1985")
    assert not born_agree("1985-03", "1985-04")


def test_serious_offence_prompts_to_inform() -> None:
    assert must_inform(["terrorism"])
    assert must_inform([]) == ""


def test_every_step_asks_for_a_verb_that_some_role_has() -> None:
    known = {verb for verbs in MAY.values() for verb in verbs}

    assert {step.verb for step in STEPS.values()} <= known


def test_reasons_are_sentences_in_words() -> None:
    assert all(clock_reason(code, "").endswith(".") for code in CLOCK_REASONS)
    assert "AL-77" in twin_reason("reference", "AL-77")
