from __future__ import annotations

from datetime import date

import pytest

from ilex.units import queries
from ilex.units.actions import add_officer, change_officer
from ilex.units.models import Agreement, Organisation, Place, PlaceName
from ilex.units.queries import NotInDirectory

pytestmark = pytest.mark.usefixtures("directory")

BEFORE, AFTER = date(2019, 2, 11), date(2019, 2, 12)


@pytest.mark.parametrize(
    ("one", "other", "profile"),
    [
        ("ilecu-rs", "ilecu-hu", "bilateral"),
        ("ilecu-hu", "ilecu-ro", "eu-2023-977"),
        ("ilecu-rs", "ilecu-mk", "bilateral"),
        ("ilecu-hu", "ilecu-ua", "bilateral"),
        ("ilecu-ge", "ilecu-ua", "bilateral"),
        ("ilecu-ro", "spoc-bg", "eu-2023-977"),
        ("ilecu-rs", "practice", "bilateral"),
    ],
)
def test_the_profile_between_two_units(one: str, other: str, profile: str) -> None:
    assert queries.profile_between(one, other, date(2026, 3, 1)) == profile
    assert queries.profile_between(other, one, date(2026, 3, 1)) == profile
    assert queries.profile_between(queries.unit(one), queries.unit(other), date(2026, 3, 1)) == profile


def test_old_cases_run_by_the_framework_decision() -> None:
    assert queries.profile_between("ilecu-hu", "ilecu-ro", date(2024, 12, 11)) == "fd-2006-960"
    assert queries.profile_between("ilecu-hu", "ilecu-ro", date(2024, 12, 12)) == "eu-2023-977"


def test_the_agreement_says_why_the_profile_holds() -> None:
    convention = queries.agreement_between("ilecu-rs", "ilecu-hu", date(2026, 3, 1))
    assert convention is not None
    assert convention.id == "pcc-see"
    assert queries.agreement_between("ilecu-rs", "ilecu-hu", date(2011, 12, 31)) is None
    assert queries.agreement_between("ilecu-ge", "ilecu-rs", date(2026, 3, 1)) is None


def test_an_agreement_of_a_group_binds_its_members() -> None:
    assert [bound.id for bound in queries.agreements_of("HU", date(2026, 3, 1))] == ["eu-2023-977", "pcc-see"]
    assert [bound.id for bound in queries.agreements_of("RS", date(2026, 3, 1))] == ["pcc-see"]
    assert list(queries.agreements_of("UA", date(2026, 3, 1))) == []


def test_an_agreement_of_two_states_with_a_lower_rank_goes_first() -> None:
    treaty = Agreement.objects.create(id="hu-ro", title="A treaty", profile="bilateral", rank=5, source="x", mark="O")
    treaty.parties.set(Place.objects.filter(code__in=["HU", "RO"]))
    assert queries.profile_between("ilecu-hu", "ilecu-ro") == "bilateral"
    assert queries.profile_between("ilecu-hu", "spoc-bg") == "eu-2023-977"


@pytest.mark.parametrize(
    ("group", "day", "member", "belongs"),
    [
        ("PCC-SEE", date(2011, 12, 31), "HU", False),
        ("PCC-SEE", date(2012, 1, 1), "HU", True),
        ("PCC-SEE", date(2026, 1, 1), "GE", False),
        ("EU", date(2006, 12, 31), "RO", False),
        ("EU", date(2007, 1, 1), "RO", True),
        ("EU", date(2020, 1, 31), "GB", True),
        ("EU", date(2020, 2, 1), "GB", False),
        ("EU", date(2026, 1, 1), "RS", False),
        ("WB", date(2026, 1, 1), "XK", True),
        ("EAP", date(2026, 1, 1), "UA", True),
        ("MP", date(2009, 11, 29), "GE", False),
        ("MP", date(2009, 11, 30), "GE", True),
    ],
)
def test_who_belongs_to_a_group_depends_on_the_day(group: str, day: date, member: str, belongs: bool) -> None:
    assert (member in {place.code for place in queries.members(group, day)}) is belongs
    assert (group in {place.code for place in queries.groups_of(member, day)}) is belongs


def test_groups_are_as_large_as_the_sources_say() -> None:
    sizes = {
        group: queries.members(group, date(2026, 1, 1)).count() for group in ("EU", "PCC-SEE", "WB", "ILECU", "GUAM")
    }
    assert sizes == {"EU": 27, "PCC-SEE": 11, "WB": 6, "ILECU": 7, "GUAM": 4}


@pytest.mark.parametrize(
    ("language", "style", "day", "text"),
    [
        ("en", "short", AFTER, "North Macedonia"),
        ("en", "short", BEFORE, "the former Yugoslav Republic of Macedonia"),
        ("en", "official", AFTER, "Republic of North Macedonia"),
        ("mk", "short", AFTER, "Северна Македонија"),
        ("mk", "official", BEFORE, "Република Македонија"),
        ("sr-latn", "short", AFTER, "Severna Makedonija"),
        ("hu", "official", AFTER, "Észak-Macedónia"),  # no official one in Hungarian: its short one
        ("fr", "official", AFTER, "Republic of North Macedonia"),  # nothing in French: the English one
    ],
)
def test_a_name_depends_on_language_style_and_day(language: str, style: str, day: date, text: str) -> None:
    assert queries.place_name("MK", language, style, day).text == text
    assert queries.place_names(language, style, day)["MK"].text == text


def test_printed_forms_of_the_sources_are_kept() -> None:
    printed = PlaceName.objects.filter(style="printed")
    assert {name.text for name in printed.filter(place="MK")} == {
        "Macedonia",
        "North Macedonia",
        "Republic of North Macedonia",
        "the Former Yugoslav Republic of Macedonia",
    }
    assert {name.text for name in printed.filter(place="MD")} == {"Moldova", "Republic of Moldova", "Rep of Moldova"}


def test_kosovo_carries_its_footnote_in_every_language() -> None:
    names = PlaceName.objects.filter(place="XK", style="short")
    assert names.count() == 10
    assert all("1244" in name.footnote and "ICJ" in name.footnote for name in names)
    assert queries.place_name("XK", "sr").footnote == queries.place_name("XK", "en").footnote


def test_the_places_of_the_seven_units_have_names_in_all_page_languages() -> None:
    for language in ("en", "sr", "sr-latn", "mk", "ro", "uk", "ka", "hy", "hu", "sq"):
        names = queries.place_names(language)
        assert all(names[code].language == language for code in ("GE", "HU", "MK", "MD", "RO", "RS", "UA", "XP"))


def test_here_is_the_unit_of_this_node() -> None:
    assert queries.here().id == "ilecu-rs"
    assert queries.here().place_id == "RS"


def test_units_are_units_only() -> None:
    assert {unit.kind for unit in queries.units()} == {Organisation.Kind.UNIT}


@pytest.mark.parametrize(
    "look",
    [
        lambda: queries.unit("ilecu-yu"),
        lambda: queries.unit("europol"),
        lambda: queries.members("NATO"),
        lambda: queries.members("RS"),
        lambda: queries.place_name("YU", "en"),
        lambda: queries.profile_between("ilecu-rs", "ilecu-yu"),
    ],
)
def test_what_the_directory_does_not_hold_gets_a_sentence(look: object) -> None:
    assert callable(look)
    with pytest.raises(NotInDirectory, match=r"^There is no .*\.$"):
        look()


def test_names_of_organisations_fall_back_to_english() -> None:
    migration = Organisation.objects.get(id="iom")
    assert queries.organisation_name(migration, "fr") == "Organisation internationale pour les migrations"
    assert queries.organisation_name(migration, "sr") == "International Organization for Migration"


def test_officers_with_a_role_are_those_who_are_still_here() -> None:
    ana = add_officer("ana", "Ana", ["duty", "head"], "ilecu-rs", password="long enough 1")
    bojan = add_officer("bojan", "Bojan", ["duty"], "ilecu-rs", password="long enough 2")
    assert list(queries.officers_with("duty")) == [ana, bojan]
    change_officer(bojan, is_active=False)
    assert list(queries.officers_with("duty")) == [ana]
    assert list(queries.officers_with("auditor")) == []
