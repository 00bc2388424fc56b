"""Names of firms taken apart and compared."""

from __future__ import annotations

import pytest

from ilex.matching import organisations
from ilex.matching.compare import Comparison, Rarity, compare
from ilex.matching.facts import Facts
from ilex.matching.prepare import prepare


def firm(name: str) -> organisations.Firm:
    return organisations.firm(prepare(Facts(kind="organisation", names=(name,))).names[0])


def compared(asked: str, held: str) -> Comparison:
    one, other = (Facts(kind="organisation", names=(name,)) for name in (asked, held))
    return compare(prepare(one), prepare(other), Rarity())


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("Жетва д.о.о.", "limited"),
        ("Zhetva DOOEL", "limited"),
        ("Жетва ДООЕЛ", "limited"),
        ("Жътва ЕООД", "limited"),
        ("Жътва АД", "stock"),
        ("ТОВ Жнива", "limited"),
        ("ООО «Жатва»", "limited"),
        ("შპს მკა", "limited"),
        ("Հունձ ՍՊԸ", "limited"),
        ("Korrja Sh.p.k.", "limited"),
        ("Seceriș S.R.L.", "limited"),
        ("Aratás Kft.", "limited"),
        ("Aratás Bt.", "partnership"),
        ("Θερισμός Ε.Π.Ε.", "limited"),
        ("Ernte GmbH", "limited"),
        ("Harvest Limited Liability Company", "limited"),
        ("Žetva društvo s ograničenom odgovornošću", "limited"),
        ("Raccolto S.p.A.", "stock"),
    ],
)
def test_legal_forms_of_the_region_and_the_world_are_known(name: str, form: str) -> None:
    found = firm(name)

    assert found.forms == {form}
    assert len(found.own) == 1


def test_two_letters_in_the_middle_of_a_name_are_no_legal_form() -> None:
    assert firm("Radio AD Televizija").forms == frozenset()


def test_a_firm_that_is_called_like_a_legal_form_keeps_its_name() -> None:
    assert [part.plain for part in firm("Limited").own] == ["limited"]


def test_common_words_are_known_by_their_meaning() -> None:
    assert [word for word, _ in firm("Žetva Intl").generic] == ["international"]
    assert [word for word, _ in firm("Жатва Интернешнл").generic] == ["international"]


def test_the_same_firm_under_the_forms_of_two_countries() -> None:
    assert compared("Жетва Трејд д.о.о.", "Zetva Trade Ltd").score > 0.5


def test_numbers_must_agree() -> None:
    assert compared("Žetva 21 d.o.o.", "Žetva 99 d.o.o.").score < 0.1
    assert compared("Žetva 21 d.o.o.", "Žetva 99 d.o.o.").reasons[0].code == "number_contradicts"


def test_a_number_written_as_a_word_is_a_number() -> None:
    assert (
        compared("First Harvest Bank", "1st Harvest Bank").score > compared("First Harvest Bank", "Harvest Bank").score
    )


def test_another_trade_is_another_firm() -> None:
    same, other = (
        compared("Žetva Transport d.o.o.", "Zetva Transport"),
        compared("Žetva Transport d.o.o.", "Žetva Gas d.o.o."),
    )

    assert same.logit > other.logit + 2


def test_a_firm_is_found_under_its_first_letters() -> None:
    assert compared("PLA", "People's Liberation Army").score > compared("PLB", "People's Liberation Army").score


def test_letters_between_dots_are_one_word() -> None:
    assert [part.plain for part in firm("K.L.M. Harvest").own] == ["klm", "harvest"]


def test_single_words_have_roles() -> None:
    assert organisations.role_of("gmbh") == "legal"
    assert organisations.role_of("холдинг") == "generic"
    assert organisations.role_of("1990") == "number"
    assert organisations.role_of("žetva") == ""
