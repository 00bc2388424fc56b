"""Messages of a partner that are not as they should be: a clear code, and nothing of ours changes."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError

from ilex.exchange import actions
from ilex.exchange.messages import BODIES, RequestBody, SubjectBody
from ilex.exchange.models import Entry, Request, State
from ilex.gate.models import Receipt
from ilex.units.models import Officer
from tests.exchange.ceca import Ceca
from tests.exchange.test_asking import CONTENT

pytestmark = pytest.mark.django_db
ASKED = {"ilecu-rs": {"reference": "MK-1", "profile": "bilateral"}}
REQUEST: dict[str, Any] = {"asked": ASKED, "requested_information": "Што?"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"asked": {"ilecu-rs": {"reference": "MK-1", "profile": "martian"}}}, "unknown-profile"),
        ({"asked": {"spoc-hu": {"reference": "MK-1", "profile": "bilateral"}}}, "not-asked"),
        ({"asked": {**ASKED, "spoc-hu": {"reference": "MK-2", "profile": "bilateral"}}}, "not-asked"),
        ({"urgency": "U_Z"}, "unknown-content"),
        ({"offences": ["no-such"]}, "unknown-content"),
        ({"subjects": [{"kind": "person", "name": "Нема категорија"}]}, "unknown-content"),
        ({"subjects": [{"kind": "person", "category": "suspect", "name": "A", "born": "1985-99"}]}, "unknown-content"),
    ],
)
def test_request_that_does_not_fit_is_refused_with_a_code(ceca: Ceca, changes: dict[str, Any], code: str) -> None:
    envelope = ceca.says("exchange.request", {**REQUEST, **changes}, uuid4())

    assert envelope.state == "refused"
    assert Receipt.objects.get(way="out", kind="refused").code == code
    assert not Request.objects.exists()


def test_second_request_in_one_conversation_is_refused(ceca: Ceca) -> None:
    conversation = uuid4()
    ceca.says("exchange.request", REQUEST, conversation)

    envelope = ceca.says("exchange.request", REQUEST, conversation)

    assert envelope.state == "refused"
    assert Request.objects.count() == 1


@pytest.mark.parametrize(
    ("type", "body"),
    [
        ("exchange.answer", {"text": "x", "stage": "final", "settles": True}),
        ("exchange.refusal", {"refused": {"grounds": ["a"], "reasons": "x"}, "settles": True}),
        ("exchange.question", {"text": "x"}),
        ("exchange.delay", {"reason": "x", "expected_at": "2027-01-01T00:00:00.000Z"}),
    ],
)
def test_requester_cannot_answer_its_own_request(ceca: Ceca, type: str, body: dict[str, Any]) -> None:
    request = ceca.asks()

    envelope = ceca.says(type, body, request.inquiry)

    assert envelope.state == "refused"
    request.refresh_from_db()
    assert request.state == State.RECEIVED


def test_third_unit_cannot_speak_in_a_conversation_of_two(ana: Officer, ceca: Ceca, budapest: Ceca) -> None:
    (request,) = actions.ask(ana, CONTENT, to=["ilecu-mk"])

    envelope = budapest.says("exchange.answer", {"text": "x", "stage": "final", "settles": True}, request.inquiry)

    assert envelope.state == "waiting"
    request.refresh_from_db()
    assert request.state == State.SENT


def test_unit_cannot_recall_what_another_said(ana: Officer, ceca: Ceca, budapest: Ceca) -> None:
    first, second = actions.ask(ana, CONTENT, to=["ilecu-mk", "spoc-hu"])
    answer = ceca.says("exchange.answer", {"text": "x", "stage": "final", "settles": True}, first.inquiry)

    envelope = budapest.says("exchange.recall", {"about": str(answer.id), "reason": "x"}, second.inquiry)

    assert envelope.state == "waiting"
    assert first.entries.get(kind=Entry.Kind.ANSWER).recalled_at is None


def test_ground_outside_the_closed_list_is_refused(ana: Officer, ceca: Ceca) -> None:
    (request,) = actions.ask(ana, CONTENT, to=["ilecu-mk"])

    body = {"refused": {"grounds": ["because"], "reasons": "x"}, "settles": True}
    envelope = ceca.says("exchange.refusal", body, request.inquiry)

    assert envelope.state == "refused"
    request.refresh_from_db()
    assert request.state == State.SENT


@pytest.mark.parametrize("type", sorted(BODIES))
def test_member_that_is_not_foreseen_is_not_taken(type: str) -> None:
    with pytest.raises(ValidationError):
        BODIES[type].model_validate({"unheard": "of"})


def test_lists_and_texts_have_bounds() -> None:
    many = [SubjectBody(kind="vehicle", name="SK-1")] * 201
    with pytest.raises(ValidationError):
        RequestBody.model_validate({**REQUEST, "subjects": many})
    with pytest.raises(ValidationError):
        RequestBody.model_validate({**REQUEST, "facts": "x" * 40_001})
    with pytest.raises(ValidationError):
        SubjectBody(kind="vehicle", name="")
