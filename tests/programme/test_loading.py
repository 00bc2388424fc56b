"""The seeds in the database: loaded once, found again, and nothing added the second time."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils.timezone import now

from ilex.config.keeping.programme import export_programme
from ilex.journal.actions import act
from ilex.journal.models import Line, Operation
from ilex.library.loading import load_news
from ilex.library.models import Item
from ilex.programme.kinds import SourceKind
from ilex.programme.loading import load_programme, seeds_here
from ilex.programme.models import Action, Activity, Amount, Asset, Finding, Involvement
from ilex.programme.rows import Rows
from ilex.units.actions import load_directory

INVENTORY = {"S0": 39, "S1": 39, "S2": 36, "S3": 132, "S4": 27}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _loaded() -> None:
    load_directory()
    load_programme()
    load_news()


def exported() -> list[dict[str, Any]]:
    file = io.StringIO()
    export_programme(file, "for a test")
    return [json.loads(line) for line in file.getvalue().splitlines()]


def lines_in(value: Any) -> set[str]:
    """The numbers of inventory lines anywhere in a record."""
    if isinstance(value, list):
        return set().union(*map(lines_in, value))
    if isinstance(value, dict):
        return set(value.get("lines", [])) | set().union(*map(lines_in, value.values()))
    return set()


def test_every_line_of_the_inventory_is_in_the_export() -> None:
    expected = {f"{part}-{number:02d}" for part, count in INVENTORY.items() for number in range(1, count + 1)}
    assert lines_in(exported()) == expected


def test_loading_again_adds_and_changes_nothing() -> None:
    for again in (load_programme(), load_news()):
        assert (again.added, again.changed, again.removed) == (0, 0, 0)
        assert again.same > 0


def test_seed_may_stand_on_the_public_site_only_where_its_source_is_public() -> None:
    seeds = seeds_here()
    assert {one.public for one in Rows(seeds, now()).actions()} == {True}
    letter = replace(seeds.sources["joint-patrols-sheet"], kind=SourceKind.LETTER)
    told = Rows(replace(seeds, sources={**seeds.sources, letter.key: letter}), now())
    assert {one.public for one in told.actions() if one.source_id == letter.key} == {False}
    assert {one.public for one in told.activities() if one.source_id == letter.key} == {False}


def test_loading_writes_a_line_in_the_journal() -> None:
    assert Line.objects.filter(act="programme.loaded").count() == 1
    assert Line.objects.filter(act="library.loaded").count() == 1


def test_export_prints_macedonia_as_the_sheet_did_and_names_the_place_mk() -> None:
    network = next(one for one in exported() if one.get("key") == "ilecu-network" and one["record"] == "action")
    printed = {(one["place"], one["printed"]) for one in network["involvements"] if one["place"] == "MK"}
    assert printed == {("MK", "Macedonia"), ("MK", "North Macedonia")}


def test_amounts_are_read_as_printed_and_what_is_not_stated_is_not_zero() -> None:
    amounts = {one.action.key: one for one in Amount.objects.select_related("action")}
    assert amounts["cross-border-crime"].value == Decimal("108874.50")
    assert amounts["cross-border-crime"].printed.startswith("EUR 108.874.50")
    assert amounts["joint-patrols"].value is None


def test_event_on_it_tools_stands_at_no_place_with_two_claimed() -> None:
    event = Activity.objects.get(key="training-it-event")
    assert event.place is None
    assert set(event.claims.filter(field="place").values_list("value", flat=True)) == {"md-chisinau", "by-minsk"}


def test_two_items_on_one_conference_meet_at_the_activity() -> None:
    conference = Activity.objects.get(key="istanbul-conference")
    assert set(conference.news.values_list("key", flat=True)) == {"istanbul-commitments", "istanbul-conference"}
    assert Item.objects.get(key="smuggling-meeting").activities.get().key == "crime-workshop"


def test_seed_keeps_the_id_and_the_work_of_officers() -> None:
    asset = Asset.objects.get(key="ilecu-equipment")
    with act("asset.purchased", Operation.ALTERATION, by=None, on=("asset", str(asset.pk))):
        Asset.objects.filter(pk=asset.pk).update(state=Asset.State.PURCHASED, quantity=4)
    load_programme()
    again = Asset.objects.get(key="ilecu-equipment")
    assert (again.pk, again.state, again.quantity) == (asset.pk, Asset.State.PURCHASED, 4)


def test_database_takes_no_asset_whose_need_is_no_need() -> None:
    lesson = Finding.objects.get(key="ilecu-network-shared")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS programme_asset_need_is_need IMMEDIATE")
    with pytest.raises(IntegrityError), transaction.atomic():
        Asset.objects.filter(key="ilecu-equipment").update(need=lesson)


def test_database_takes_no_involvement_of_nobody_or_in_two_things() -> None:
    action, activity = Action.objects.get(key="mpf"), Activity.objects.get(key="crime-workshop")
    for wrong in ({"action": action}, {"action": action, "activity": activity, "place_id": "RS"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Involvement.objects.create(role="partner", **wrong)
