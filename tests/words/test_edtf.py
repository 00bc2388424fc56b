"""Dates and spans as sheets state them: to the month, about, open at an end, or not known."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilex.words.dates import PartialDate, Precision
from ilex.words.edtf import LONGEST, OPEN, UNKNOWN, Edge, Sureness, When

PRECISIONS: list[Precision] = ["year", "month", "day"]
SURENESS: list[Sureness] = ["", "~", "?", "%"]

spelled = st.builds(lambda day, known: str(PartialDate(day, known)), st.dates(), st.sampled_from(PRECISIONS))
dates = spelled.map(PartialDate.parse)
edges = st.builds(Edge, dates, st.sampled_from(SURENESS))
ends = edges | st.just(OPEN) | st.just(UNKNOWN)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2019-02", date(2019, 2, 1), date(2019, 2, 28)),
        ("2017-09/2018-04", date(2017, 9, 1), date(2018, 4, 30)),
        ("2019-02-14/2019-02-15", date(2019, 2, 14), date(2019, 2, 15)),
        ("2019-03-11/2020", date(2019, 3, 11), date(2020, 12, 31)),
        ("2019~", date(2019, 1, 1), date(2019, 12, 31)),
        ("2006/..", date(2006, 1, 1), None),
        ("2006/", date(2006, 1, 1), None),
        ("../2018", None, date(2018, 12, 31)),
        ("", None, None),
    ],
)
def test_span_knows_the_days_between_which_it_lies(text: str, first: date | None, last: date | None) -> None:
    when = When.parse(text)
    assert (when.first, when.last) == (first, last)
    assert str(when) == text


def test_open_end_is_told_from_one_that_is_not_known() -> None:
    assert When.parse("2006/..").end == OPEN
    assert When.parse("2006/").end == UNKNOWN
    assert not When.parse("").known


def test_about_and_doubtful_are_kept() -> None:
    assert When.parse("2013~/2016").doubtful
    assert When.parse("2016%").doubtful
    assert not When.parse("2013/2016").doubtful


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2019/2017", "before the beginning"),
        ("2018-04/2017-09", "before the beginning"),
        ("2017/2018/2019", "one stroke"),
        ("..", "open"),
        ("/", "names no date"),
        ("../..", "names no date"),
        ("2019-13", "no date"),
        ("2001-21", "no date"),
        ("[1667,1668]", "Write the date"),
        ("2019~~", "Write the date"),
        ("spring", "Write the date"),
        ("~", "Write the date"),
    ],
)
def test_what_is_no_date_or_ends_before_it_begins_gets_one_sentence(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        When.parse(text)


def test_month_inside_the_year_in_which_a_span_ends_is_no_contradiction() -> None:
    assert When.parse("2018-09/2018").last == date(2018, 12, 31)


@pytest.mark.parametrize(
    ("one", "other", "touch"),
    [
        ("2019-02", "2019-02-14/2019-02-15", True),
        ("2013-11/2016-12", "2016-07", True),
        ("2006/..", "2031", True),
        ("2006/..", "2005", False),
        ("../2018", "1990", True),
        ("2019-02", "2019-03", False),
        ("", "2019", False),
    ],
)
def test_two_can_have_a_day_in_common(one: str, other: str, touch: bool) -> None:
    assert When.parse(one).may_touch(When.parse(other)) is touch
    assert When.parse(other).may_touch(When.parse(one)) is touch


@given(edges)
def test_date_that_is_written_is_read_back(edge: Edge) -> None:
    assert When.parse(str(edge)) == When(edge)


@given(ends, ends)
def test_span_is_read_back_or_refused_and_never_ends_before_it_begins(start: Edge, end: Edge) -> None:
    written = f"{start}/{end}"
    assert len(written) <= LONGEST
    try:
        read = When.parse(written)
    except ValueError:
        assert not When(start, end).known or (start.date and end.date and start.date.first > end.date.last)
        return
    assert read == When(start, end)
    assert read.first is None or read.last is None or read.first <= read.last


@given(st.text(max_size=30))
def test_whatever_is_read_has_one_spelling(text: str) -> None:
    with suppress(ValueError):
        read = When.parse(text)
        assert When.parse(str(read)) == read
