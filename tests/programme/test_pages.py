"""The pages of actions: everything that is on file is shown, and written through forms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from ilex.programme.actions.actions import add_action
from ilex.programme.actions.activities import add_activity
from ilex.programme.loading import load_programme
from ilex.programme.models import (
    Action,
    Activity,
    Amount,
    Asset,
    Claim,
    Finding,
    Involvement,
    Objective,
    Outcome,
    Remark,
    Session,
    Source,
)
from ilex.programme.queries.pages import SHOWN
from ilex.programme.queries.people import Names
from ilex.programme.queries.values import claimed
from ilex.units.actions import load_directory
from ilex.units.models import Officer, Organisation
from tests.programme.shown import plain, read

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _signed_in(vera: Officer, client: Client) -> None:
    load_directory()
    load_programme()
    client.force_login(vera)


def said(row: Any, names: Names) -> Iterator[str]:
    """The words by which a reader finds this row."""
    match row:
        case Involvement():
            yield names.who(row).shown
            yield row.note
        case Claim():
            yield row.printed or claimed(row.field, row.value, names)
        case Amount():
            yield row.printed or row.note
        case Session():
            yield row.title
        case Source():
            yield row.title
            yield " · ".join(row.layout)
        case Action() | Activity():
            yield row.title
            yield row.title_printed
            yield row.printed
            yield from getattr(row, "topics", ())
            yield from getattr(row, "levels", ())
            yield getattr(row, "text", "") or getattr(row, "summary", "")
        case Asset() | Finding() | Objective() | Outcome() | Remark():
            yield row.text
        case _:
            raise AssertionError(row)


def page_of(row: Any, sources: dict[str, str]) -> str:
    """The address at which it has to stand."""
    if isinstance(row, Source):
        return sources[row.key]
    if isinstance(row, Action):
        return reverse("action", args=[row.key])
    if isinstance(row, Activity):
        return reverse("activity", args=[row.key])
    about = getattr(row, "action", None) or getattr(row, "activity", None)
    return page_of(about, sources) if about else sources[row.of_id]


def carriers() -> Iterator[Any]:
    """All rows of the programme that carry a line of the inventory."""
    yield from Source.objects.exclude(lines=[])
    for model in (Action, Activity):
        yield from model._default_manager.exclude(lines=[])
    yield from Involvement.objects.exclude(lines=[]).select_related("action", "activity", "person")
    for about in (Claim, Finding, Remark):
        yield from about._default_manager.exclude(lines=[]).select_related("action", "activity")
    for of_action in (Amount, Objective, Asset):
        yield from of_action._default_manager.exclude(lines=[]).select_related("action")
    for of_activity in (Session, Outcome):
        yield from of_activity._default_manager.exclude(lines=[]).select_related("activity")


def test_every_line_of_the_inventory_is_found_on_a_page(client: Client) -> None:
    organisations = Organisation.objects.values_list("pk", flat=True)
    names = Names.read("en", organisations)
    sources = {one.source_id or "": page_of(one, {}) for one in Action.objects.exclude(source=None)}
    wanted: dict[str, list[Any]] = defaultdict(list)
    for row in carriers():
        wanted[page_of(row, sources)].append(row)
    missing = []
    for address, rows in wanted.items():
        shown = read(client, address)
        missing += [
            (address, words, row.lines)
            for row in rows
            for words in map(plain, filter(None, said(row, names)))
            if words not in shown
        ]
    assert missing == []


def test_what_is_not_stated_says_so(client: Client) -> None:
    patrols = read(client, reverse("action", args=["joint-patrols"]))
    assert "Budget not stated · The sheet states no budget." in patrols
    network = read(client, reverse("action", args=["ilecu-network"]))
    assert "status not stated" in network
    assert "date not stated" in network
    assert " 0.00" not in patrols + network


def test_sheet_is_shown_as_it_printed_with_our_names_and_footnotes_beside_it(client: Client) -> None:
    network = read(client, reverse("action", args=["ilecu-network"]))
    assert "Macedonia as printed; our name: North Macedonia" in network
    patrols = read(client, reverse("action", args=["joint-patrols"]))
    assert "* Kosovo: " in patrols
    crime = read(client, reverse("action", args=["cross-border-crime"]))
    assert "EUR 108,874.50" in crime
    assert "printed: EUR 108.874.50 (ISF-Police)" in crime
    assert "could be read otherwise" in crime


def test_facility_adds_up_what_is_known_and_counts_what_is_not(client: Client) -> None:
    facility = read(client, reverse("action", args=["mpf"]))
    assert "Budgets of its parts EUR 718,184.85" in facility


def test_list_shows_actions_by_filter_and_leafs_to_the_next(client: Client) -> None:
    for query, found in (("q=ilecu", "International Law"), ("place=XK", "Building the cap"), ("kind=facility", "MPF")):
        assert found in read(client, f"{reverse('actions')}?{query}"), query
    assert "No action stands here" in read(client, f"{reverse('actions')}?q=nothingofthekind")
    text = reverse("action-text", args=["ilecu-network"])
    assert client.get(f"{text}?language=%00").status_code == 200
    for strange in ("year=99999", "kind=x", "after=x", "after=2019-02-01.x", "place=QQ", "q=%00"):
        assert client.get(f"{reverse('actions')}?{strange}").status_code == 200, strange


def test_action_is_added_and_changed_by_its_forms(client: Client) -> None:
    typed: dict[str, object] = {
        "title": "Joint training",
        "kind": "component",
        "language": "en",
        "parent": "MPF",
        "begins": "2027-02",
    }
    typed |= {"ending": "..", "themes": ["training"], "length": "", "length_unit": ""}
    answer = client.post(reverse("action-new"), typed)
    action = Action.objects.get(title="Joint training")
    assert answer.headers["Location"] == reverse("action", args=[action.key])
    assert (action.when, action.parent_id) == ("2027-02/..", Action.objects.get(key="mpf").pk)
    edit = reverse("action-edit", args=[action.key])
    assert 'value="2027-02"' in client.get(edit).text
    again = client.post(edit, {**typed, "ends": "2028-03", "ending": "", "version": "1", "title": "Joint trainings"})
    assert again.status_code == 302
    action.refresh_from_db()
    assert (action.when, action.title, action.version) == ("2027-02/2028-03", "Joint trainings", 2)
    late = client.post(edit, {**typed, "version": "1"})
    assert late.status_code == 422
    assert "Somebody else changed this" in late.text


def test_lines_of_amounts_are_kept_and_a_doubtful_figure_is_confirmed_first(client: Client) -> None:
    action = Action.objects.get(key="sdc-curriculum")
    address = reverse("action-amounts", args=[action.key])
    sheet = {"amounts-TOTAL_FORMS": "1", "amounts-INITIAL_FORMS": "0"}
    typed = {**sheet, "amounts-0-role": "total", "amounts-0-figure": "1.234", "amounts-0-currency": "chf"}
    refused = client.post(address, typed)
    assert refused.status_code == 422
    assert "can be read in more than one way" in refused.text
    assert not action.amounts.exists()
    assert client.post(address, {**typed, "amounts-0-sure": "on"}).status_code == 302
    amount = action.amounts.get()
    assert (str(amount.value), amount.currency) == ("1234.00", "CHF")


def test_everything_is_said_by_its_own_small_page(client: Client) -> None:
    action = Action.objects.get(key="sdc-curriculum")
    back = reverse("action", args=[action.key])

    def post(name: str, key: object = action.key, **typed: object) -> None:
        answer = client.post(reverse(name, args=[key]), typed)
        assert answer.status_code == 302, (name, answer.text)
        assert answer.headers["Location"] == back, name

    post("action-involve", role="partner", organisation="ilecu-rs", note="Since the second year")
    post("action-finding", kind="need", text="Trainers who speak both languages")
    post("action-remark", kind="rule", text="Two trainers in each room")
    post("action-claim", field="when", value="2010/2012", new_title="Minutes of 2012", new_kind="letter")
    post("action-text", language="sr", title="Ранији пројекат")
    post(
        "action-objectives",
        **{"objectives-TOTAL_FORMS": "1", "objectives-INITIAL_FORMS": "0"},
        **{"objectives-0-level": "overall", "objectives-0-text": "A curriculum for all"},
    )
    post("finding-settle", action.findings.get(kind="need").pk, why="Six were found")
    post("involvement-release", action.involvements.get(role="partner").pk, reason="Moved on")
    shown = read(client, back)
    for words in (
        *("Since the second year", "Ended", "Trainers who speak both languages", "Six were found"),
        *("Two trainers in each room", "2010 to 2012", "Minutes of 2012", "A curriculum for all"),
    ):
        assert words in shown, words


def test_wrong_form_says_one_sentence_and_keeps_what_was_typed(client: Client) -> None:
    action = Action.objects.get(key="sdc-curriculum")
    answer = client.post(reverse("action-involve", args=[action.key]), {"role": "partner", "note": "kept words"})
    assert answer.status_code == 422
    assert "Choose one place, or one organisation, or say a function." in answer.text
    assert "kept words" in answer.text


@pytest.mark.parametrize("name", ["amounts", "objectives"])
def test_lines_that_a_colleague_wrote_meanwhile_are_not_written_over(client: Client, name: str) -> None:
    action = Action.objects.get(key="sdc-curriculum")
    address = reverse(f"action-{name}", args=[action.key])
    sheet = {f"{name}-TOTAL_FORMS": "0", f"{name}-INITIAL_FORMS": "0", "version": str(action.version)}
    assert client.post(address, sheet).status_code == 302
    late = client.post(address, sheet)
    assert late.status_code == 422
    assert "Somebody else changed this" in late.text


def test_page_shows_some_of_very_many_and_leads_to_the_others(vera: Officer, client: Client) -> None:
    action = add_action(vera, title="Much going on", kind="project")
    for number in range(SHOWN + 1):
        add_activity(vera, title=f"Meeting {number:03}", kind="meeting", when="2027-03-01", action=action)
    said = client.get(f"/actions/{action.key}/").content.decode()
    assert said.count("Meeting ") == SHOWN
    assert f'href="/calendar/?action={action.key}"' in said
