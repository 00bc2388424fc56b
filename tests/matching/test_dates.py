"""Dates of birth side by side."""

from __future__ import annotations

import pytest

from ilex.matching import dates
from ilex.words.dates import PartialDate


@pytest.mark.parametrize(
    ("asked", "held", "code"),
    [
        ("1985-03-12", "1985-03-12", "same"),
        ("1985-01-01", "1985-01-01", "same_first_of_january"),
        ("1985-01-01", "1985-03-12", "same_year"),
        ("1985", "1985-03-12", "same_year"),
        ("1985-03", "1985-03-12", "same_month"),
        ("1985-03", "1985-04-12", "other_day"),
        ("1985-03-12", "1985-12-03", "swapped_day_month"),
        ("1985-03-12", "1985-03-17", "one_digit"),
        ("1985-03-12", "1958-03-12", "two_digits"),
        ("1985-03-12", "1985-03-21", "two_digits"),
        ("1985-03-12", "1985-07-26", "other_day"),
        ("1985-03-12", "1969-03-12", "other_year_same_day"),
        ("1985-03-12", "1986-07-26", "near_year"),
        ("1985-03-12", "1969-07-26", "other_year"),
        ("1985", "1986", "near_year"),
        ("1985", "1969-07-26", "other_year"),
    ],
)
def test_each_slip_of_a_date_has_its_own_code(asked: str, held: str, code: str) -> None:
    one, other = PartialDate.parse(asked), PartialDate.parse(held)

    assert dates.code(one, other) == code
    assert dates.code(other, one) == code


def test_of_several_dates_the_pair_speaks_that_says_most() -> None:
    asked = [PartialDate.parse("1970"), PartialDate.parse("1985-03-12")]
    held = [PartialDate.parse("1970-05-06"), PartialDate.parse("1985-12-03")]

    assert dates.compare(asked, held) == ("swapped_day_month", asked[1], held[1])


def test_without_a_date_on_one_side_nothing_is_said() -> None:
    assert dates.compare([], [PartialDate.parse("1985")]) is None
