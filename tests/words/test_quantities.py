"""Numbers that are over, nearly, up to or about something."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilex.words.quantities import WORDS, Comparator, Quantity


@pytest.mark.parametrize(
    ("printed", "stored"),
    [
        ("over 70 participants", ">70 participants"),
        ("Close to 40 countries", "~<40 countries"),
        ("nearly 30%", "~<30 per cent"),
        ("nearly 7,500 cities", "~<7500 cities"),
        ("over 1400 participants", ">1400 participants"),
        ("up to 75", "<=75"),
        ("about 64 %", "~64 per cent"),
        ("more than 50 cities", ">50 cities"),
        ("91 people", "91 people"),
        ("over 240,000 cities and metropolises", ">240000 cities and metropolises"),
        ("about 0.5 hours", "~0.5 hours"),
    ],
)
def test_printed_words_become_a_sign_and_a_number(printed: str, stored: str) -> None:
    assert str(Quantity.read(printed)) == stored
    assert Quantity.parse(stored) == Quantity.read(printed)


@pytest.mark.parametrize("text", ["", "many", "over", "-3", "1,40 people", "seventy"])
def test_what_is_no_quantity_gets_one_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        Quantity.read(text)


@pytest.mark.parametrize(
    ("stored", "yes", "no"),
    [
        (">70", [71, 500], [70, 12]),
        ("~<40", [36, 39], [40, 41, 20]),
        ("~64", [60, 64, 70], [50, 80]),
        ("<=75", [0, 75], [76]),
        (">=3", [3, 4], [2]),
        ("<10", [9], [10]),
        ("91", [91], [90, 92]),
    ],
)
def test_true_number_can_lie_where_the_word_allows_it(stored: str, yes: list[int], no: list[int]) -> None:
    quantity = Quantity.parse(stored)
    assert all(quantity.may_be(number) for number in yes)
    assert not any(quantity.may_be(number) for number in no)


@given(
    st.decimals(0, 10**15 - 1, places=2),
    st.sampled_from(list(Comparator)),
    st.sampled_from(["", "people", "per cent", "African countries"]),
)
def test_quantity_that_is_written_is_read_back(value: Decimal, comparator: Comparator, unit: str) -> None:
    quantity = Quantity(value, unit, comparator)
    assert Quantity.parse(str(quantity)) == quantity


@given(st.sampled_from(sorted(WORDS)), st.integers(0, 10**12))
def test_thousands_may_be_parted_or_not(word: str, number: int) -> None:
    assert Quantity.read(f"{word} {number:,}") == Quantity.read(f"{word} {number}")
