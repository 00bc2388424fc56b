"""The list and the page of an action ask the database the same number of questions, however much is on file."""

from __future__ import annotations

import random

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from ilex.programme.bench import Maker
from ilex.programme.models import Action, Activity, Involvement
from ilex.programme.queries.access import action_for
from ilex.programme.queries.listing import PAGE, listed
from ilex.programme.queries.pages import page_of
from ilex.units.models import Officer

pytestmark = pytest.mark.django_db

LIST, ONE = 6, 26  # statements at most


def filled(vera: Officer, actions: int, activities: int, involvements: int) -> None:
    maker = Maker(random.Random(1), vera, now())  # noqa: S311
    maker.prepare()
    maker.make_actions(actions, involvements // 5)
    maker.make_activities(activities, involvements)


def test_list_and_page_ask_few_statements(vera: Officer, client: Client) -> None:
    filled(vera, 120, 400, 2_000)
    assert (Action.objects.count(), Activity.objects.count()) == (120, 400)
    assert Involvement.objects.count() > 1_000
    with CaptureQueriesContext(connection) as asked:
        assert len(listed(vera).rows) == PAGE
    assert len(asked) <= LIST
    for key in (Action.objects.filter(kind=kind).earliest("pk").key for kind in ("facility", "project", "component")):
        with CaptureQueriesContext(connection) as asked:
            page = page_of(action_for(vera, key), vera)
        assert page.involved
        assert len(asked) <= ONE
        client.force_login(vera)
        assert client.get(reverse("action", args=[key])).status_code == 200


def test_number_of_statements_does_not_grow_with_the_rows(vera: Officer) -> None:
    filled(vera, 60, 40, 400)
    facility = Action.objects.filter(kind="facility").earliest("pk")
    projects = Action.objects.exclude(kind="facility").order_by("pk").values_list("pk", flat=True)
    activities = Activity.objects.order_by("pk").values_list("pk", flat=True)
    counted = []
    for many in (1, 30):
        Action.objects.filter(pk__in=list(projects[:many])).update(parent=facility)
        Activity.objects.filter(pk__in=list(activities[:many])).update(action=facility)
        with CaptureQueriesContext(connection) as asked:
            listed(vera)
            page = page_of(facility, vera)
        assert len(page.parts) >= many
        assert len(page.activities) >= many
        counted.append(len(asked))
    assert counted[0] == counted[1]
