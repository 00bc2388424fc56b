"""Names of firms taken apart and compared."""

from __future__ import annotations

import pytest

from ilex.matching import organisations, pairs, parts
from ilex.matching.compare import Comparison, Rarity, compare
from ilex.matching.facts import Facts
from ilex.matching.joining import joined
from ilex.matching.keys import record_keys
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


@pytest.mark.parametrize(
    ("name", "own", "forms"),
    [
        ("A.B.C. Trade", ["abc"], set()),  # not AB, a Swedish form
        ("A B C Holding", ["abc"], set()),
        ("I.B.M.", ["ibm"], set()),
        ("M & S Ltd", ["ms"], {"limited"}),
        ("A & B Ltd", ["ab"], {"limited"}),
        ("X.Y.Z. d.o.o.", ["xyz"], {"limited"}),
        ("X.Y.Z. D.O.O.", ["xyz"], {"limited"}),
        ("A.B.C. a.d.", ["abc"], {"stock"}),
        ("A.B.C. S.A.", ["abc"], {"stock"}),
        ("Žetva a.d.", ["žetva"], {"stock"}),
        ("A B Žetva", ["žetva"], {"stock"}),
    ],
)
def test_letters_beside_others_belong_to_them_unless_they_are_a_form_as_it_is_written(
    name: str, own: list[str], forms: set[str]
) -> None:
    found = firm(name)

    assert [part.plain for part in found.own] == own
    assert found.forms == forms


@pytest.mark.parametrize(
    ("asked", "held"),
    [
        ("M & S Ltd", "MS Limited"),
        ("H M Ltd", "H. M. Limited"),
        ("X Y Z d.o.o.", "XYZ"),
        ("A.B.C. Trade", "ABC Trade"),
        ("A B C Holding", "A.B.C. Holding d.o.o."),
    ],
)
def test_firms_of_single_letters_are_found_and_are_the_same(asked: str, held: str) -> None:
    one, other = (prepare(Facts(kind="organisation", names=(name,))) for name in (asked, held))

    assert set(record_keys(one)) & set(record_keys(other))
    assert compared(asked, held).reasons[0].code in ("same", "same_sound")


def test_a_firm_keeps_its_keys_whatever_is_remembered_of_its_words() -> None:
    facts = Facts(kind="organisation", names=("Delta Marine Trading Ltd",))
    before = prepare(facts)
    parts.part.cache_clear()

    assert prepare(facts) == before
    assert record_keys(prepare(facts)) == record_keys(before)
    assert [part.role for part in before.names[0].parts] == ["", "generic", "generic", "legal"]


FIRMS = (
    *("Delta Marine Trading Ltd", "X.Y.Z. d.o.o.", "A & B Ltd", "Bank of Harvest", "I.I. Trade", "T.V. Harvest a.d."),
    *("U.S.A. Trade", "Radio A D Televizija", "1st Harvest Bank", "D.O.O.", "K i M", "Жатва О.О.О.", "General Trading"),
)


@pytest.mark.parametrize("name", FIRMS)
def test_a_name_that_was_taken_apart_stays_as_it_is(name: str) -> None:
    (prepared,) = prepare(Facts(kind="organisation", names=(name,))).names
    before = organisations.firm(prepared)
    organisations._firms.clear()

    assert organisations.firm(prepared) == before
    assert before.parts == prepared.parts


def test_a_word_that_is_made_of_two_is_compared_as_what_it_is_whatever_was_compared_before() -> None:
    word, first, second = (firm(name).own[0] for name in ("Marijan", "Mari", "Jan"))
    two = joined((first, second))
    other = firm("Marian").own[0]
    assert two.plain == word.plain

    found = []
    for order in ((word, two), (two, word)):
        pairs._known.clear()
        alike = {id(one): pairs.likeness(one, other) for one in order}
        found.append((alike[id(word)], alike[id(two)]))
    assert found[0] == found[1]
