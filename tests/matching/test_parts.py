"""Names are taken apart: what is a particle, a title, an initial, a patronymic, and what is one name in two words."""

from __future__ import annotations

from itertools import islice

import pytest

from evaluation.build import fill
from ilex.matching import parts
from ilex.matching.equivalents import families, relatives
from ilex.matching.facts import Facts, Name
from ilex.matching.letters import read
from ilex.matching.prepare import MOST_NAMES, prepare
from ilex.matching.roles import roles as roles_of


def name_of(text: str, kind: str = "person") -> Name:
    (name,) = prepare(Facts(kind=kind, names=(text,))).names
    return name


def roles(text: str) -> list[str]:
    return [part.role for part in name_of(text).parts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ana Marić", ["", ""]),
        ("Dr. Ana Marić", ["title", "", ""]),
        ("A. Marić", ["initial", ""]),
        ("Бојан Петровић", ["", ""]),
        ("Иванов Пётр Сергеевич", ["", "", "patronymic"]),
        ("Petrov Ivan Sergeyevich", ["", "", "patronymic"]),
        ("Анна Сергеевна Петрова", ["", "patronymic", ""]),
        ("Huseyn Ali oglu Aliyev", ["", "", "particle", ""]),
        ("Ludwig van der Berg", ["", "particle", "particle", ""]),
        ("Ben Marić", ["", ""]),
        ("Ali ben Omar Haddad", ["", "particle", "", ""]),
        ("Karl Berg III", ["", "", "number"]),
    ],
)
def test_words_of_a_name_have_their_roles(text: str, expected: list[str]) -> None:
    assert roles(text) == expected


def test_short_way_to_the_parts_of_a_name_is_the_long_way() -> None:
    texts = [name for _, facts in islice(fill("train"), 3_000) if facts.kind == "person" for name in facts.names]
    for text in (
        *texts,
        "Ana-Marija",
        "Abd al Rahman",
        "Ivan Ivanović Petrov",
        "Вucic Marko",
        "Mark0 Vucic",
        "José Ñ.",
        "ვაჟა",
    ):
        found = parts.joined(parts.words(text))
        doing = roles_of([word.plain for word in found], person=True)
        long = [parts.part(word.written, word.plain, role) for word, role in zip(found, doing, strict=True)]
        assert list(name_of(text).parts) == long, text


def test_name_that_is_a_particle_or_a_title_bears_itself() -> None:
    assert roles("Del") == [""]
    assert roles("Haji") == [""]


@pytest.mark.parametrize(
    "texts",
    [
        ("Abdurrahman Haddad", "Abd ar-Rahman Haddad", "Abdul Rahman Haddad", "ABDELRAHMAN HADDAD"),
        ("Abdurrahman Haddad", "عبد الرحمن حداد", "عبدالرحمن حداد", "Абдурахман Хаддад"),
        ("Nureddin Sahin", "Nur ad-Din Sahin", "Nur al Din Sahin", "نور الدين شاهين"),
        ("Saifullah Karimi", "Saif Allah Karimi", "سیف الله کریمی"),
    ],
)  # fmt: skip
def test_compound_names_are_one_part_however_they_are_written(texts: tuple[str, ...]) -> None:
    first, *others = [name_of(text) for text in texts]
    assert [len(name.parts) for name in (first, *others)] == [2] * len(texts)
    for other in others:
        for one, two in zip(first.parts, other.parts, strict=True):
            assert set(one.skeletons) & set(two.skeletons), (one.written, two.written)


def test_names_that_come_of_abdullah_stay_whole() -> None:
    assert len(name_of("Karim Abdullayev").parts) == 2
    assert name_of("Karim Abdullayev").parts[1].sound.startswith("abdul")


def test_legal_form_of_several_words_does_not_bear_the_name_of_a_firm() -> None:
    firm = name_of("Zelena Dolina društvo s ograničenom odgovornošću", kind="organisation")
    assert [part.role for part in firm.parts[:2]] == ["", ""]
    assert {part.role for part in firm.parts[2:]} == {"legal"}


def test_what_is_too_long_is_cut() -> None:
    assert len(prepare(Facts(names=tuple(f"Ana {number}" for number in range(200)))).names) == MOST_NAMES
    assert len(name_of("ana " * 1000).parts) <= 24


@pytest.mark.parametrize("bad", ["", " ", "...", "\x00", "\ud800", "‏", "ـ", "'", "😀"])
def test_names_without_letters_are_left_out(bad: str) -> None:
    assert prepare(Facts(names=(bad, "Ana"))).names[-1].written == "Ana"


def test_dates_and_numbers_that_cannot_be_are_left_out() -> None:
    facts = Facts(
        born=("1985-03", "1985-13", "sometime"), identifiers=(("document", "AB 123-456", ""), ("iban", "RS00", ""))
    )
    prepared = prepare(facts)
    assert [str(date) for date in prepared.born] == ["1985-03"]
    assert prepared.identifiers == (("document", "AB123456"),)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Саша", "Aleksandar"), ("Миша", "Mihailo"), ("Jovan", "Giovanni"), ("Gogi", "გიორგი"), ("Bill", "William"),
     ("Женя", "Євген"), ("Kostas", "Κωνσταντίνος"), ("Kate", "Екатерина")],
)  # fmt: skip
def test_nicknames_and_names_of_other_languages_are_equivalents(one: str, other: str) -> None:
    first, second = name_of(one).parts[0], name_of(other).parts[0]
    assert first.classes & second.classes
    assert set(second.skeletons) & set(relatives(first.classes))


@pytest.mark.parametrize(
    ("woman", "man"),
    [("Петрова", "Petrov"), ("Kovalskaya", "Kowalski"), ("Papadopoulou", "Παπαδόπουλος"), ("Nováková", "Novák"),
     ("Никитина", "Никитин"), ("Stojanovska", "Стојановски")],
)  # fmt: skip
def test_family_names_of_women_and_men_are_one(woman: str, man: str) -> None:
    first, second = name_of(woman).parts[0], name_of(man).parts[0]
    assert families(first.sound) & families(second.sound)


def test_families_that_differ_stay_apart() -> None:
    assert not families(read("petrova").sound) & families(read("pavlov").sound)
