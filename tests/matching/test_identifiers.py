"""Numbers side by side."""

from __future__ import annotations

import pytest

from ilex.matching import identifiers
from ilex.matching.compare import Rarity, compare
from ilex.matching.facts import Facts
from ilex.matching.prepare import prepare


def facts(*held: tuple[str, str, str]) -> Facts:
    return Facts(identifiers=held)


@pytest.mark.parametrize(
    ("type", "asked", "held", "code"),
    [
        ("document", "P1234567", "P1234567", "same"),
        ("document", "P1234567", "P1234S67", "look_alike"),
        ("document", "P1234567", "P1234576", "one_slip"),
        ("document", "P1234567", "P1234999", "contradicts"),
        ("plate", "NS123AB", "NS12AB3", "contradicts"),
        ("phone", "+381641234567", "+381641234568", "one_slip"),
        ("phone", "+381641234567", "+4941234567", "same_end"),
        ("imei", "490154203237518", "490154203237517", "one_slip"),
        ("number", "12345", "12346", "contradicts"),  # too short for a slip to mean anything
    ],
)
def test_how_two_numbers_differ(type: str, asked: str, held: str, code: str) -> None:
    assert identifiers.code(type, asked, held) == code


def test_two_numbers_that_both_keep_the_rule_are_rather_two_than_one_with_a_slip() -> None:
    # Two valid personal numbers of Yugoslavia that differ by two neighbouring digits cannot be: one digit breaks it.
    assert identifiers.code("national", "0101006500006", "0101006500007", "RS") == "one_slip"
    assert identifiers.code("iban", "DE89370400440532013000", "DE89370400440532013001") == "one_slip"


def test_a_number_that_breaks_its_rule_still_counts_as_the_same() -> None:
    (found,) = identifiers.compare(
        prepare(facts(("national", "0101006500007", "RS"))), prepare(facts(("national", "0101006500007", "RS")))
    )

    assert found == ("national", "same_doubtful", "0101006500007", "0101006500007")


def test_letters_that_look_alike_make_one_plate() -> None:
    (found,) = identifiers.compare(
        prepare(facts(("plate", "АА1234ВВ", "UA"))), prepare(facts(("plate", "AA 1234 BB", "UA")))
    )

    assert found[1] == "same"


def test_the_same_number_counts_where_files_took_its_type_for_another() -> None:
    (found,) = identifiers.compare(
        prepare(facts(("document", "P1234567", ""))), prepare(facts(("number", "P1234567", "")))
    )

    assert found[:2] == ("document", "same")


def test_one_slip_is_possible_but_no_hit() -> None:
    asked = prepare(facts(("document", "P1234567", "")))
    same = compare(asked, prepare(facts(("document", "P1234567", ""))), Rarity())
    slip = compare(asked, prepare(facts(("document", "P1234576", ""))), Rarity())

    assert same.score > 0.95
    assert 0.05 < slip.score < 0.7
    assert slip.reasons[0].code == "one_slip"


def test_another_document_does_not_hide_a_person_of_the_same_name() -> None:
    asked = Facts(kind="person", names=("Ana Anić",), identifiers=(("document", "P1234567", ""),))
    held = Facts(kind="person", names=("Ana Anić",), identifiers=(("document", "X7654321", ""),))

    found = compare(prepare(asked), prepare(held), Rarity())

    assert {reason.code for reason in found.reasons} == {"same", "contradicts"}
    assert found.score > 0.3
