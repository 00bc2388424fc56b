from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest

from ilex.subjects.models import Category, Link, Statement, Subject
from ilex.words import identifiers, kinds, law
from ilex.words.entries import LawError
from ilex.words.extract import texts


def test_every_kind_of_the_issue_is_there_in_its_order() -> None:
    assert tuple(kind.code for kind in kinds.kinds()) == kinds.ORDER


def test_categories_are_those_of_the_tables() -> None:
    assert [line.code for line in kinds.categories()] == list(Category.values)


def test_victims_have_no_field_that_the_law_keeps_for_suspects() -> None:
    permitted = kinds.permitted("person", "victim")
    assert {"name", "born", "passport", "victim-reason", "damage", "anonymity", "court"} <= permitted
    assert not permitted & {"dna", "fingerprints", "lifestyle", "danger", "drug-abuse", "convictions", "phone", "note"}


def test_each_category_has_points_a_to_c_iii_and_what_is_its_own() -> None:
    everybody = kinds.permitted("person")
    groups = {kinds.kind("person").properties[code].group for code in everybody}
    assert groups == {"personal", "physical", "identification"}
    own = {category.code: kinds.permitted("person", category.code) - everybody for category in kinds.categories()}
    assert own["other"] == set()
    assert {"rewards", "coded-name"} <= own["informant"]
    assert "rewards" not in own["witness"]
    assert own["suspect"] == own["convicted"] == own["contact"]


def test_things_have_no_categories_and_all_their_fields() -> None:
    for kind in kinds.kinds():
        if kind.code != "person":
            assert not kind.categorised
            assert kinds.permitted(kind.code) == kinds.permitted(kind.code, "victim") == set(kind.properties)


def test_every_property_states_its_source_and_its_check_exists() -> None:
    for kind in kinds.kinds():
        for one in kind.properties.values():
            assert one.source
            assert one.mark in law.MARKS
            assert not one.check or one.check in identifiers.TYPES


def test_what_is_always_of_a_special_category_says_so() -> None:
    person = kinds.kind("person").properties
    assert {person[code].special for code in ("dna", "fingerprints", "blood-group")} == {
        "genetic",
        "biometric",
        "health",
    }
    assert {line.code for line in kinds.special_categories()} >= {"ethnic-origin", "belief", "sex-life"}


def test_codes_fit_into_the_tables() -> None:
    lengths = {
        Subject._meta.get_field("kind"): [kind.code for kind in kinds.kinds()],
        Statement._meta.get_field("property"): [code for kind in kinds.kinds() for code in kind.properties],
        Statement._meta.get_field("special"): [line.code for line in kinds.special_categories()],
        Statement._meta.get_field("name_kind"): [line.code for line in kinds.name_kinds()],
        Link._meta.get_field("kind"): [line.code for line in kinds.link_kinds()],
    }
    for field, codes in lengths.items():
        assert max(map(len, codes)) <= (getattr(field, "max_length", 0) or 0)


def test_any_two_subjects_can_be_linked_and_both_sides_say_how() -> None:
    for one in kinds.ORDER:
        for other in kinds.ORDER:
            assert kinds.link_kinds_between(one, other)
    assert kinds.link_kind("parent").reverse_label == "is a child of"
    assert kinds.link_kind("spouse").mutual
    assert not kinds.link_kind("parent").joins("vehicle", "person")


def test_catalogues_get_every_label_choice_and_reverse() -> None:
    found = set()
    for path in law.OURS.rglob("*.toml"):
        found |= {text for _, _, text, _ in texts(BytesIO(path.read_bytes()), [], [], {})}
    for kind in kinds.kinds():
        assert {kind.label, *(group.label for group in kind.groups)} <= found
        for one in kind.properties.values():
            assert {one.label, *(choice.label for choice in one.choices)} <= found
    assert {link.reverse_label for link in kinds.link_kinds()} <= found


def test_a_unit_may_add_a_kind_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = (law.OURS / "kinds" / "place.toml").read_text(encoding="utf-8")
    (tmp_path / "kinds").mkdir()
    (tmp_path / "kinds" / "animal.toml").write_text(ours.replace('code = "place"', 'code = "animal"', 1))
    monkeypatch.setenv("ILEX_LAW", str(tmp_path))
    assert [kind.code for kind in kinds.kinds()] == [*kinds.ORDER, "animal"]


@pytest.mark.parametrize(
    ("was", "becomes", "sentence"),
    [
        ('code = "person"', 'code = "people"', "the code is 'people'; it must be the name of the file"),
        ('special = "genetic"', 'special = "secret"', "'secret' is not known"),
        ('code = "surname"', 'code = "name"', "the property 'name' stands twice"),
        ('type = "date", search', 'type = "moment", search', "'type' is not right"),
        ('caption = ["name"', 'caption = ["shoes"', "the caption names 'shoes'"),
        ('categories = ["victim"]', 'categories = ["guilty"]', "'guilty' is not known"),
        ('type = "choice", many = false, choices', 'type = "text", choices', "'choices' belong to the type 'choice'"),
    ],
)
def test_a_broken_file_is_named_with_its_fault(
    was: str, becomes: str, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = (law.OURS / "kinds" / "person.toml").read_text(encoding="utf-8")
    assert was in ours
    (tmp_path / "kinds").mkdir()
    (tmp_path / "kinds" / "person.toml").write_text(ours.replace(was, becomes, 1), encoding="utf-8")
    monkeypatch.setenv("ILEX_LAW", str(tmp_path))
    with pytest.raises(LawError, match=r"kinds/person\.toml") as fault:
        kinds.kinds()
    assert sentence in str(fault.value)


def test_unknown_codes_are_refused() -> None:
    with pytest.raises(LawError, match="There is no kind of subject 'ghost'"):
        kinds.kind("ghost")
    with pytest.raises(LawError):
        kinds.link_kind("ghost")
