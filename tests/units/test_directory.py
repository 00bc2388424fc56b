from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.db.models import Model

from ilex.units.actions import load_directory
from ilex.units.directory import OURS, DirectoryError, read_directory
from ilex.units.models import Agreement, Contact, Membership, Organisation, OrganisationName, Place, PlaceName
from ilex.words.law import MARKS

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped directory, to be spoiled."""
    return Path(shutil.copytree(OURS, tmp_path / "directory"))


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def snapshot() -> list[object]:
    tables: list[type[Model]] = [Place, PlaceName, Membership, Organisation, OrganisationName, Contact, Agreement]
    return [list(table._default_manager.order_by("pk").values()) for table in tables]


def test_loading_twice_changes_nothing() -> None:
    first = load_directory()
    before = snapshot()
    second = load_directory()
    assert first.added > 900
    assert (second.added, second.changed, second.removed) == (0, 0, 0)
    assert second.same == first.added
    assert snapshot() == before


def test_a_changed_entry_changes_its_row_alone(folder: Path) -> None:
    load_directory(folder)
    change(folder / "organisations" / "units.toml", 'acronym = "ILECC"', 'acronym = "ILECC-GE"')
    counts = load_directory(folder)
    assert (counts.added, counts.changed, counts.removed) == (0, 1, 0)
    assert Organisation.objects.get(id="ilecu-ge").acronym == "ILECC-GE"


def test_a_name_that_its_file_no_longer_holds_goes(folder: Path) -> None:
    load_directory(folder)
    change(folder / "places" / "network.toml", 'hu = "Grúzia"', 'hu = "Georgia"')
    counts = load_directory(folder)
    assert (counts.added, counts.changed, counts.removed) == (1, 0, 1)
    assert PlaceName.objects.get(place="GE", language="hu").text == "Georgia"


def test_a_party_that_left_an_agreement_goes(folder: Path) -> None:
    load_directory(folder)
    change(folder / "agreements.toml", 'parties = ["PCC-SEE"]', 'parties = ["RS", "MK"]')
    load_directory(folder)
    assert {place.code for place in Agreement.objects.get(id="pcc-see").parties.all()} == {"RS", "MK"}


def test_what_a_unit_entered_itself_stays(folder: Path) -> None:
    load_directory(folder)
    Contact.objects.create(organisation_id="ilecu-rs", kind="telephone", value="+381 11 000 000")
    assert load_directory(folder).removed == 0
    assert Contact.objects.filter(organisation="ilecu-rs").exists()


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        ("organisations/units.toml", 'place = "RS"', 'place = "YU"', "organisation 'ilecu-rs': the place 'YU'"),
        (
            "organisations/units.toml",
            '"guam", "liaison"]',
            '"pigeon"]',
            "organisation 'ilecu-ge': the channel 'pigeon'",
        ),
        ("organisations/units.toml", 'id = "ilecu-mk"', 'id = "ilecu-hu"', "organisation 'ilecu-hu': stands again"),
        ("organisations/units.toml", 'mark = "S"', 'mark = "Z"', "organisations 'ilecu-ge': 'mark' is not right"),
        (
            "organisations/units.toml",
            'id = "ilecu-mk"',
            'id = "ilecu-mk"\ncolour = "red"',
            "'colour' is not a known key",
        ),
        (
            "organisations/national.toml",
            'parent = "mk-interior"',
            'parent = "mk"',
            "'mk-border-affairs': the parent 'mk'",
        ),
        (
            "organisations/international.toml",
            'id = "icmpd"\n',
            'id = "icmpd"\nparent = "mpf"\n',
            "organisation 'icmpd': it stands above itself",
        ),
        ("places/network.toml", 'zone = "Europe/Skopje"', 'zone = "Europe/Macedonia"', "place 'MK': the time zone"),
        (
            "places/network.toml",
            'code = "HU"\nkind = "state"',
            'code = "HU"\nkind = "planet"',
            "'HU': 'kind' is not right",
        ),
        ("places/network.toml", 'code = "HU"\nkind', 'code = "HU"\nparent = "AH"\nkind', "place 'HU': the parent 'AH'"),
        ("places/network.toml", "until = 2019-02-12", "until = 2020-02-12", "place 'MK': two short names in 'en'"),
        ("places/network.toml", "until = 2019-02-12", 'until = "2019"', "places 'MK', names 3: 'until' is not right"),
        ("places/partners.toml", 'en = "Kosovo"', 'fr = "Kosovo"', "place 'XK': there is no short English name"),
        ("places/groups.toml", '["DK", "IE"]', '["IE", "IE"]', "place 'EU': IE, 1973-01-01 stands twice"),
        ("places/groups.toml", "until = 2020-02-01", "until = 1970-01-01", "place 'EU': 1973-01-01 is not before"),
        ("places/groups.toml", '["DK", "IE"]', '["DK", "IR"]', "place 'EU': the member 'IR'"),
        (
            "agreements.toml",
            'profile = "bilateral"',
            'profile = "trilateral"',
            "agreement 'pcc-see': there is no legal",
        ),
        ("agreements.toml", 'parties = ["PCC-SEE"]', 'parties = ["PCC"]', "agreement 'pcc-see': the party 'PCC'"),
        ("agreements.toml", '["PCC-SEE"]', '["RS", "RS"]', "agreement 'pcc-see': RS stands twice"),
        ("agreements.toml", "since = 2008-12-19", "since = 2028-12-19", "agreement 'fd-2006-960': 2028-12-19 is not"),
        ("agreements.toml", "[[agreements]]", "[agreements", "is not readable TOML"),
    ],
)
def test_a_broken_file_is_refused_with_file_and_entry_and_changes_nothing(
    folder: Path, file: str, old: str, new: str, complaint: str
) -> None:
    load_directory(folder)
    before = snapshot()
    change(folder / file, old, new)
    with pytest.raises(DirectoryError) as refused:
        load_directory(folder)
    assert str(refused.value).startswith(file)
    assert complaint in str(refused.value)
    assert snapshot() == before


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DirectoryError, match="no directory files"):
        load_directory(tmp_path)


def test_the_seven_units_of_the_network_have_ids_that_never_change() -> None:
    directory = read_directory()
    network = {"ilecu-ge", "ilecu-hu", "ilecu-mk", "ilecu-md", "ilecu-ro", "ilecu-rs", "ilecu-ua"}
    assert {id for id, row in directory.organisations.items() if "node" in row.channels} == network | {"practice"}
    places = {directory.organisations[id].place for id in network}
    assert {place for rows in directory.places["ILECU"].members for place in rows.places} == places


def test_one_acronym_stands_for_two_units() -> None:
    directory = read_directory()
    both = {id for id, row in directory.organisations.items() if row.acronym == "ILECC"}
    assert both == {"ilecu-ge", "ilecu-hu"}


def test_every_unit_accepts_english() -> None:
    rows = read_directory().organisations.values()
    assert all("en" in row.languages for row in rows if row.kind == Organisation.Kind.UNIT)


def test_the_practice_partner_is_marked_as_invented() -> None:
    directory = read_directory()
    practice = directory.organisations["practice"]
    assert practice.mark == "O"
    assert "invented" in practice.source
    assert practice.place == "XP"
    assert "invented" in directory.places["XP"].names[0].texts["en"]
    assert {id for id, row in directory.organisations.items() if row.mark == "O"} == {"practice"}


def test_everything_carries_a_source_and_a_mark() -> None:
    directory = read_directory()
    marked = [(row.source, row.mark) for row in directory.organisations.values()]
    marked += [(row.source, row.mark) for row in directory.agreements.values()]
    assert all(source and mark in MARKS for source, mark in marked)
    for place in directory.places.values():
        assert all(names.source for names in place.names)
        assert all(members.mark in MARKS for members in place.members)


def test_only_contacts_that_a_source_states_are_shipped() -> None:
    rows = read_directory().organisations.values()
    assert all(contact.source for row in rows for contact in row.contacts)
    assert not any(row.contacts for row in rows if row.kind == Organisation.Kind.UNIT)
