"""The loop that warns in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from time_machine import travel

from ilex.exchange import actions, queries
from ilex.exchange.clock import ring
from ilex.exchange.models import ClockMove, Request
from ilex.journal.models import Line
from ilex.units.models import Officer, Role
from tests.exchange.ceca import Ceca
from tests.exchange.conftest import officer

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
WARNINGS = ("half", "late", "missed")


def test_each_warning_is_told_once_at_its_moment(ceca: Ceca) -> None:
    request = urgent(ceca)

    assert ring(NOON + 3 * HOUR) == 0
    assert ring(NOON + 4 * HOUR) == 1
    assert ring(NOON + 4 * HOUR) == 0
    assert ring(NOON + 6.4 * HOUR) == 1
    assert ring(NOON + 8 * HOUR) == 1
    assert ring(NOON + 80 * HOUR) == 0

    assert told(request) == [("half", NOON + 4 * HOUR), ("late", NOON + 6.4 * HOUR), ("missed", NOON + 8 * HOUR)]
    request.refresh_from_db()
    assert request.missed_at == request.due_at
    assert request.alarm_at is None
    assert Line.objects.filter(act__startswith="clock.").count() == 3


def test_after_a_pause_of_the_node_only_the_newest_warning_is_told(ceca: Ceca) -> None:
    request = urgent(ceca)

    assert ring(NOON + 30 * HOUR) == 1

    assert told(request) == [("missed", NOON + 8 * HOUR)]


def test_standing_clock_is_silent(ceca: Ceca, ana: Officer) -> None:
    request = urgent(ceca)
    with travel(NOON + HOUR, tick=False):
        question = actions.question(ana, request, "Шта?")
        ceca.stores(question.envelope, at=NOON + HOUR)

    assert ring(NOON + 100 * HOUR) == 0


def test_settled_request_is_silent(ceca: Ceca, ana: Officer) -> None:
    request = urgent(ceca)
    with travel(NOON + HOUR, tick=False):
        actions.answer(ana, request, "Не.")

    assert ring(NOON + 100 * HOUR) == 0


def test_clock_that_was_moved_warns_by_its_new_deadline(ceca: Ceca, ana: Officer) -> None:
    request = urgent(ceca)
    ring(NOON + 4 * HOUR)
    with travel(NOON + 5 * HOUR, tick=False):
        actions.set_access(request, "indirect", by=ana, reason="Банка.")

    assert ring(NOON + 8 * HOUR) == 0
    assert ring(NOON + 36 * HOUR) == 1
    assert [kind for kind, _at in told(request)] == ["half", "half"]


def test_one_request_that_fails_holds_nobody_up_and_is_tried_again_later(ceca: Ceca) -> None:
    bad, good = urgent(ceca), urgent(ceca, reference="MK-2")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE exchange_request SET alarm = 'noise' WHERE id = %s", [bad.pk])

    assert ring(NOON + 4 * HOUR) == 1

    assert [kind for kind, _at in told(good)] == ["half"]
    bad.refresh_from_db()
    assert bad.alarm_at == NOON + 4 * HOUR + timedelta(minutes=5)
    assert Line.objects.filter(act="clock.put-off").count() == 1


def test_warning_is_seen_by_who_handles_it_and_a_missed_deadline_by_the_head(ceca: Ceca, ana: Officer) -> None:
    request = urgent(ceca)
    head = officer("vera", [Role.HEAD], ana.organisation)
    ring(NOON + 4 * HOUR)
    assert queries.desk_counts(ana, NOON)["alarms"] == 1

    queries.consult(ana, request)
    assert queries.desk_counts(ana, NOON)["alarms"] == 0

    ring(NOON + 9 * HOUR)
    queries.consult(ana, request)
    assert queries.desk_counts(ana, NOON)["alarms"] == 1
    queries.consult(head, request)
    assert queries.desk_counts(ana, NOON)["alarms"] == 0


def urgent(ceca: Ceca, reference: str = "MK-1") -> Request:
    with travel(NOON, tick=False):
        return ceca.asks(at=NOON, urgency="U_A", urgency_reason="x", reference=reference)


def told(request: Request) -> list[tuple[str, datetime]]:
    return list(
        ClockMove.objects.filter(request=request, kind__in=WARNINGS).order_by("at", "id").values_list("kind", "at")
    )
