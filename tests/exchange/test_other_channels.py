"""What came by SIENA, I-24/7 or post runs on the same clocks; the same request twice is pointed out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import now

from ilex.exchange import actions, queries
from ilex.exchange.models import Entry, Request, State, Twin
from ilex.exchange.rules import Content, Invalid, NotNow, Refused, SubjectContent
from ilex.gate import store
from ilex.gate.models import Envelope
from ilex.units.models import Officer, Organisation
from tests.exchange.ceca import Ceca
from tests.exchange.test_asking import CONTENT

pytestmark = pytest.mark.django_db

POOR = Content(requested_information="Ко је власник возила?", urgency="U_D")
HOUR = timedelta(hours=1)


def recorded(ana: Officer, content: Content = POOR, **columns: object) -> Request:
    usual = {"sender": "spoc-hu", "channel": "siena", "received_at": now() - HOUR, "their_ref": "HU/77/2026"}
    return actions.record_incoming(ana, content, **{**usual, **columns})  # type: ignore[arg-type]


def test_letter_by_another_channel_runs_on_the_same_clock_and_keeps_its_original(ana: Officer, ceca: Ceca) -> None:
    original = store.seal_stream(iter([b"%PDF-1.7 invented"]), name="siena.pdf", media="application/pdf")

    request = recorded(ana, originals=[original])

    assert request.received_at is not None
    assert request.due_at == request.received_at + timedelta(hours=8)
    assert (request.channel, request.state) == ("siena", State.RECEIVED)
    assert request.entries.get().papers.get().name == "siena.pdf"
    assert not Envelope.objects.exists()
    assert queries.paper_for(ana, request.entries.get().papers.get().pk)


def test_letter_that_came_late_to_the_desk_is_overdue_at_once(ana: Officer) -> None:
    request = recorded(ana, received_at=now() - 9 * HOUR)

    assert queries.desk_counts(ana)["overdue"] == 1
    assert request.alarm_at is not None
    assert request.alarm_at <= now()


@pytest.mark.parametrize(
    ("columns", "field"),
    [
        ({"sender": "no-such"}, "sender"),
        ({"sender": "ilecu-rs"}, "sender"),
        ({"channel": "node"}, "channel"),
        ({"channel": "pigeon"}, "channel"),
        ({"received_at": now() + 3 * HOUR}, "received_at"),
        ({"their_ref": "x" * 100}, "their_ref"),
    ],
)
def test_wrong_record_is_told(ana: Officer, columns: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as told:
        recorded(ana, **columns)

    assert field in told.value.fields
    assert not Request.objects.exists()


def test_whole_exchange_by_another_channel_stops_and_restarts_the_clock(ana: Officer) -> None:
    begin = now() - timedelta(days=2)
    request = recorded(ana, received_at=begin, content=replace(POOR, urgency=""))
    actions.take(ana, request)
    with pytest.raises(Invalid):
        actions.question(ana, request, "Која ознака?")

    actions.question(ana, request, "Која ознака?", said_at=begin + HOUR)
    request.refresh_from_db()
    assert request.stopped_at == begin + HOUR
    actions.record_entry(ana, request, "clarification", at=begin + 4 * HOUR, text="SK-0000-AA")
    request.refresh_from_db()
    assert request.due_at == begin + timedelta(days=7) + 3 * HOUR
    actions.answer(ana, request, "Власник је предузеће.", said_at=begin + 5 * HOUR)

    request.refresh_from_db()
    assert request.state == State.ANSWERED
    assert request.settled_at == begin + 5 * HOUR
    assert not Envelope.objects.exists()


def test_partners_word_on_our_request_by_another_channel_is_recorded(ana: Officer, house: Organisation) -> None:
    (request,) = actions.ask(ana, CONTENT, to=["spoc-hu"], channel="interpol", said_at=now() - 2 * HOUR)

    actions.record_entry(ana, request, "answer", at=now() - HOUR, text="Један део.", stage="partial", settles=False)
    actions.record_entry(
        ana, request, "refusal", at=now(), refused=Refused(("f.ii",), "Возач", "Истрага"), settles=True
    )

    request.refresh_from_db()
    assert request.state == State.ANSWERED
    assert request.entries.get(kind=Entry.Kind.REFUSAL).grounds == ["f.ii"]


@pytest.mark.parametrize(
    ("kind", "fields", "wrong"),
    [
        ("answer", {"text": "x"}, "stage"),
        ("delay", {"text": "x"}, "expected_at"),
        ("clarification", {"text": "x"}, "kind"),
        ("no-such", {}, "kind"),
    ],
)
def test_wrong_entry_is_told(
    ana: Officer, house: Organisation, kind: str, fields: dict[str, object], wrong: str
) -> None:
    (request,) = actions.ask(ana, CONTENT, to=["spoc-hu"], channel="interpol", said_at=now() - HOUR)

    with pytest.raises(Invalid) as told:
        actions.record_entry(ana, request, kind, at=now(), **fields)  # type: ignore[arg-type]

    assert wrong in told.value.fields


def test_what_runs_on_our_own_line_is_not_recorded_by_hand(ana: Officer, ceca: Ceca) -> None:
    with pytest.raises(NotNow):
        actions.record_entry(ana, ceca.asks(), "clarification", at=now(), text="x")


def test_same_reference_over_two_channels_is_pointed_out(ana: Officer, ceca: Ceca) -> None:
    first = ceca.asks(reference="MK-2026-000077")

    second = recorded(ana, sender="ilecu-mk", their_ref="mk 2026/000077")

    (twin,) = queries.open_twins(second)
    assert twin.other == first
    assert "mk 2026/000077" in twin.reason
    assert [one.other for one in queries.open_twins(first)] == [second]


def test_same_person_for_the_same_state_is_pointed_out_in_any_script(ana: Officer, ceca: Ceca) -> None:
    ceca.asks(reference="MK-1")
    person = SubjectContent("person", "Gjorgji IZMISLEN", category="suspect", born="1985")
    content = replace(POOR, subjects=(person,), on_behalf_of="Skopje", on_behalf_place="MK")

    second = recorded(ana, content, sender="spoc-hu", their_ref="HU-9")

    (twin,) = queries.open_twins(second)
    assert twin.likeness == "subject"


@pytest.mark.parametrize(
    "person",
    [
        SubjectContent("person", "Ѓорѓи Измислен", category="suspect", born="1990"),
        SubjectContent("person", "Ѓорѓи Друг", category="suspect", born="1985-03"),
        SubjectContent("organisation", "Ѓорѓи Измислен"),
    ],
)
def test_other_persons_are_no_twins(ana: Officer, ceca: Ceca, person: SubjectContent) -> None:
    ceca.asks(reference="MK-1")

    second = recorded(ana, replace(POOR, subjects=(person,)), sender="ilecu-mk", their_ref="MK-2")

    assert queries.open_twins(second) == []


def test_person_says_whether_they_are_the_same(ana: Officer, ceca: Ceca) -> None:
    ceca.asks(reference="MK-2026-000077")
    second = recorded(ana, sender="ilecu-mk", their_ref="MK-2026-000077")
    twin = Twin.objects.get()

    with pytest.raises(Invalid):
        actions.judge_twin(ana, twin, "maybe")
    actions.judge_twin(ana, twin, "same")
    with pytest.raises(NotNow):
        actions.judge_twin(ana, twin, "different")

    actions.close(second, by=ana)
    second.refresh_from_db()
    assert second.state == State.CLOSED


def test_inquiry_to_two_units_is_not_its_own_twin(ana: Officer, ceca: Ceca, budapest: Ceca) -> None:
    actions.ask(ana, CONTENT, to=["ilecu-mk", "spoc-hu"])

    assert not Twin.objects.exists()
