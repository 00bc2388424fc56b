from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilex.duty.rules import Overlap, Span, gaps, monday_of, overlaps, week_name

TODAY = date(2026, 11, 21)
HOURS = st.integers(min_value=0, max_value=23)


def at(hour: int) -> datetime:
    return datetime(2026, 11, 21, hour, tzinfo=UTC)


def test_hours_that_nobody_covers_are_told() -> None:
    shifts = [Span(at(6), at(12), "Ana"), Span(at(14), at(20), "Bojan")]
    assert gaps(shifts, at(0), at(23)) == [Span(at(0), at(6)), Span(at(12), at(14)), Span(at(20), at(23))]
    assert gaps([], at(0), at(23)) == [Span(at(0), at(23))]
    assert gaps([Span(at(0), at(23))], at(0), at(23)) == []


def test_hours_with_two_are_told_with_both_names() -> None:
    shifts = [Span(at(6), at(14), "Ana"), Span(at(12), at(20), "Bojan"), Span(at(20), at(22), "Ceca")]
    assert overlaps(shifts) == [Overlap(at(12), at(14), ("Ana", "Bojan"))]


@given(st.lists(st.tuples(HOURS, HOURS).filter(lambda pair: pair[0] < pair[1]), max_size=8))
def test_each_hour_is_either_covered_or_in_a_gap(pairs: list[tuple[int, int]]) -> None:
    spans = [Span(at(begins), at(ends), str(number)) for number, (begins, ends) in enumerate(pairs)]
    holes = gaps(spans, at(0), at(23))
    doubles = overlaps(spans)
    for hour in range(23):
        covered = sum(span.begins <= at(hour) < span.ends for span in spans)
        assert (covered == 0) == any(hole.begins <= at(hour) < hole.ends for hole in holes)
        assert (covered > 1) == any(double.begins <= at(hour) < double.ends for double in doubles)


@pytest.mark.parametrize(
    ("text", "monday"),
    [
        ("2026-W47", date(2026, 11, 16)),
        ("2026-W53", date(2026, 12, 28)),
        ("", date(2026, 11, 16)),
        ("2026-W60", date(2026, 11, 16)),
        ("99999999-W01", date(2026, 11, 16)),
        ("nonsense", date(2026, 11, 16)),
        ("²-W1", date(2026, 11, 16)),
    ],
)
def test_week_is_read_or_is_the_present_one(text: str, monday: date) -> None:
    assert monday_of(text, TODAY) == monday
    assert monday_of(week_name(monday), TODAY) == monday
