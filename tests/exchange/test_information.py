"""Information that nobody asked for."""

from __future__ import annotations

from uuid import uuid4

import pytest

from ilex.exchange import actions, queries
from ilex.exchange.models import Entry, Request, State
from ilex.exchange.rules import Information, Invalid, NotNow, SubjectContent
from ilex.units.models import Officer
from tests.exchange.ceca import Ceca

pytestmark = pytest.mark.django_db

TOLD = Information(
    text="Возило вашег осумњиченог је код нас.",
    reasons="Тражите га.",
    subjects=(SubjectContent("vehicle", "SK-0000-AA"),),
    source_grade="B",
    information_grade="2",
)


def test_information_goes_to_several_units_and_expects_nothing(ana: Officer, ceca: Ceca, budapest: Ceca) -> None:
    first, second = actions.inform(ana, TOLD, to=["ilecu-mk", "spoc-hu"])

    assert first.kind == Request.Kind.INFORMATION
    assert first.state == second.state == State.CLOSED
    assert first.due_at is None
    (hers,) = ceca.mail("exchange.information")
    assert hers.body["text"] == TOLD.text
    assert hers.body == budapest.mail("exchange.information")[0].body


def test_information_without_a_text_is_told(ana: Officer, ceca: Ceca) -> None:
    with pytest.raises(Invalid) as told:
        actions.inform(ana, Information(text=" ", handling="H9"), to=["ilecu-mk"])

    assert set(told.value.fields) == {"text", "handling"}


def test_partners_information_has_no_clock_and_waits_to_be_read(ana: Officer, ceca: Ceca) -> None:
    request = told_by(ceca)

    assert (request.state, request.due_at, request.alarm_at) == (State.RECEIVED, None, None)
    assert [row.ref for row in queries.desk_rows(ana, show="information")] == [request.our_ref]
    assert queries.desk_counts(ana)["information"] == 1
    queries.consult(ana, request)
    assert queries.desk_counts(ana)["information"] == 0


def test_outcome_is_reported_to_whoever_informed_us_and_wants_it(ana: Officer, ceca: Ceca) -> None:
    request = told_by(ceca, outcome_wanted=True)
    actions.take(ana, request)
    request.refresh_from_db()

    step = queries.next_step(request, ana)
    assert step is not None
    assert step.url.endswith("/outcome/")
    actions.report_outcome(ana, request, "Возило је враћено.")
    actions.close(request, by=ana)

    assert ceca.mail("exchange.outcome")[0].body["text"] == "Возило је враћено."


def test_outcome_of_our_information_comes_back(ana: Officer, ceca: Ceca) -> None:
    from dataclasses import replace

    (request,) = actions.inform(ana, replace(TOLD, outcome_wanted=True), to=["ilecu-mk"])
    assert request.state == State.SENT

    ceca.says("exchange.outcome", {"text": "Фала."}, request.inquiry)

    request.refresh_from_db()
    assert request.entries.get(kind=Entry.Kind.OUTCOME).text == "Фала."
    assert request.unread_since is not None


def test_information_is_not_answered(ana: Officer, ceca: Ceca) -> None:
    with pytest.raises(NotNow):
        actions.answer(ana, told_by(ceca), "Хвала.")


def told_by(ceca: Ceca, **fields: object) -> Request:
    conversation = uuid4()
    body = {
        "asked": {"ilecu-rs": {"reference": "MK-2026-000009", "profile": "bilateral"}},
        "text": "Вашиот осомничен е кај нас.",
        "reasons": "Го барате.",
        "subjects": [{"kind": "person", "category": "suspect", "name": "Ѓорѓи Измислен"}],
        **fields,
    }
    ceca.says("exchange.information", body, conversation)
    return Request.objects.get(inquiry=conversation)
