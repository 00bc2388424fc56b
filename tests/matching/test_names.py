"""Names side by side: which word answers which, and what that is worth."""

from __future__ import annotations

import pytest

from ilex.matching import names
from ilex.matching.facts import Facts, Name
from ilex.matching.prepare import prepare
from ilex.matching.rarity import Rarity

RARITY = Rarity()


def name(text: str) -> Name:
    return prepare(Facts(kind="person", names=(text,))).names[0]


def codes(asked: str, held: str) -> set[str]:
    return {one.code for one in names.align(name(asked), name(held))}


def weight(asked: str, held: str) -> float:
    return names.weighed(name(asked), name(held), RARITY).weight


@pytest.mark.parametrize(
    ("asked", "held"),
    [
        ("Ђорђе Анић", "DJORDJE ANIC"),
        ("Ђорђе Анић", "Đorđe Anić"),
        ("Бојан Петровски", "Bojan Petrovski"),
        ("Андрій Шевченко", "Andrii Shevchenko"),
        ("Գևորգ Հակոբյան", "Gevorg Hakobyan"),
        ("გიორგი ბერიძე", "Giorgi Beridze"),
        ("Νίκος Παπαδόπουλος", "Nikos Papadopoulos"),
    ],
)
def test_one_name_in_two_scripts_weighs_much_more_than_another_name(asked: str, held: str) -> None:
    assert weight(asked, held) > weight(asked, "Ceca Ilieva") + 4


def test_the_order_of_the_words_does_not_matter() -> None:
    assert weight("Ana Petrova", "PETROVA Ana") == weight("Ana Petrova", "Ana Petrova")


def test_a_left_out_patronymic_weighs_less_than_a_contradicted_one() -> None:
    whole = weight("Ivan Sergeevich Orlov", "Ivan Sergeevich Orlov")
    omitted = weight("Ivan Sergeevich Orlov", "Ivan Orlov")
    contradicted = weight("Ivan Sergeevich Orlov", "Ivan Pavlovich Orlov")

    assert whole > omitted > contradicted + 1
    assert "patronymic_only" in codes("Ivan Sergeevich Orlov", "Ivan Orlov")
    assert "patronymic_contradicts" in codes("Ivan Sergeevich Orlov", "Ivan Pavlovich Orlov")


def test_a_given_name_does_not_contradict_a_fathers_name() -> None:
    assert "patronymic_contradicts" not in codes("Ivan Sergeevich Orlov", "Ivan Petar Orlov")


@pytest.mark.parametrize(
    ("asked", "held"), [("Anamaria Orlova", "Ana Maria Orlova"), ("Nur Eddin Haddad", "Nureddin Haddad")]
)
def test_words_written_as_one_or_as_two_are_joined(asked: str, held: str) -> None:
    assert weight(asked, held) > weight("Ana Orlova", "Bojan Orlov") + 2


def test_an_initial_answers_a_word_and_another_initial_contradicts_it() -> None:
    assert "initial" in codes("A. Orlova", "Ana Orlova")
    assert weight("A. Orlova", "Ana Orlova") > weight("B. Orlova", "Ana Orlova") + 2


def test_a_mans_and_a_womans_form_of_one_family_name_answer_one_another() -> None:
    assert "contradicts" not in codes("Ana Kovalska", "Ana Kovalski")


def test_one_letter_in_a_short_word_is_not_another_name() -> None:
    assert codes("Jon Smith", "John Smith") <= {"same", "same_sound", "one_letter", "equivalent", "similar"}


def test_a_rare_name_says_more_than_a_common_one() -> None:
    common = Rarity(1000, lambda skeleton: 500)
    rare = Rarity(1000, lambda skeleton: 0)

    assert (
        names.weighed(name("Ana Anić"), name("Ana Anić"), rare).weight
        > names.weighed(name("Ana Anić"), name("Ana Anić"), common).weight
    )


def test_many_names_that_agree_do_not_outweigh_another_family_name() -> None:
    assert weight("Ali Hasan Ibrahim Omar Tikriti", "Ali Hasan Ibrahim Omar Tikriti") > (
        weight("Ali Hasan Ibrahim Omar Tikriti", "Ali Hasan Ibrahim Omar Dulaimi") + 3
    )


def test_father_and_son_do_not_change_places() -> None:
    assert (
        weight("Salman bin Muhammad", "Salman bin Muhammad") > weight("Salman bin Muhammad", "Muhammad bin Salman") + 2
    )


def test_weak_names_weigh_less() -> None:
    strong, weak = (prepare(facts).names for facts in (Facts(names=("Ana Anić",)), Facts(weak_names=("Ana Anić",))))
    one, other = (names.compare(strong, held, RARITY, names.weighed) for held in (strong, weak))

    assert one is not None
    assert other is not None
    assert one.weight > other.weight


def test_the_code_of_the_name_is_that_of_its_worst_word() -> None:
    assert names.weighed(name("Ana Orlova"), name("Ana Orlova"), RARITY).code == "same"
    assert names.weighed(name("Ana Orlova"), name("Ana Maria Orlova"), RARITY).code == "omitted"
    assert names.weighed(name("Ana Orlova"), name("Ceca Orlova"), RARITY).code == "contradicts"
    assert names.weighed(name("Ana Orlova"), name("Bojan Ilievski"), RARITY).code == "different"
