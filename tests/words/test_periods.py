"""A duration that is printed beside the dates, and whether it can be theirs."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilex.words.edtf import When
from ilex.words.periods import Duration, Period


@pytest.mark.parametrize(
    ("when", "duration", "agrees"),
    [
        ("2017-09/2018-04", "P8M", True),  # the training institutions' sheet
        ("2017-09/2018-04", "P6M", False),
        ("2022-01/2023-12", "P24M", True),
        ("2022-01/2023-12", "P2Y", True),
        ("2019-02-14/2019-02-15", "P2D", True),  # the workshop in The Hague
        ("2019-02-14/2019-02-15", "P3D", False),
        ("2019-06-30/2019-07-06", "P1W", True),  # the summer school
        ("2019-02", "P2D", True),
        ("2019/..", "P5Y", None),
        ("", "P5Y", None),
    ],
)
def test_printed_duration_is_held_against_the_dates(when: str, duration: str, agrees: bool | None) -> None:
    assert Period(When.parse(when), Duration.parse(duration)).agrees is agrees


def test_dates_alone_contradict_nobody() -> None:
    assert Period(When.parse("2013-11/2016-12")).agrees is None


@pytest.mark.parametrize(
    ("first", "duration", "last"),
    [
        (date(2017, 9, 1), "P8M", date(2018, 4, 30)),
        (date(2019, 1, 31), "P1M", date(2019, 2, 28)),
        (date(2024, 2, 29), "P1Y", date(2025, 2, 28)),
        (date(2019, 2, 14), "P2D", date(2019, 2, 15)),
    ],
)
def test_last_day_is_counted_with_the_first(first: date, duration: str, last: date) -> None:
    assert Duration.parse(duration).last_day(first) == last


@pytest.mark.parametrize("text", ["", "8 months", "P0M", "P-1D", "P1Y2M", "PT8H", "P9999Y"])
def test_what_is_no_duration_gets_one_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"^Write the duration"):
        Duration.parse(text)


@given(st.integers(1, 999), st.sampled_from(["D", "W", "M", "Y"]))
def test_duration_that_is_written_is_read_back(count: int, letter: str) -> None:
    assert str(Duration.parse(f"P{count}{letter}")) == f"P{count}{letter}"


@given(st.dates(max_value=date(2200, 1, 1)), st.integers(1, 60))
def test_longer_time_never_ends_earlier(first: date, months: int) -> None:
    shorter, longer = Duration(months, "month"), Duration(months + 1, "month")
    assert first <= shorter.last_day(first) < longer.last_day(first)
