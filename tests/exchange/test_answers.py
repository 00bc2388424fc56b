"""Answers in steps, refusals by ground, delay, outcome."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.timezone import now
from time_machine import travel

from ilex.exchange import actions, queries
from ilex.exchange.models import ClockMove, Entry, Request, State
from ilex.exchange.rules import Invalid, NotNow, Refused
from ilex.gate import store
from ilex.journal.models import Line
from ilex.units.models import Officer, Role
from tests.exchange.ceca import Ceca
from tests.exchange.conftest import officer
from tests.exchange.test_asking import CONTENT

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
GROUND = Refused(("f.ii",), "", "Истрага је у току.")
PART = Refused(("f.ii",), "Име возача", "Истрага је у току.")


def test_answers_come_in_steps_and_the_last_settles(ceca: Ceca, ana: Officer) -> None:
    request = ceca.asks()

    actions.answer(ana, request, "Радимо на томе.", stage="interim")
    assert state(request) == State.WORK
    actions.answer(ana, request, "Први део.", stage="partial")
    assert state(request) == State.PARTLY
    actions.answer(ana, request, "Остатак.", stage="final")
    assert state(request) == State.ANSWERED

    assert [sent.body["stage"] for sent in ceca.mail("exchange.answer")] == ["interim", "partial", "final"]
    with pytest.raises(NotNow):
        actions.answer(ana, request, "Још.")


def test_partial_answer_that_refuses_the_rest_settles(ceca: Ceca, ana: Officer) -> None:
    request = ceca.asks()

    actions.answer(ana, request, "Возило да, возач не.", stage="partial", refuse_part=PART)

    assert state(request) == State.ANSWERED
    entry = request.entries.get(kind=Entry.Kind.ANSWER)
    assert (entry.grounds, entry.refused_part, entry.reasons) == (["f.ii"], "Име возача", "Истрага је у току.")
    (sent,) = ceca.mail("exchange.answer")
    assert sent.body["refused"] == {"grounds": ["f.ii"], "part": "Име возача", "reasons": "Истрага је у току."}
    assert sent.body["settles"] is True


def test_refusal_of_the_whole_settles_and_of_a_part_leaves_the_rest_to_be_supplied(ceca: Ceca, ana: Officer) -> None:
    whole, part = ceca.asks(), ceca.asks(reference="MK-2026-000078")

    actions.refuse(ana, whole, GROUND)
    actions.refuse(ana, part, PART)

    assert state(whole) == State.REFUSED
    assert state(part) == State.WORK
    actions.answer(ana, part, "Остатак.")
    assert state(part) == State.ANSWERED


@pytest.mark.parametrize(
    ("refused", "field"),
    [
        (Refused((), "", "x"), "grounds"),
        (Refused(("z",), "", "x"), "grounds"),
        (Refused(("f",), "", "x"), "grounds"),
        (Refused(("f.ii",), "", " "), "reasons"),
    ],
)
def test_refusal_needs_a_ground_of_the_closed_list_and_reasons(
    ceca: Ceca, ana: Officer, refused: Refused, field: str
) -> None:
    request = ceca.asks()

    with pytest.raises(Invalid) as told:
        actions.refuse(ana, request, refused)

    assert list(told.value.fields) == [field]
    assert state(request) == State.RECEIVED
    assert ceca.mail("exchange.refusal") == []


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"text": " "}, "text"),
        ({"stage": "half"}, "stage"),
        ({"handling": "H7"}, "handling"),
        ({"handling": "H3"}, "handling_note"),
        ({"source_grade": "Z", "information_grade": "1"}, "source_grade"),
        ({"source_grade": "A"}, "information_grade"),
        ({"use": "ANY"}, "use"),
        ({"refuse_part": GROUND}, "refuse_part"),
        ({"refuse_part": PART, "stage": "interim"}, "stage"),
    ],
)
def test_wrong_answer_is_told_and_nothing_leaves(
    ceca: Ceca, ana: Officer, fields: dict[str, object], wrong: str
) -> None:
    request = ceca.asks()

    with pytest.raises(Invalid) as told:
        actions.answer(ana, request, **{"text": "Текст", **fields})  # type: ignore[arg-type]

    assert wrong in told.value.fields
    assert ceca.mail("exchange.answer") == []


def test_two_officers_who_answer_at_once_send_one_answer(ceca: Ceca, ana: Officer, bojan: Officer) -> None:
    request = ceca.asks()
    as_bojan_sees_it = Request.objects.get(pk=request.pk)
    actions.answer(ana, request, "Не.")

    with pytest.raises(NotNow):
        actions.answer(bojan, as_bojan_sees_it, "Да.")

    assert len(ceca.mail("exchange.answer")) == 1


def test_request_taken_by_one_is_not_taken_by_another(ceca: Ceca, ana: Officer, bojan: Officer) -> None:
    request = ceca.asks()
    actions.take(ana, request)
    actions.take(ana, request)

    with pytest.raises(NotNow) as told:
        actions.take(bojan, request)
    assert "Ana Invented" in str(told.value)

    actions.assign(request, to=bojan, by=ana)
    request.refresh_from_db()
    assert request.owner == bojan
    with pytest.raises(PermissionDenied):
        actions.assign(request, to=ana, by=bojan)


def test_attachment_travels_with_the_answer(ceca: Ceca, ana: Officer) -> None:
    request = ceca.asks()
    photograph = store.seal_stream(iter([b"\x89PNG\r\n\x1a\n" + b"x" * 1000]), name="возило.png", media="image/png")

    entry = actions.answer(ana, request, "", attachments=[photograph])

    (paper,) = entry.papers.all()
    assert paper.name == "возило.png"
    (sent,) = ceca.mail("exchange.answer")
    assert [one.name for one in sent.attachments] == ["возило.png"]
    assert queries.paper_for(ana, paper.pk) == paper


def test_access_judged_indirect_gives_three_days_from_receipt_and_tells_the_partner(ceca: Ceca, ana: Officer) -> None:
    with travel(NOON, tick=False):
        request = ceca.asks(at=NOON, urgency="U_A", urgency_reason="x")
        actions.set_access(request, "indirect", by=ana, reason="Подаци су код банке.")

    request.refresh_from_db()
    assert request.due_at == request.first_due_at == NOON + timedelta(days=3)
    assert request.clock_moves.filter(kind=ClockMove.Kind.MOVED).get().note == "Подаци су код банке."
    first, second = ceca.mail("exchange.acknowledgement")
    assert (first.body["access"], second.body["access"]) == ("direct", "indirect")
    assert second.body["due_at"] == "2026-11-23T12:00:00.000Z"
    with pytest.raises(Invalid):
        actions.set_access(request, "direct", by=ana, reason=" ")


def test_partners_judgement_of_access_moves_our_deadline_too(ceca: Ceca, ana: Officer) -> None:
    from tests.exchange.test_asking import URGENT

    with travel(NOON, tick=False):
        (request,) = actions.ask(ana, URGENT, to=["ilecu-mk"])
        ceca.stores(request.entries.get().envelope, at=NOON)
        body = {"reference": "MK-2026-000500", "received_at": wire(NOON), "due_at": wire(NOON), "access": "indirect"}
        ceca.says("exchange.acknowledgement", body, request.inquiry)

    request.refresh_from_db()
    assert request.their_ref == "MK-2026-000500"
    assert request.due_at == NOON + timedelta(days=3)
    assert request.unread_since is None
    assert [row.ref for row in queries.search(ana, "MK-2026-000500").rows] == [request.our_ref]


@pytest.fixture
def delayed(ceca: Ceca, ana: Officer) -> Request:
    request = ceca.asks(at=NOON)
    with travel(NOON + timedelta(days=1), tick=False):
        actions.delay(ana, request, "Суд мора да одобри.", NOON + timedelta(days=20))
    request.refresh_from_db()
    return request


def test_judicial_delay_moves_the_deadline_and_keeps_the_first(delayed: Request, ceca: Ceca) -> None:
    assert delayed.state == State.JUDICIAL
    assert delayed.judicial_until == delayed.due_at == NOON + timedelta(days=20)
    assert delayed.limit_at == delayed.first_due_at == NOON + timedelta(days=7)
    (sent,) = ceca.mail("exchange.delay")
    assert sent.body["expected_at"] == "2026-12-10T12:00:00.000Z"


def test_second_notice_replaces_the_first(delayed: Request, ana: Officer) -> None:
    with travel(NOON + timedelta(days=2), tick=False):
        actions.delay(ana, delayed, "Брже него што смо мислили.", NOON + timedelta(days=10))

    delayed.refresh_from_db()
    assert delayed.due_at == NOON + timedelta(days=10)


def test_delay_that_ends_in_the_past_is_told(ceca: Ceca, ana: Officer) -> None:
    with pytest.raises(Invalid) as told:
        actions.delay(ana, ceca.asks(), "Суд.", now() - timedelta(hours=1))

    assert "expected_at" in told.value.fields


def test_answer_of_the_partner_settles_our_request(ceca: Ceca, ana: Officer) -> None:
    (request,) = actions.ask(ana, CONTENT, to=["ilecu-mk"])
    ceca.stores(request.entries.get().envelope)

    body = {"text": "Да.", "stage": "final", "settles": True, "source_grade": "A", "information_grade": "1"}
    ceca.says("exchange.answer", body, request.inquiry, handling="H1")

    request.refresh_from_db()
    assert request.state == State.ANSWERED
    entry = request.entries.get(kind=Entry.Kind.ANSWER)
    assert (entry.handling, entry.source_grade, entry.text) == ("H1", "A", "Да.")
    assert request.alarm_at is None
    assert request.clock_moves.filter(kind=ClockMove.Kind.SETTLED).exists()


def test_interim_answer_does_not_settle_whatever_it_claims(ceca: Ceca, ana: Officer) -> None:
    (request,) = actions.ask(ana, CONTENT, to=["ilecu-mk"])

    ceca.says("exchange.answer", {"text": "Работиме.", "stage": "interim", "settles": True}, request.inquiry)

    assert state(request) == State.SENT


def test_partners_refusal_is_kept_with_its_ground(ceca: Ceca, ana: Officer) -> None:
    (request,) = actions.ask(ana, CONTENT, to=["ilecu-mk"])

    body = {"refused": {"grounds": ["f.ii"], "reasons": "Истрага."}, "settles": True}
    ceca.says("exchange.refusal", body, request.inquiry)

    assert state(request) == State.REFUSED
    assert request.entries.get(kind=Entry.Kind.REFUSAL).grounds == ["f.ii"]


def test_outcome_is_reported_when_it_was_asked_for(ceca: Ceca, ana: Officer) -> None:
    (request,) = actions.ask(ana, CONTENT, to=["ilecu-mk"])
    body = {"text": "Да.", "stage": "final", "settles": True, "outcome_wanted": True}
    ceca.says("exchange.answer", body, request.inquiry)
    request.refresh_from_db()

    step = queries.next_step(request, ana)
    assert step is not None
    assert step.url.endswith("/outcome/")
    actions.report_outcome(ana, request, "Возило је нађено.")

    step = queries.next_step(request, ana)
    assert step is not None
    assert step.url.endswith("/close/")
    assert ceca.mail("exchange.outcome")[0].body["text"] == "Возило је нађено."


def test_request_is_closed_when_it_is_settled_and_not_before(ceca: Ceca, ana: Officer) -> None:
    request = ceca.asks()
    with pytest.raises(Invalid):
        actions.close(request, by=ana)
    with pytest.raises(NotNow):
        actions.close(request, by=ana, reason="Доста.")

    actions.answer(ana, request, "Не.")
    actions.close(request, by=ana)

    request.refresh_from_db()
    assert request.state == State.CLOSED
    assert request.settled_as == "answered"


def test_request_of_ours_that_nobody_answers_is_closed_with_a_reason(ceca: Ceca, ana: Officer) -> None:
    (request,) = actions.ask(ana, CONTENT, to=["ilecu-mk"])
    ceca.stores(request.entries.get().envelope)

    actions.close(request, by=ana, reason="Решено на други начин.")

    request.refresh_from_db()
    assert (request.state, request.alarm_at) == (State.CLOSED, None)
    assert Line.objects.get(act="request.closed").reason == "Решено на други начин."
    assert request.clock_moves.filter(kind=ClockMove.Kind.SETTLED, reason="closed").exists()


def test_note_stays_in_the_house(ceca: Ceca, ana: Officer) -> None:
    request = ceca.asks()
    letters = len(ceca.mail())

    actions.note(ana, request, "Звали смо Скопље.")

    assert len(ceca.mail()) == letters
    assert queries.timeline(request)[-1].text == "Звали смо Скопље."


def test_translator_releases_nothing(ceca: Ceca, ana: Officer) -> None:
    request = ceca.asks()
    tamara = officer("tamara", [Role.TRANSLATOR], ana.organisation)

    with pytest.raises(PermissionDenied):
        actions.answer(tamara, request, "Не.")
    with pytest.raises(PermissionDenied):
        actions.refuse(tamara, request, GROUND)
    with pytest.raises(PermissionDenied):
        actions.question(tamara, request, "Шта?")
    assert state(request) == State.RECEIVED


def state(request: Request) -> str:
    request.refresh_from_db()
    return request.state


def wire(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")
