from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.timezone import now

from ilex.duty import actions, queries
from ilex.duty.errors import NotNow
from ilex.duty.models import Delegation, LogLine, Shift
from ilex.journal.models import Line
from ilex.units.models import Officer, Organisation, Role
from tests.exchange.conftest import officer

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def running(person: Officer, at: datetime | None = None) -> Shift:
    at = at or now()
    return Shift.objects.create(officer=person, begins=at - HOUR, ends=at + 7 * HOUR)


def test_on_duty_is_whoever_has_the_shift_now(ana: Officer, bojan: Officer, dana: Officer) -> None:
    at = now()
    actions.plan(dana, ana, at - HOUR, at + HOUR)
    actions.plan(dana, bojan, at + HOUR, at + 9 * HOUR)
    assert queries.on_duty(at) == [ana]
    assert queries.on_duty(at + HOUR) == [bojan]
    assert queries.on_duty(at + 9 * HOUR) == []
    Officer.objects.filter(pk=ana.pk).update(is_active=False)
    assert queries.on_duty(at) == []


def test_planning_is_for_the_head_and_leaves_its_line(ana: Officer, bojan: Officer, dana: Officer) -> None:
    at = now()
    with pytest.raises(PermissionDenied):
        actions.plan(ana, bojan, at, at + HOUR)
    shift = actions.plan(dana, bojan, at, at + HOUR)
    line = Line.objects.get(act="duty.planned")
    assert (line.by, line.object_id, line.detail["officer"]) == (str(dana.pk), str(shift.pk), str(bojan.pk))


@pytest.mark.parametrize(("begins", "ends"), [(0, 0), (2, 1), (0, 49)])
def test_shift_that_cannot_be_is_refused(ana: Officer, dana: Officer, begins: int, ends: int) -> None:
    at = now()
    with pytest.raises(NotNow):
        actions.plan(dana, ana, at + begins * HOUR, at + ends * HOUR)
    assert not Shift.objects.exists()


def test_nobody_is_on_duty_twice_and_a_translator_never(ana: Officer, dana: Officer, house: Organisation) -> None:
    at = now()
    actions.plan(dana, ana, at, at + 8 * HOUR)
    with pytest.raises(NotNow, match="on duty already"):
        actions.plan(dana, ana, at + 7 * HOUR, at + 9 * HOUR)
    actions.plan(dana, ana, at + 8 * HOUR, at + 9 * HOUR)  # one after the other is no overlap
    with pytest.raises(NotNow, match="do not allow duty"):
        actions.plan(dana, officer("tina", [Role.TRANSLATOR], house), at, at + HOUR)


def test_shift_that_has_begun_stays_in_the_plan(ana: Officer, dana: Officer) -> None:
    begun, later = running(ana), actions.plan(dana, ana, now() + 20 * HOUR, now() + 21 * HOUR)
    with pytest.raises(NotNow):
        actions.remove(dana, begun)
    actions.remove(dana, later)
    assert list(Shift.objects.all()) == [begun]


def test_week_tells_gaps_and_overlaps(ana: Officer, bojan: Officer, dana: Officer) -> None:
    at = now()
    actions.plan(dana, ana, at, at + 8 * HOUR)
    actions.plan(dana, bojan, at + 6 * HOUR, at + 14 * HOUR)
    week = queries.week(at.date() - timedelta(days=at.weekday()))
    assert len(week.days) == 7
    assert week.gaps
    names = {name for overlap in week.overlaps for name in overlap.who}
    # At the end of a week the rest of a shift stands in the next one.
    assert names in ({ana.name, bojan.name}, set())


def test_note_is_handed_over_by_one_and_taken_by_another(ana: Officer, bojan: Officer, dana: Officer) -> None:
    shift = running(ana)
    with pytest.raises(PermissionDenied):
        actions.hand_over(bojan, shift, "Not mine to give")
    with pytest.raises(NotNow):
        actions.hand_over(ana, shift, "  ")
    with pytest.raises(NotNow):
        actions.take_over(bojan, shift)  # nothing is there yet
    actions.hand_over(ana, shift, "GEO answers at 16:00.")
    assert list(queries.to_take_over()) == [shift]
    with pytest.raises(NotNow):
        actions.take_over(ana, shift)
    actions.take_over(bojan, shift)
    shift.refresh_from_db()
    assert (shift.officer, shift.taken_by, shift.handover) == (ana, bojan, "GEO answers at 16:00.")
    with pytest.raises(NotNow):
        actions.take_over(dana, shift)
    with pytest.raises(NotNow):
        actions.hand_over(ana, shift, "Once more")
    assert Line.objects.get(act="duty.taken-over").detail["from"] == str(ana.pk)


def test_database_lets_nobody_take_his_own_shift_over(ana: Officer, dana: Officer) -> None:
    shift = actions.plan(dana, ana, now(), now() + HOUR)
    with pytest.raises(IntegrityError), transaction.atomic():
        Shift.objects.filter(pk=shift.pk).update(taken_by=ana)


def test_log_line_stands_with_its_author_and_is_journalled(ana: Officer, house: Organisation) -> None:
    line = actions.write_line(ana, " GEO called, answer promised 16:00.\0 ", "RS-2026-000412")
    assert LogLine.objects.get() == line
    assert line.text == "GEO called, answer promised 16:00."
    assert Line.objects.get(act="duty.logged").case == "RS-2026-000412"
    for text, about in (("", ""), ("x" * 10_001, ""), ("x", "y" * 61)):
        with pytest.raises(NotNow):
            actions.write_line(ana, text, about)
    with pytest.raises(PermissionDenied):
        actions.write_line(officer("tina", [Role.TRANSLATOR], house), "Not on duty")


def test_deputy_stands_in_for_the_time_and_no_longer(ana: Officer, bojan: Officer) -> None:
    at = now()
    made = actions.delegate(ana, ana, bojan, at - HOUR, at + HOUR, "Training")
    assert queries.deputies(ana) == [bojan]
    assert queries.stands_in_for(bojan) == [ana]
    assert queries.deputies(ana, at + HOUR) == []
    assert queries.stands_in_for(bojan, at - 2 * HOUR) == []
    Officer.objects.filter(pk=bojan.pk).update(is_active=False)
    assert queries.deputies(ana) == []
    Officer.objects.filter(pk=bojan.pk).update(is_active=True)
    actions.end_delegation(ana, made)
    assert queries.deputies(ana) == []
    assert set(Line.objects.filter(act__startswith="duty.d").values_list("act", flat=True)) == {
        "duty.delegated",
        "duty.delegation-ended",
    }


def test_delegation_that_cannot_be_is_refused(ana: Officer, bojan: Officer, dana: Officer, house: Organisation) -> None:
    at = now()
    customs = Organisation.objects.create(id="customs-rs", kind=Organisation.Kind.AUTHORITY, name="Customs")
    stranger = officer("ema", [Role.AUTHORITY], customs)
    for absent, deputy, begins, ends in (
        (ana, ana, at, at + HOUR),
        (ana, stranger, at, at + HOUR),
        (ana, bojan, at + HOUR, at),
        (ana, bojan, at - 2 * HOUR, at - HOUR),
        (ana, bojan, at, at + timedelta(days=400)),
    ):
        with pytest.raises(NotNow):
            actions.delegate(ana, absent, deputy, begins, ends)
    with pytest.raises(PermissionDenied):
        actions.delegate(ana, bojan, dana, at, at + HOUR)  # for somebody else
    actions.delegate(dana, bojan, ana, at, at + HOUR)  # who plans does so for all
    with pytest.raises(PermissionDenied):
        actions.end_delegation(ana, Delegation.objects.get())
    other = officer("ema.two", [Role.AUTHORITY], customs)
    actions.delegate(stranger, stranger, other, at, at + HOUR)
    assert queries.deputies(stranger) == [other]
