"""The yearly figures of Art. 18, from the records."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from time_machine import travel

from ilex.exchange import actions
from ilex.exchange.models import Request, Twin
from ilex.exchange.rules import Refused
from ilex.exchange.statistics import BadYear, Statistics, median_answer_times, yearly
from ilex.gate.board import board
from ilex.journal.models import Line
from ilex.units.models import Officer
from tests.exchange.ceca import Ceca
from tests.exchange.test_asking import CONTENT, URGENT, authority_officer
from tests.exchange.test_other_channels import recorded

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
PART = Refused(("f.ii",), "Име возача", "Истрага је у току.")


def test_year_of_a_unit_counted_by_every_point(ana: Officer, ceca: Ceca, budapest: Ceca) -> None:
    with travel(NOON, tick=False) as time:
        answered_in_part = ceca.asks(reference="MK-1", urgency="U_A", urgency_reason="x")
        refused = ceca.asks(reference="MK-2")
        ceca.asks(reference="MK-3")
        delayed = budapest.asks(reference="HU-1", urgency="U_A", urgency_reason="x")
        actions.ask(ana, CONTENT, to=["ilecu-mk", "spoc-hu"])
        actions.ask(authority_officer(designated=True), URGENT, to=["ilecu-mk"])
        time.shift(HOUR)
        actions.answer(ana, answered_in_part, "Део.", stage="partial", refuse_part=PART)
        actions.refuse(ana, refused, Refused(("a", "g.ii"), "", "Није кривично дело."))
        actions.delay(ana, delayed, "Суд.", NOON + timedelta(days=3))
        time.shift(timedelta(days=2))
        actions.answer(ana, delayed, "Да.")

    figures = yearly(2026, at=NOON + timedelta(days=5))

    assert {one.unit: (one.requests, one.inquiries) for one in figures.submitted} == {
        "ilecu-rs": (2, 1),
        "customs-rs": (1, 1),
    }
    assert {
        one.state: (one.received_urgent, one.received_other, one.answered_urgent, one.answered_other)
        for one in figures.dealt
    } == {"MK": (1, 2, 1, 0), "HU": (1, 0, 1, 0)}
    assert {(one.state, one.ground): (one.whole, one.part) for one in figures.refused} == {
        ("MK", "a"): (1, 0),
        ("MK", "g.ii"): (1, 0),
        ("MK", "f.ii"): (0, 1),
    }
    assert {one.state: one.requests for one in figures.exceeded} == {"HU": 1}


def test_delay_that_stays_inside_the_limit_is_not_counted_as_exceeded(ana: Officer, ceca: Ceca) -> None:
    with travel(NOON, tick=False):
        request = ceca.asks()
        actions.delay(ana, request, "Суд.", NOON + timedelta(days=20))
        actions.answer(ana, request, "Ипак већ сада.")

    assert yearly(2026, at=NOON + timedelta(days=40)).exceeded == ()


def test_delay_that_is_not_over_counts_from_the_moment_the_limit_is_past(ana: Officer, ceca: Ceca) -> None:
    with travel(NOON, tick=False):
        actions.delay(ana, ceca.asks(), "Суд.", NOON + timedelta(days=20))

    assert yearly(2026, at=NOON + timedelta(days=6)).exceeded == ()
    assert len(yearly(2026, at=NOON + timedelta(days=8)).exceeded) == 1


def test_time_for_which_the_clock_stood_is_not_counted_as_exceeded(ana: Officer, ceca: Ceca) -> None:
    with travel(NOON, tick=False) as time:
        request = ceca.asks()
        question = actions.question(ana, request, "Шта?")
        ceca.stores(question.envelope, at=NOON)
        time.shift(timedelta(days=5))
        ceca.says("exchange.clarification", {"text": "Ова.", "questions": [str(question.message)]}, request.inquiry)
        actions.delay(ana, request, "Суд.", NOON + timedelta(days=30))
        time.shift(timedelta(days=6))
        actions.answer(ana, request, "Не.")

    assert yearly(2026, at=NOON + timedelta(days=60)).exceeded == ()


def test_request_judged_the_same_as_another_counts_once(ana: Officer, ceca: Ceca) -> None:
    ceca.asks(reference="MK-7")
    recorded(ana, sender="ilecu-mk", their_ref="MK-7")
    actions.judge_twin(ana, Twin.objects.get(), "same")

    figures = of_this_year()
    assert figures.left_out == 1
    assert sum(one.received_urgent + one.received_other for one in figures.dealt) == 1


def test_recalled_refusal_is_not_counted(ana: Officer, ceca: Ceca) -> None:
    entry = actions.refuse(ana, ceca.asks(), Refused(("a",), "", "Нема."))
    actions.recall(ana, entry, "Ипак има.")

    assert of_this_year().refused == ()


def test_relayed_request_counts_for_the_state_that_asks(ana: Officer, ceca: Ceca) -> None:
    ceca.asks(on_behalf_of="Budapest", on_behalf_place="HU")

    assert [one.state for one in of_this_year().dealt] == ["HU"]


def test_year_begins_at_midnight_in_the_units_own_zone(ana: Officer, ceca: Ceca) -> None:
    ceca.asks(at=datetime(2026, 12, 31, 22, 59, tzinfo=UTC), reference="MK-1")
    ceca.asks(at=datetime(2026, 12, 31, 23, 1, tzinfo=UTC), reference="MK-2")

    at = datetime(2027, 3, 1, tzinfo=UTC)
    assert sum(one.received_other for one in yearly(2026, at=at).dealt) == 1
    assert sum(one.received_other for one in yearly(2027, at=at).dealt) == 1
    assert sum(one.received_other for one in yearly(2026, "UTC", at=at).dealt) == 2


def test_speed_is_told_for_both_directions(ana: Officer, ceca: Ceca) -> None:
    with travel(NOON, tick=False) as time:
        first, second = ceca.asks(reference="MK-1"), ceca.asks(reference="MK-2", urgency="U_A", urgency_reason="x")
        (ours,) = actions.ask(ana, CONTENT, to=["ilecu-mk"])
        ceca.stores(ours.entries.get().envelope, at=NOON)
        time.shift(10 * HOUR)
        actions.answer(ana, first, "Не.")
        actions.answer(ana, second, "Не.")
        ceca.says("exchange.answer", {"text": "Не.", "stage": "final", "settles": True}, ours.inquiry)

    figures = yearly(2026, at=NOON + timedelta(days=1))
    speed = {(one.way, one.partner): one for one in figures.speed}
    assert (speed["in", ""].settled, speed["in", ""].on_time, speed["in", ""].share) == (2, 1, 50)
    assert speed["out", "ilecu-mk"].median_seconds == pytest.approx(36_000, abs=1)
    times = median_answer_times(NOON + timedelta(days=1))
    assert times["ilecu-mk"].total_seconds() == pytest.approx(36_000, abs=1)
    with travel(NOON + timedelta(days=1), tick=False):
        assert [line.median_answer for line in board()] == [times["ilecu-mk"]]


def test_same_records_give_the_same_figures(ana: Officer, ceca: Ceca) -> None:
    actions.refuse(ana, ceca.asks(), Refused(("a",), "", "Нема."))
    at = datetime.now(tz=UTC)

    first, second = yearly(at.year, at=at), yearly(at.year, at=at)
    assert first == second
    assert first.journal_size == Line.objects.count()
    assert first.as_dict() == second.as_dict()


def test_command_prints_the_figures_as_json_csv_and_text(ana: Officer, ceca: Ceca) -> None:
    ceca.asks(at=NOON)
    texts = {}
    for form in ("--json", "--csv", None):
        out = StringIO()
        call_command("stats", "--year", "2026", *([form] if form else []), stdout=out)
        texts[form] = out.getvalue()

    found = json.loads(texts["--json"])
    assert found["dealt"] == [
        {"state": "MK", "received_urgent": 0, "received_other": 1, "answered_urgent": 0, "answered_other": 0}
    ]
    assert found["year"] == 2026
    assert "North Macedonia,0,1,0,0" in texts["--csv"]
    assert "Requests received and answered (b)" in texts[None]


@pytest.mark.parametrize("year", ["20x6", "26", "-2026", "1999", "2101", "٢٠٢٦", ""])
def test_bad_year_is_one_sentence(house: object, year: str) -> None:
    with pytest.raises(CommandError) as told:
        call_command("stats", f"--year={year}")

    assert str(told.value).count(".") >= 1
    assert "\n" not in str(told.value)


def test_year_that_has_not_begun_has_no_figures(house: object) -> None:
    with pytest.raises(BadYear):
        yearly(2031, at=NOON)


def of_this_year() -> Statistics:
    at = datetime.now(tz=UTC)
    return yearly(at.year, "UTC", at=at)


def test_information_is_no_request(ana: Officer, ceca: Ceca) -> None:
    from tests.exchange.test_information import TOLD, told_by

    told_by(ceca)
    actions.inform(ana, TOLD, to=["ilecu-mk"])

    figures = of_this_year()
    assert Request.objects.count() == 2
    assert (figures.dealt, figures.submitted) == ((), ())
