"""Actions as IATI 2.03: valid by the schema of the standard, and to the cent."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilex.programme.iati import SCHEMA, activities_xml, validate, why_not
from ilex.programme.loading import load_programme
from ilex.programme.models import Action, Involvement
from ilex.programme.queries.outward import told as told_of
from ilex.programme.rules.years import by_years
from ilex.units.actions import load_directory
from ilex.units.models import Organisation

DIGESTS = {
    "iati-activities-schema.xsd": "0bf6d822f71fb44e607a7ad0b9894d283a01f761657e6c0b4d0269ac77bff724",
    "iati-common.xsd": "150426c82d52eec4458a48b0a7e824f067fd5a45ae8ecf228286d7daea48b767",
    "xml.xsd": "61960fb3131e38022caad5360e2f33a3382578ab3c80cd58bd74320ede61b20c",
}
SHEETS = ("ilecu-network", "training-institutions", "cross-border-crime", "joint-patrols")


@pytest.fixture
def programme(house: Organisation) -> None:
    load_directory()
    load_programme()


@pytest.mark.django_db
def test_iati_names_only_relatives_that_may_be_told_and_nobody_who_said_no(programme: None) -> None:
    network = Action.objects.get(key="ilecu-network")
    assert network.parent is not None
    before = told("ilecu-network")
    related = {one.get("ref", "")[-36:] for one in before.findall("related-activity")}
    assert related == {str(network.parent.pk), *(str(one.pk) for one in network.parts.all())}
    Action.objects.filter(parent=network).update(public=False)
    Involvement.objects.filter(action=network, organisation__name="Romanian Police").update(state="declined")
    again = told("ilecu-network")
    assert [one.get("ref", "")[-36:] for one in again.findall("related-activity")] == [str(network.parent.pk)]
    named = [{one.findtext("narrative") for one in told.findall("participating-org")} for told in (before, again)]
    assert named[0] - named[1] == {"Romanian Police"}


def told(key: str) -> Element:
    found = fromstring(activities_xml([Action.objects.get(key=key)], "en")).find("iati-activity")  # noqa: S314  # ours
    assert found is not None
    return found


def test_schemas_are_those_of_the_standard() -> None:
    found = {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in SCHEMA.parent.glob("*.xsd")}
    assert found == DIGESTS


@pytest.mark.django_db
def test_iati_of_all_seeds_validates(programme: None) -> None:
    actions = list(Action.objects.order_by("key"))
    tellable = [one for one in actions if not why_not(told_of(one))]
    assert set(SHEETS) <= {one.key for one in tellable}
    xml = activities_xml(actions, "en")
    assert validate(xml) == []
    assert xml.count(b"<iati-activity ") == len(tellable)


@pytest.mark.django_db
def test_action_without_a_date_says_why_it_cannot_be_told(programme: None) -> None:
    silent = Action.objects.get(key="eap-sippap")
    assert why_not(told_of(silent)) == "IATI asks for a date, and nobody states when this action is."
    with pytest.raises(ValueError, match="None of these actions can be told as IATI"):
        activities_xml([silent], "en")


@pytest.mark.django_db
def test_months_become_days_and_say_how_they_were_given(programme: None) -> None:
    dates = told("training-institutions").findall("activity-date")
    assert [(one.get("iso-date"), one.get("type")) for one in dates] == [("2017-09-01", "2"), ("2018-04-30", "4")]
    assert {one.findtext("narrative") for one in dates} == {"given as: September 2017 – April 2018"}


@pytest.mark.django_db
def test_budget_over_two_years_adds_up_to_the_cent(programme: None) -> None:
    budgets = told("training-institutions").findall("budget")
    starts = [one.find("period-start").get("iso-date") for one in budgets]  # type: ignore[union-attr]
    values = [Decimal(one.findtext("value") or "") for one in budgets]
    assert starts == ["2017-09-01", "2018-01-01"]
    assert sum(values) == Decimal("154894.95")


@pytest.mark.django_db
def test_unknown_budget_is_no_element_and_unknown_status_is_explained(programme: None) -> None:
    assert told("joint-patrols").findall("budget") == []
    kinds = {one.get("type"): one.findtext("narrative") for one in told("ilecu-network").findall("description")}
    assert "No source states the status" in (kinds["4"] or "")


@pytest.mark.django_db
def test_kosovo_stands_by_code_with_our_words(programme: None) -> None:
    found = {one.get("code"): one.findtext("narrative") for one in told("joint-patrols").findall("recipient-country")}
    assert "Kosovo" in (found["XK"] or "")


def test_what_is_not_iati_is_refused_with_sentences() -> None:
    assert validate(b"<iati-activities version='2.03'/>")
    assert validate(b"<broken")


@given(st.decimals(0, 10**9, places=2), st.dates(date(2000, 1, 1), date(2040, 12, 31)), st.integers(0, 4000))
def test_shares_of_years_add_up_and_leave_no_day_out(value: Decimal, first: date, days: int) -> None:
    last = date.fromordinal(first.toordinal() + days)
    shares = by_years(value, first, last)
    assert sum(one.value for one in shares) == value
    assert all(one.value >= 0 and one.first.year == one.last.year for one in shares)
    assert sum((one.last - one.first).days + 1 for one in shares) == days + 1
