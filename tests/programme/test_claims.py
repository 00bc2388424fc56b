"""Sources that contradict each other stand side by side, until somebody prefers one and says why."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from ilex.journal.models import Line
from ilex.programme.actions.claims import add_source, claim, prefer
from ilex.programme.loading import load_programme
from ilex.programme.models import Action, Activity, Claim
from ilex.programme.queries.people import Names
from ilex.programme.queries.said import said_of
from ilex.programme.rules.errors import Invalid, NotNow
from ilex.units.actions import load_directory
from ilex.units.models import Officer
from tests.programme.shown import read

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _loaded(vera: Officer, client: Client) -> None:
    load_directory()
    load_programme()
    client.force_login(vera)


def place_of(event: Activity) -> str | None:
    event.refresh_from_db()
    return event.place_id


def test_claim_stands_beside_the_others_and_overwrites_nothing(vera: Officer) -> None:
    action = Action.objects.get(key="ilecu-network")
    source = add_source(vera, title="Annual report of the donor", kind="letter", stated_on="2024-03")
    made = claim(vera, action, field="budget", value="450.000,00 EUR", printed="450.000,00 EUR", source=source.key)
    assert made.value == "EUR 450000.00"
    amount = action.amounts.get()
    assert (amount.value, amount.printed) == (Decimal("454415.40"), "EUR 454,415.40 (from ISF-Police)")
    assert Line.objects.filter(act="claim.added").count() == 1


def test_preferred_claim_has_a_reason_and_the_budget_follows_it(vera: Officer) -> None:
    action = Action.objects.get(key="training-institutions")
    other = action.claims.get(value="EUR 116480.34")
    prefer(vera, other, "The facility corrected the sheet.")
    action.refresh_from_db()
    field = said_of(action, Names.read("en")).fields
    budget = next(one for one in field if one.name == "Budget")
    assert [one.row.preferred for one in budget.claims] == [True, False]
    assert (budget.claims[0].row.reason, budget.claims[0].row.by) == ("The facility corrected the sheet.", vera)
    amount = action.amounts.get()
    assert (amount.value, amount.printed, amount.source_id) == (
        Decimal("116480.34"),
        "EUR 116,480.34",
        "training-institutions-page",
    )
    assert (action.owner_id, action.version) == ("ilecu-rs", 2)
    load_programme()
    assert action.claims.get(preferred=True, field="budget") == other


def test_claimed_venue_is_followed_once_somebody_decides(vera: Officer) -> None:
    event = Activity.objects.get(key="training-it-event")
    assert place_of(event) is None
    prefer(vera, event.claims.get(value="md-chisinau"), "The caption names town, country and month together.")
    assert place_of(event) == "md-chisinau"
    prefer(vera, event.claims.filter(value="by-minsk")[0], "Two sources say so.")
    assert place_of(event) == "by-minsk"
    assert event.claims.filter(preferred=True).count() == 1


def test_preferred_period_moves_the_action_in_the_list(vera: Officer) -> None:
    action = Action.objects.get(key="joint-patrols")
    prefer(vera, action.claims.get(value="2013-10/2014-10"), "The donor's own page.")
    action.refresh_from_db()
    assert (action.when, str(action.first), str(action.last), action.printed) == (
        "2013-10/2014-10",
        "2013-10-01",
        "2014-10-31",
        "Oct 2013 - Oct 2014",
    )


def test_nothing_is_preferred_without_a_reason_or_in_the_record_of_another(vera: Officer) -> None:
    event = Activity.objects.get(key="training-it-event")
    one = event.claims.get(value="md-chisinau")
    with pytest.raises(Invalid):
        prefer(vera, one, "  ")
    Activity.objects.filter(pk=event.pk).update(owner="ilecu-mk")
    with pytest.raises(NotNow):
        prefer(vera, one, "Because")
    assert not event.claims.filter(preferred=True).exists()


def test_source_states_a_thing_once(vera: Officer) -> None:
    action = Action.objects.get(key="training-institutions")
    with pytest.raises(Invalid, match="already"):
        claim(vera, action, field="budget", value="EUR 154,894.95", source="training-institutions-sheet")


def test_page_shows_both_values_as_printed_with_source_and_who_decided(vera: Officer, client: Client) -> None:
    action = Action.objects.get(key="training-institutions")
    prefer(vera, action.claims.get(value="EUR 116480.34"), "The facility corrected the sheet.")
    shown = read(client, reverse("action", args=[action.key]))
    for words in (
        *("EUR 154,894.95", "EUR 116,480.34", "Factsheet of the action for training institutions"),
        *("Web page of the facility on the same action", "The facility corrected the sheet.", vera.name),
    ):
        assert words in shown, words


def test_page_leads_to_the_decision_that_is_open(vera: Officer, client: Client) -> None:
    action = Action.objects.get(key="training-institutions")
    for one in action.claims.filter(field="budget"):
        Claim.objects.filter(pk=one.pk).update(preferred=False, reason="")
    page = client.get(reverse("action", args=[action.key])).text
    first = action.claims.filter(field="budget").order_by("order")[0]
    address = reverse("claim-prefer", args=[first.pk])
    assert f'class="button main" href="{address}"' in page
    assert "nobody has decided" in page
    wanted = action.claims.get(value="EUR 116480.34")
    answer = client.post(address, {"claim": str(wanted.pk), "reason": "Newer"})
    assert answer.headers["Location"] == reverse("action", args=[action.key])
    wanted.refresh_from_db()
    assert wanted.preferred
