from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilex.words.dates import PartialDate, Precision


@pytest.mark.parametrize(
    ("text", "precision", "first", "last"),
    [
        ("1985", "year", date(1985, 1, 1), date(1985, 12, 31)),
        ("1984-02", "month", date(1984, 2, 1), date(1984, 2, 29)),
        ("1985-03-12", "day", date(1985, 3, 12), date(1985, 3, 12)),
    ],
)
def test_a_date_knows_as_much_as_was_written(text: str, precision: Precision, first: date, last: date) -> None:
    read = PartialDate.parse(text)
    assert (read.precision, read.first, read.last) == (precision, first, last)
    assert str(read) == text


@pytest.mark.parametrize(
    "text", ["", "85", "1985-3", "12.03.1985", "1985-13", "1985-02-30", "0000", "١٩٨٥", "1985-00-00"]
)
def test_what_is_no_date_gets_one_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"^[A-Z].*\.$"):
        PartialDate.parse(text)


@pytest.mark.parametrize(
    ("one", "other", "possible"),
    [
        ("1985", "1985-03-12", True),
        ("1985-03", "1985", True),
        ("1985-03", "1985-04", False),
        ("1985-03-12", "1985-03-12", True),
        ("1985-03-12", "1985-03-13", False),
        ("1986", "1985-12-31", False),
    ],
)
def test_two_dates_may_be_the_same_day(one: str, other: str, possible: bool) -> None:
    assert PartialDate.parse(one).may_be(PartialDate.parse(other)) is possible
    assert PartialDate.parse(other).may_be(PartialDate.parse(one)) is possible


@given(st.dates(), st.sampled_from(["year", "month", "day"]))
def test_what_is_written_is_read_back(day: date, precision: Precision) -> None:
    written = str(PartialDate(day, precision))
    assert str(PartialDate.parse(written)) == written
    assert PartialDate.parse(written).first <= day <= PartialDate.parse(written).last
