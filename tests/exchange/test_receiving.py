"""What a partner's request becomes here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ilex.exchange import actions, queries
from ilex.exchange.models import ClockMove, Entry, Request, State
from ilex.journal.models import Line, Operation
from ilex.units.models import Officer
from tests.exchange.ceca import Ceca

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def test_request_gets_its_clock_the_moment_the_gate_keeps_it(ceca: Ceca) -> None:
    request = ceca.asks(at=NOON, urgency="U_B", urgency_reason="Животот е во опасност.")

    assert request.state == State.RECEIVED
    assert request.received_at == NOON
    assert request.due_at == request.first_due_at == NOON + timedelta(hours=8)
    assert request.clock_moves.get(kind=ClockMove.Kind.STARTED).at == NOON
    assert request.their_ref == "MK-2026-000077"
    assert request.our_ref == "RS-2026-000001"


def test_request_that_is_not_urgent_has_seven_calendar_days(ceca: Ceca) -> None:
    request = ceca.asks(at=NOON)

    assert request.due_at == NOON + timedelta(days=7)


def test_request_is_acknowledged_at_once_with_our_reference_and_deadline(ceca: Ceca) -> None:
    request = ceca.asks(at=NOON)

    (answer,) = ceca.mail("exchange.acknowledgement")
    assert answer.body["reference"] == request.our_ref
    assert answer.body["due_at"] == "2026-11-27T12:00:00.000Z"
    assert answer.conversation == request.inquiry


def test_arrival_leaves_a_line_of_collection(ceca: Ceca) -> None:
    request = ceca.asks()

    line = Line.objects.get(act="request.arrived")
    assert line.op == Operation.COLLECTION
    assert line.object_id == str(request.pk)


def test_subjects_are_found_in_any_script(ceca: Ceca, ana: Officer) -> None:
    request = ceca.asks()

    for typed in ("Ѓорѓи", "gjorgji izmis", "ИЗМИСЛЕН", "mk 2026 77", "MK-2026-000077", "RS-2026-0000"):
        found = queries.search(ana, typed)
        assert [row.ref for row in found.rows] == [request.our_ref], typed


def test_officer_takes_it_and_answers(ceca: Ceca, ana: Officer) -> None:
    request = ceca.asks()

    actions.take(ana, request)
    actions.answer(ana, request, "Возило је прешло границу 2. новембра.", source_grade="A", information_grade="2")

    request.refresh_from_db()
    assert request.state == State.ANSWERED
    assert request.settled_as == "answered"
    assert request.owner == ana
    (sent,) = ceca.mail("exchange.answer")
    assert sent.body["text"] == "Возило је прешло границу 2. новембра."
    assert sent.body["agent"] == "duty officer"
    assert "Ana" not in str(sent.body)
    assert Request.objects.get().entries.filter(kind=Entry.Kind.ANSWER).count() == 1
