"""What the desk and the search show, in which order, and with how many statements."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from pytest_django import DjangoAssertNumQueries
from time_machine import travel

from ilex.exchange import actions, queries
from ilex.exchange.models import Request
from ilex.exchange.queries import SearchFilter
from ilex.exchange.rules import Invalid
from ilex.journal.models import Line, Operation
from ilex.units.models import Officer, Role
from tests.exchange.ceca import Ceca
from tests.exchange.conftest import officer
from tests.exchange.test_asking import CONTENT

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_desk_sorts_by_time_left_with_standing_clocks_after_running_ones(ceca: Ceca, ana: Officer) -> None:
    with travel(NOON, tick=False):
        slow = ceca.asks(at=NOON - HOUR, reference="MK-1")
        urgent = ceca.asks(at=NOON, reference="MK-2", urgency="U_A", urgency_reason="x")
        standing = ceca.asks(at=NOON - 2 * HOUR, reference="MK-3", urgency="U_A", urgency_reason="x")
        question = actions.question(ana, standing, "Шта?")
        ceca.stores(question.envelope, at=NOON)

    rows = queries.desk_rows(ana, at=NOON)

    assert [row.ref for row in rows] == [urgent.our_ref, slow.our_ref, standing.our_ref]
    assert rows[2].stopped_by == "us"
    assert rows[2].stopped_reason


def test_row_masks_names_and_offers_one_next_step(ceca: Ceca, ana: Officer) -> None:
    request = ceca.asks()

    (row,) = queries.desk_rows(ana)

    assert row.subject == "1 person"
    assert "Ѓорѓи" not in str(row)
    assert row.next_step is not None
    assert (row.next_step.method, row.next_step.url) == ("post", f"/requests/{request.our_ref}/take/")
    assert (row.partner, row.partner_name, row.channel) == ("MK", "Unit of MK", row.channel)
    assert row.unread


def test_row_of_ours_tells_how_far_the_letter_has_come(ceca: Ceca, ana: Officer) -> None:
    (request,) = actions.ask(ana, CONTENT, to=["ilecu-mk"])
    assert queries.desk_rows(ana)[0].delivery == "On its way"

    envelope = request.entries.get().envelope
    ceca.stores(envelope)
    assert queries.desk_rows(ana)[0].delivery == "Delivered"
    ceca.stores(envelope, kind="processed")
    assert queries.desk_rows(ana)[0].delivery == "Taken in"
    ceca.stores(envelope, kind="read")
    assert queries.desk_rows(ana)[0].delivery == "Read"
    labels = [tick.label for moment in queries.timeline(request) for tick in moment.ticks]
    assert labels == ["sent", "delivered", "taken in", "read"]


def test_counts_tell_what_waits_for_whom(ceca: Ceca, ana: Officer, bojan: Officer) -> None:
    with travel(NOON, tick=False):
        ceca.asks(at=NOON - 9 * HOUR, reference="MK-1", urgency="U_A", urgency_reason="x")
        ceca.asks(at=NOON, reference="MK-2", urgency="U_A", urgency_reason="x")
        ceca.asks(at=NOON, reference="MK-3")
        actions.ask(bojan, CONTENT, to=["ilecu-mk"])

    counts = queries.desk_counts(ana, NOON)

    assert counts["open"] == 4
    assert counts["overdue"] == 1
    assert counts["hours"] == 1
    assert counts["days"] == 1
    assert (counts["ours"], counts["theirs"]) == (3, 1)
    assert counts["mine"] == 0
    assert queries.desk_counts(bojan, NOON)["mine"] == 1
    for show in counts:
        assert len(queries.desk_rows(ana, show=show, at=NOON)) == counts[show], show


def test_counts_are_one_statement_and_rows_do_not_grow_with_the_page(
    ceca: Ceca, ana: Officer, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(6):
        ceca.asks(reference=f"MK-{number}")
    actions.ask(ana, CONTENT, to=["ilecu-mk"])

    with django_assert_num_queries(1):
        queries.desk_counts(ana)
    with django_assert_num_queries(3):
        assert len(queries.desk_rows(ana)) == 7


def test_desk_is_paged_and_filtered(ceca: Ceca, ana: Officer) -> None:
    for number in range(5):
        ceca.asks(reference=f"MK-9{number}")

    assert len(queries.desk_rows(ana, first=0, count=2)) == 3
    assert len(queries.desk_rows(ana, first=4, count=2)) == 1
    assert len(queries.desk_rows(ana, partner="spoc-hu")) == 0
    assert len(queries.desk_rows(ana, partner="ilecu-mk", channel="node")) == 5
    assert len(queries.desk_rows(ana, search="MK-93")) == 1
    assert queries.desk_partners(ana) == [("ilecu-mk", "Unit of MK")]
    with pytest.raises(ValueError, match="cannot show"):
        queries.desk_rows(ana, show="everything")


def test_opening_tells_the_partner_once_that_it_was_read(ceca: Ceca, ana: Officer, bojan: Officer) -> None:
    request = ceca.asks()

    queries.preview(ana, request)
    assert read_receipts() == 0
    queries.consult(ana, request)
    queries.consult(bojan, request)

    assert read_receipts() == 1
    request.refresh_from_db()
    assert request.unread_since is None
    assert request.entries.get(kind="request").read_at is not None
    lines = Line.objects.filter(act="request.opened")
    assert [(line.op, line.reason) for line in lines] == [(Operation.CONSULTATION, "handling")] * 2


def test_reading_by_the_protection_officer_is_no_receipt(ceca: Ceca, ana: Officer) -> None:
    request = ceca.asks()
    petra = officer("petra", [Role.PROTECTION], ana.organisation)

    assert queries.needs_reason(petra, request)
    queries.consult(petra, request, "Сlaim 12")

    assert read_receipts() == 0
    request.refresh_from_db()
    assert request.unread_since is not None


def test_head_reads_to_supervise(ceca: Ceca, ana: Officer) -> None:
    queries.consult(officer("vera", [Role.HEAD], ana.organisation), ceca.asks())

    assert Line.objects.get(act="request.opened").reason == "supervision"


def test_administrator_reads_no_request(ceca: Ceca, ana: Officer) -> None:
    request = ceca.asks()
    boris = officer("boris", [Role.ADMINISTRATOR], ana.organisation)

    with pytest.raises(PermissionDenied):
        queries.request_for(boris, request.our_ref)
    with pytest.raises(PermissionDenied):
        queries.desk_rows(boris)
    with pytest.raises(PermissionDenied):
        queries.search(boris, "MK")


def test_search_is_a_consultation_with_what_was_looked_for(ceca: Ceca, ana: Officer) -> None:
    request = ceca.asks()

    found = queries.search(ana, "izmislen")

    assert [(row.ref, row.where) for row in found.rows] == [(request.our_ref, "Persons and things")]
    line = Line.objects.get(act="request.searched")
    assert (line.op, line.reason) == (Operation.CONSULTATION, "handling")
    assert line.detail["text"] == "izmislen"
    assert line.detail["found"] == [request.our_ref]


@pytest.mark.parametrize("text", ["", "  ", "--", "' & | !", "():*"])
def test_search_without_a_word_is_told(ana: Officer, text: str) -> None:
    with pytest.raises(Invalid):
        queries.search(ana, text)


@pytest.mark.parametrize("text", ["a'b", "x:*", "a & b", "\\", "%", "маркo' OR 1=1", "a" * 5000])
def test_search_takes_any_text(ana: Officer, text: str) -> None:
    with contextlib.suppress(Invalid):
        assert queries.search(ana, text).rows == ()


def test_search_finds_the_words_of_an_answer_too(ceca: Ceca, ana: Officer) -> None:
    request = ceca.asks()
    actions.answer(ana, request, "Власник је Вук Измишљотина.")

    assert [row.ref for row in queries.search(ana, "vuk izmišljo").rows] == [request.our_ref]
    assert queries.search(ana, "vuk", SearchFilter(way="out")).rows == ()
    assert len(queries.search(ana, "vuk", SearchFilter(way="in", state="answered")).rows) == 1


def test_supervisor_searches_with_a_reason(ceca: Ceca, ana: Officer) -> None:
    petra = officer("petra", [Role.PROTECTION], ana.organisation)
    ceca.asks()

    with pytest.raises(Invalid):
        queries.search(petra, "izmislen")
    assert len(queries.search(petra, "izmislen", reason="Complaint 3").rows) == 1


def test_request_that_is_not_there_and_one_that_is_not_for_you_look_the_same(ana: Officer) -> None:
    with pytest.raises(Request.DoesNotExist):
        queries.request_for(ana, "RS-2026-999999")


def read_receipts() -> int:
    from ilex.gate.models import Receipt

    return Receipt.objects.filter(way="out", kind="read").count()
