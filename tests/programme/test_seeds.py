"""The seeds: every line of the inventory is there, and a file that contradicts itself is refused in one sentence."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ilex.library.seeds import OURS as NEWS
from ilex.library.seeds import read_news
from ilex.programme.entries import SeedError
from ilex.programme.kinds import FindingKind
from ilex.programme.seeds import OURS, Seeds, read_seeds
from ilex.units.directory import read_directory
from ilex.words.amounts import read
from ilex.words.claims import Claim, settled

DIRECTORY = read_directory()
PLACES, ORGANISATIONS = DIRECTORY.places.keys(), DIRECTORY.organisations.keys()

# How many lines each part of the inventory has.
INVENTORY = {"S0": 39, "S1": 39, "S2": 36, "S3": 132, "S4": 27}


@pytest.fixture(scope="module")
def seeds() -> Seeds:
    return read_seeds(places=PLACES, organisations=ORGANISATIONS)


def test_every_line_of_the_inventory_stands_somewhere(seeds: Seeds) -> None:
    news = read_news(seeds, places=PLACES, organisations=ORGANISATIONS)
    expected = {f"{part}-{number:02d}" for part, count in INVENTORY.items() for number in range(1, count + 1)}
    assert seeds.lines | news.lines == expected


def test_macedonia_is_printed_as_the_sheet_did_while_the_place_is_mk(seeds: Seeds) -> None:
    action = seeds.actions["ilecu-network"]
    printed = {one.printed for one in action.involvements if one.place == "MK"}
    assert printed == {"Macedonia", "North Macedonia"}


def test_doubtful_figure_is_kept_as_printed_and_read(seeds: Seeds) -> None:
    (amount,) = seeds.actions["cross-border-crime"].amounts
    assert (amount.value, amount.printed) == ("108874.50", "EUR 108.874.50 (ISF-Police)")
    assert str(read("EUR 108.874.50").value) == amount.value


def test_budget_that_no_sheet_states_stays_unknown(seeds: Seeds) -> None:
    (amount,) = seeds.actions["joint-patrols"].amounts
    assert (amount.value, amount.currency) == ("", "")


def test_event_on_it_tools_has_two_claimed_venues_and_none_is_chosen(seeds: Seeds) -> None:
    event = seeds.activities["training-it-event"]
    place = settled(Claim(one.field, one.value, one.source or "sheet") for one in event.claims)["place"]
    assert {claim.value for claim in place.claims} == {"md-chisinau", "by-minsk"}
    assert place.value is None
    assert event.place == ""


def test_equipment_of_the_seeds_answers_a_recorded_need(seeds: Seeds) -> None:
    (asset,) = seeds.actions["ilecu-network-equipment"].assets
    assert seeds.findings[asset.need].kind == FindingKind.NEED


def test_there_are_four_actions_of_the_sheets_and_more_than_28_activities(seeds: Seeds) -> None:
    assert {"ilecu-network", "training-institutions", "cross-border-crime", "joint-patrols"} <= seeds.actions.keys()
    assert len(seeds.activities) > 28


def test_ten_items_stand_newest_first_and_two_tell_of_one_conference(seeds: Seeds) -> None:
    news = read_news(seeds, places=PLACES, organisations=ORGANISATIONS)
    published = [item.published for item in news.items.values()]
    assert len(published) == 10
    assert published == sorted(published, reverse=True)
    assert news.feed.built_at == published[0]
    assert [key for key, item in news.items.items() if "istanbul-conference" in item.about_activities] == [
        "istanbul-commitments",
        "istanbul-conference",
    ]


@pytest.mark.parametrize(
    ("file", "before", "after", "says"),
    [
        ("ilecu-network.toml", 'place = "UA"', 'place = "QQ"', "there is no place 'QQ'"),
        ("ilecu-network.toml", '"2022-01/2023-12"', '"2023-12/2022-01"', "before the beginning"),
        ("ilecu-network.toml", 'value = "454415.40"', 'value = "-454415.40"', "'value' is not right"),
        ("ilecu-network.toml", 'need = "ilecu-need-communication"', 'need = "ilecu-network-shared"', "is not a need"),
        ("ilecu-network.toml", 'organisation = "ro-police"', 'organisation = "ro-nobody"', "there is no organisation"),
        ("ilecu-network.toml", 'key = "ilecu-workshops"', 'key = "ilecu-visit-europol"', "stands again"),
        ("training-institutions.toml", 'duration = "P8M"', 'duration = "P5M"', "is not the time of"),
        ("training-institutions.toml", 'predecessor = "eap-sippap"', 'predecessor = "x"', "there is no action 'x'"),
        ("cross-border-crime.toml", 'shaped_by = "crime-mapping"', 'shaped_by = "x"', "there is no activity 'x'"),
        ("cross-border-crime.toml", 'source = "cross-border-crime-sheet"', 'source = "x"', "there is no source 'x'"),
        ("facility.toml", 'kind = "facility"', 'kind = "fund"', "'kind' is not right"),
    ],
)
def test_seed_that_contradicts_itself_is_refused_in_one_sentence(
    tmp_path: Path, file: str, before: str, after: str, says: str
) -> None:
    folder = tmp_path / "seeds"
    shutil.copytree(OURS, folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert before in text
    (folder / file).write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(SeedError, match=says):
        read_seeds(folder, places=PLACES, organisations=ORGANISATIONS)


def test_news_about_an_activity_that_nobody_knows_is_refused(tmp_path: Path, seeds: Seeds) -> None:
    folder = tmp_path / "news"
    shutil.copytree(NEWS, folder)
    path = folder / "news-2019.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('about_activities = ["sofia-roundtable"]', 'about_activities = ["x"]'), "utf-8")
    with pytest.raises(SeedError, match="there is no activity 'x'"):
        read_news(seeds, folder, places=PLACES, organisations=ORGANISATIONS)
