"""Bad input gets one clear sentence, and leaves everything as it was: no row, and no line in the journal."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from ilex.journal.models import Line
from ilex.programme.actions.actions import Money, add_action, change_action, set_amounts, set_objectives, write_text
from ilex.programme.actions.claims import add_source, claim
from ilex.programme.actions.findings import note_finding, remark
from ilex.programme.actions.involving import involve
from ilex.programme.models import Action
from ilex.programme.rules.errors import Invalid
from ilex.units.models import Officer

pytestmark = pytest.mark.django_db

Verb = Callable[[Officer, Action], Any]

BAD: dict[str, tuple[Verb, str]] = {
    "unknown country": (lambda o, a: involve(o, a, role="country", place="QQ"), "There is no place “QQ”"),
    "unknown organisation": (lambda o, a: involve(o, a, role="partner", organisation="x"), "no organisation “x”"),
    "unknown role": (lambda o, a: involve(o, a, role="boss", place="RS"), "Choose one from the list"),
    "nobody": (lambda o, a: involve(o, a, role="country"), "Choose one place"),
    "two at once": (lambda o, a: involve(o, a, role="country", place="RS", organisation="ilecu-rs"), "Choose one"),
    "taken part": (lambda o, a: involve(o, a, role="partner", place="HU"), "taken already"),
    "name without a function": (lambda o, a: involve(o, a, role="speaker", name="Ceca"), "in which function"),
    "end before start": (lambda o, a: change_action(o, a, when="2020-05/2019-01"), "before the beginning"),
    "no date": (lambda o, a: change_action(o, a, when="soon"), "Write the date"),
    "day that does not exist": (lambda o, a: change_action(o, a, when="2019-02-30"), "no date 2019-02-30"),
    "length that does not fit": (
        lambda o, a: change_action(o, a, when="2019-01/2019-03", duration="P8M"),
        "does not lie between",
    ),
    "no title": (lambda o, a: change_action(o, a, title="  "), "Give the action a title"),
    "title too long": (lambda o, a: add_action(o, title="x" * 301, kind="project"), "too long"),
    "letter that cannot be kept": (lambda o, a: add_action(o, title="a\0b", kind="project"), "cannot be kept"),
    "unknown kind": (lambda o, a: add_action(o, title="x", kind="adventure"), "from the list"),
    "part of itself": (lambda o, a: change_action(o, a, parent=a), "part of itself"),
    "theme with blanks": (lambda o, a: change_action(o, a, themes=["two words"]), "is not a theme"),
    "negative amount": (lambda o, a: set_amounts(o, a, [Money("total", Decimal(-1), "EUR")]), "less than zero"),
    "amount without a currency": (lambda o, a: set_amounts(o, a, [Money("total", Decimal(1))]), "not a currency"),
    "amount that is no number": (
        lambda o, a: set_amounts(o, a, [Money("total", Decimal("NaN"), "EUR")]),
        "in figures",
    ),
    "one good and one bad amount": (
        lambda o, a: set_amounts(o, a, [Money("total", Decimal(1), "EUR"), Money("gift", Decimal(1), "EUR")]),
        "from the list",
    ),
    "empty objective": (lambda o, a: set_objectives(o, a, [("overall", "Good"), ("overall", " ")]), "Write the obj"),
    "text in its own language": (lambda o, a: write_text(o, a, language="en", title="x"), "own language"),
    "claim without a source": (
        lambda o, a: claim(o, a, field="when", value="2019", source="nowhere"),
        "There is no source",
    ),
    "claim that cannot be read": (
        lambda o, a: claim(o, a, field="budget", value="a lot", source="sheet-of-the-donor"),
        "currency",
    ),
    "claim about nothing known": (
        lambda o, a: claim(o, a, field="colour", value="red", source="sheet-of-the-donor"),
        "from the list",
    ),
    "claim on the name of nobody": (
        lambda o, a: claim(o, a, field="name-of:QQ", value="Q", source="sheet-of-the-donor"),
        "from the list",
    ),
    "source without https": (
        lambda o, a: add_source(o, title="x", kind="page", url="javascript:alert(1)"),
        "https://",
    ),
    "finding at an unknown place": (
        lambda o, a: note_finding(o, a, kind="need", text="Radios", places=["RS", "QQ"]),
        "There is no place “QQ”",
    ),
    "finding that is no number": (
        lambda o, a: note_finding(o, a, kind="figure", text="Many", quantity="lots"),
        "begin with a number",
    ),
    "empty remark": (lambda o, a: remark(o, a, kind="rule", text=" "), "Write the remark"),
}


def rows() -> dict[str, int]:
    """How many rows every table of the room has, and the journal."""
    models: list[type[Model]] = [*apps.get_app_config("programme").get_models(), Line]
    return {model._meta.label: model._default_manager.count() for model in models}


@pytest.fixture
def action(vera: Officer) -> Action:
    """With a partner, a source and a title."""
    made = add_action(vera, title="Joint training", kind="project", when="2019")
    involve(vera, made, role="partner", place="HU")
    add_source(vera, title="Sheet of the donor", kind="factsheet")
    return Action.objects.select_related("parent").get(pk=made.pk)


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_told_in_one_sentence_and_changes_nothing(name: str, vera: Officer, action: Action) -> None:
    verb, says = BAD[name]
    before, columns = rows(), Action.objects.values().get(pk=action.pk)
    with pytest.raises(Invalid) as refused:
        verb(vera, action)
    [sentence] = refused.value.fields.values()
    assert says in sentence
    assert rows() == before
    assert Action.objects.values().get(pk=action.pk) == columns


@pytest.mark.parametrize(
    ("route", "typed", "says"),
    [
        ("action-edit", {"title": "x", "kind": "project", "begins": "2020", "ends": "2019"}, "before the beginning"),
        ("action-edit", {"title": "x", "kind": "project", "begins": "2020-13"}, "There is no date 2020-13"),
        ("action-edit", {"title": "x", "kind": "project", "parent": "no such thing"}, "There is no action"),
        ("action-involve", {"role": "country", "place": "QQ"}, "QQ"),
        ("action-claim", {"field": "when", "value": "2019"}, "Choose the source"),
        ("action-finding", {"kind": "need", "text": ""}, "This field is required"),
        (
            "action-amounts",
            {
                "amounts-TOTAL_FORMS": "1",
                "amounts-INITIAL_FORMS": "0",
                "amounts-0-role": "total",
                "amounts-0-figure": "-5",
                "amounts-0-currency": "EUR",
            },
            "less than zero",
        ),
        ("action-amounts", {"amounts-TOTAL_FORMS": "1000000"}, "at most 40"),
    ],
)
def test_bad_form_is_told_in_one_sentence_and_changes_nothing(
    route: str, typed: dict[str, str], says: str, vera: Officer, action: Action, client: Client
) -> None:
    client.force_login(vera)
    address = reverse(route, args=[action.key])
    client.get(address)  # signs and preferences are written by now
    before = rows()
    answer = client.post(address, typed)
    assert answer.status_code == 422
    assert says in answer.text
    assert rows() == before


def test_script_in_a_text_is_shown_as_text(vera: Officer, action: Action, client: Client) -> None:
    remark(vera, action, kind="rule", text="<script>alert(1)</script>")
    client.force_login(vera)
    page = client.get(reverse("action", args=[action.key])).text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
