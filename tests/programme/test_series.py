"""Series: planned over locations, spread evenly, also when something was cancelled in between."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from ilex.journal.models import Line
from ilex.programme.actions.actions import add_action
from ilex.programme.actions.activities import cancel
from ilex.programme.actions.series import Host, plan_series, spread
from ilex.programme.models import Action, Activity, Series
from ilex.programme.rules.errors import Invalid, NotNow
from ilex.units.models import Officer
from tests.programme.shown import read

pytestmark = pytest.mark.django_db

THREE = [Host("RS"), Host("MK", "ilecu-mk"), Host("HU")]


def an_action(vera: Officer) -> Action:
    return add_action(vera, title="Joint training", kind="project")


def planned(vera: Officer, **more: Any) -> Series:
    usual = {"kind": "training", "title": "Training", "count": 7, "locations": THREE}
    action = more.pop("action", None) or an_action(vera)
    return plan_series(vera, action, **{**usual, **more})


def test_trainings_are_spread_evenly_and_the_hosting_goes_round(vera: Officer) -> None:
    made = spread(vera, planned(vera, starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31)))
    assert [one.place_id for one in made] == ["RS", "MK", "HU", "RS", "MK", "HU", "RS"]
    assert [one.when for one in made] == [f"2027-{month:02}" for month in (1, 3, 5, 7, 8, 10, 12)]
    assert {one.state for one in made} == {"draft"}
    assert [one.involvements.filter(organisation="ilecu-mk").count() for one in made[:3]] == [0, 1, 0]


def test_cancelled_training_is_made_up_for_where_it_was_to_be(vera: Officer) -> None:
    series = planned(vera)
    made = spread(vera, series)
    cancel(vera, made[1], "No money")
    with pytest.raises(NotNow):
        cancel(vera, made[1], "Again")
    [again] = spread(vera, series)
    assert (again.place_id, again.title) == ("MK", "Training 8")
    counts = Counter(series.activities.exclude(state="cancelled").values_list("place", flat=True))
    assert max(counts.values()) - min(counts.values()) <= 1


def test_complete_series_is_spread_no_further(vera: Officer) -> None:
    series = planned(vera)
    spread(vera, series)
    before = Activity.objects.count(), Line.objects.count()
    with pytest.raises(NotNow, match="All activities of this series are planned"):
        spread(vera, series)
    assert (Activity.objects.count(), Line.objects.count()) == before


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"count": 0}, "count"),
        ({"title": ""}, "title"),
        ({"locations": []}, "locations"),
        ({"locations": [Host("RS"), Host("RS")]}, "locations"),
        ({"locations": [Host("Atlantis")]}, "locations"),
        ({"locations": [Host("RS", "nobody")]}, "locations"),
        ({"starts_on": date(2027, 2, 1), "ends_on": date(2027, 1, 1)}, "ends_on"),
    ],
)
def test_bad_plan_says_one_sentence_and_leaves_nothing(vera: Officer, typed: dict[str, Any], field: str) -> None:
    action = an_action(vera)
    lines = Line.objects.count()
    with pytest.raises(Invalid) as refused:
        planned(vera, action=action, **typed)
    assert list(refused.value.fields) == [field]
    assert (Series.objects.count(), Line.objects.count()) == (0, lines)


def test_series_is_planned_looked_at_and_spread_by_clicks(vera: Officer, client: Client) -> None:
    client.force_login(vera)
    action = an_action(vera)
    typed = {"title": "Training", "kind": "training", "count": "4", "locations": "RS\nMK, ilecu-mk\n"}
    assert client.post(reverse("series-new", args=[action.key]), typed).status_code == 302
    series = Series.objects.get()
    page = reverse("series", args=[series.pk])
    assert "Make the 4 drafts that are missing" in read(client, page)
    client.post(reverse("series-spread", args=[series.pk]))
    shown = read(client, page)
    assert "evenly spread" in shown
    assert "Training 4" in shown
    refused = client.post(reverse("series-new", args=[action.key]), {**typed, "locations": "RS\nRS"})
    assert refused.status_code == 422
    assert "A location stands twice." in refused.text
