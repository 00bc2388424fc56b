"""Money as sheets print it: two signs for thousands and cents, one sign for both, or no figure at all."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilex.words.amounts import Amount, Role, read, read_value, total


@pytest.mark.parametrize(
    ("printed", "value", "doubtful"),
    [
        ("454,415.40", "454415.40", False),
        ("454.415,40", "454415.40", False),
        ("154 894.95", "154894.95", False),
        ("116'480.34", "116480.34", False),
        ("108.874.50", "108874.50", True),  # the sheet of 2019
        ("1.234", "1234", True),
        ("1,234", "1234", True),
        ("1,234,567", "1234567", False),
        ("12.5", "12.5", False),
        ("0", "0", False),
        ("75", "75", False),
    ],
)
def test_printed_figure_is_read_and_doubt_is_told(printed: str, value: str, doubtful: bool) -> None:
    reading = read_value(printed)
    assert (reading.value, reading.doubtful) == (Decimal(value), doubtful)


@pytest.mark.parametrize(
    ("printed", "says"),
    [
        ("-5", "less than zero"),
        ("", "not an amount"),
        ("about 5", "not an amount"),
        ("1e9", "not an amount"),
        ("NaN", "not an amount"),
        ("12,34.567", "cannot be read"),
        ("1.2345", "cannot be read"),
        ("1234.567.89", "cannot be read"),
        ("1" * 16, "at most 15"),
    ],
)
def test_what_is_no_amount_gets_one_sentence(printed: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        read_value(printed)


def test_amount_keeps_what_was_printed_beside_what_it_is_read_as() -> None:
    amount = read("EUR 108.874.50", funding_line="isf-police")
    assert amount == Amount(Decimal("108874.50"), "EUR", Role.TOTAL, "isf-police", "EUR 108.874.50")


def test_unknown_is_not_zero_and_no_sum_counts_it() -> None:
    made = total([read("EUR 100.50"), Amount(None), read("20 CHF"), Amount(Decimal(0), "EUR"), Amount(None, "CHF")])
    assert made.sums == {"EUR": Decimal("100.50"), "CHF": Decimal(20)}
    assert made.unknown == 2
    assert Amount(None, "EUR") != Amount(Decimal(0), "EUR")


@pytest.mark.parametrize("value", ["-1", "NaN", "Infinity", "0.001", "1000000000000000"])
def test_impossible_amount_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        Amount(Decimal(value), "EUR")


def test_currency_may_be_open_only_where_the_value_is_unknown() -> None:
    assert Amount(None).currency == ""
    with pytest.raises(ValueError, match="three capital letters"):
        Amount(Decimal(1))


@pytest.mark.parametrize("currency", ["", "eur", "EURO", "€"])
def test_currency_has_three_capital_letters(currency: str) -> None:
    with pytest.raises(ValueError, match="three capital letters"):
        Amount(Decimal(1), currency)


@given(st.decimals(0, 10**14, places=2), st.sampled_from([(",", "."), (".", ","), (" ", "."), ("'", ",")]))
def test_every_way_of_parting_thousands_and_cents_is_read_alike(value: Decimal, signs: tuple[str, str]) -> None:
    thousands, cents = signs
    printed = f"{value:,.2f}".translate({ord(","): thousands, ord("."): cents})
    assert read_value(printed).value == value
    assert not read_value(printed).doubtful


@given(st.text(max_size=20))
def test_nothing_that_is_read_is_less_than_zero(text: str) -> None:
    with suppress(ValueError):
        assert read_value(text).value >= 0
