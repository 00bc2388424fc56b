from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localtime, now

from ilex.duty import actions
from ilex.duty.models import Delegation, LogLine, Shift
from ilex.units.models import Officer, Organisation, Role
from tests.exchange.conftest import officer
from tests.exchange.test_pages import pages

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def typed(hours: float) -> str:
    return localtime(now() + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def danas(dana: Officer) -> Client:
    return pages(dana)


def test_head_plans_a_shift_and_takes_it_out_again(danas: Client, ana: Officer) -> None:
    posted = {"officer": str(ana.pk), "begins": typed(1), "ends": typed(9)}
    answer = danas.post(reverse("duty-plan"), posted)
    shift = Shift.objects.get()
    assert ana.name in danas.get(answer.headers["Location"]).content.decode()
    danas.post(reverse("duty-remove", args=[shift.pk]))
    assert not Shift.objects.exists()


@pytest.mark.parametrize(
    "bad", [{}, {"officer": "nobody", "begins": "soon", "ends": "later"}, {"officer": "", "begins": "x" * 5000}]
)
def test_bad_plan_gets_sentences_and_changes_nothing(danas: Client, bad: dict[str, str]) -> None:
    assert danas.post(reverse("duty-plan"), bad).status_code == 422
    assert not Shift.objects.exists()


def test_shift_is_handed_over_on_the_page_and_taken_by_the_next(ana: Officer, bojan: Officer) -> None:
    shift = Shift.objects.create(officer=ana, begins=now() - HOUR, ends=now() + HOUR)
    anas, bojans = pages(ana), pages(bojan)
    assert "End of your shift" not in bojans.get(reverse("duty")).content.decode()
    assert "End of your shift" in anas.get(reverse("duty")).content.decode()
    assert anas.post(reverse("duty-hand-over", args=[shift.pk]), {"note": " "}).status_code == 422
    anas.post(reverse("duty-hand-over", args=[shift.pk]), {"note": "ГЕО јавља у 16:00."})
    assert "ГЕО јавља у 16:00." in bojans.get(reverse("duty")).content.decode()
    bojans.post(reverse("duty-take-over", args=[shift.pk]))
    shift.refresh_from_db()
    assert shift.taken_by == bojan


def test_line_is_written_and_shown_newest_first(ana: Officer) -> None:
    anas = pages(ana)
    anas.post(reverse("duty-line"), {"text": "First word", "about": ""})
    anas.post(reverse("duty-line"), {"text": "<b>Second</b> word", "about": "RS-2026-000001"})
    shown = anas.get(reverse("duty")).content.decode()
    assert shown.index("&lt;b&gt;Second&lt;/b&gt; word") < shown.index("First word")
    assert anas.post(reverse("duty-line"), {"text": ""}).status_code == 422
    assert LogLine.objects.count() == 2


def test_deputy_is_named_by_whoever_goes_away(ana: Officer, bojan: Officer) -> None:
    anas = pages(ana)
    posted = {"deputy": str(bojan.pk), "begins": typed(0), "ends": typed(48), "reason": "Training"}
    anas.post(reverse("duty-away"), posted)
    made = Delegation.objects.get()
    assert (made.absent, made.deputy) == (ana, bojan)
    assert ana.name in anas.get(reverse("duty-away")).content.decode()
    assert pages(bojan).post(reverse("duty-away-end", args=[made.pk])).status_code == 404
    anas.post(reverse("duty-away-end", args=[made.pk]))
    made.refresh_from_db()
    assert made.ended_at is not None
    assert anas.post(reverse("duty-away"), {**posted, "deputy": str(ana.pk)}).status_code == 422


def test_identity_bar_says_who_is_on_duty(ana: Officer, bojan: Officer, dana: Officer) -> None:
    anas = pages(ana)
    assert "On duty:" not in anas.get(reverse("settings")).content.decode()
    actions.plan(dana, bojan, now() - HOUR, now() + HOUR)
    assert f"On duty: {bojan.name}" in anas.get(reverse("settings")).content.decode()


def test_roster_is_read_by_those_on_duty_and_planned_by_the_head(ana: Officer, house: Organisation) -> None:
    assert "Plan a shift" not in pages(ana).get(reverse("duty-roster")).content.decode()
    assert pages(ana).post(reverse("duty-plan"), {}).status_code == 403
    for role in (Role.TRANSLATOR, Role.AUTHORITY, Role.PROTECTION, Role.AUDITOR, Role.ADMINISTRATOR):
        stranger = pages(officer(f"o.{role.value}", [role], house))
        assert stranger.get(reverse("duty")).status_code == 403
        assert stranger.get(reverse("duty-roster")).status_code == 403
