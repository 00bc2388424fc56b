from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilex.words.law import LawError, Limit, deadline, profile, warnings

BELGRADE = ZoneInfo("Europe/Belgrade")
LIMITS = profile("eu-2023-977").limits


def limit(*, hours: int = 0, days: int = 0) -> Limit:
    return Limit(code="x", text="x", source="x", mark="O", hours=hours, days=days)


def test_hours_are_hours_even_when_the_clocks_change() -> None:
    received = datetime(2026, 10, 24, 23, 0, tzinfo=BELGRADE)  # the night of 25 hours
    assert deadline(limit(hours=8), received, "Europe/Belgrade") == datetime(2026, 10, 25, 5, 0, tzinfo=UTC)


def test_days_end_at_the_same_wall_clock_time() -> None:
    received = datetime(2026, 3, 26, 14, 30, tzinfo=BELGRADE)  # the clocks go forward on the 29th
    due = deadline(limit(days=7), received, "Europe/Belgrade")
    assert due.astimezone(BELGRADE).replace(tzinfo=None) == datetime(2026, 4, 2, 14, 30)
    assert due - received == timedelta(days=7) - timedelta(hours=1)


def test_the_days_are_those_of_the_unit_not_of_the_server() -> None:
    received = datetime(2026, 3, 26, 13, 30, tzinfo=UTC)
    in_tbilisi = deadline(limit(days=7), received, "Asia/Tbilisi")  # no summer time there
    assert in_tbilisi == received + timedelta(days=7)
    assert deadline(limit(days=7), received, "Europe/Belgrade") == in_tbilisi - timedelta(hours=1)


def test_a_wall_clock_time_that_never_comes_is_read_early() -> None:
    received = datetime(2026, 3, 26, 2, 30, tzinfo=BELGRADE)
    due = deadline(limit(days=3), received, "Europe/Belgrade")  # 29 March has no 2.30
    assert due == datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    assert due.astimezone(BELGRADE).replace(tzinfo=None) == datetime(2026, 3, 29, 1, 30)


def test_a_wall_clock_time_that_comes_twice_is_read_early() -> None:
    received = datetime(2026, 10, 22, 2, 30, tzinfo=BELGRADE)
    assert deadline(limit(days=3), received, "Europe/Belgrade") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_moment_without_a_zone_is_not_a_moment() -> None:
    with pytest.raises(ValueError, match="time zone"):
        deadline(limit(hours=8), datetime(2026, 1, 1), "Europe/Belgrade")


@pytest.mark.parametrize("zone", ["Europe/Nowhere", "", "../etc/passwd", "/etc/passwd"])
def test_an_unknown_zone_gets_a_sentence(zone: str) -> None:
    with pytest.raises(LawError, match="is not known"):
        deadline(limit(days=3), datetime(2026, 1, 1, tzinfo=UTC), zone)


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2050, 1, 1), timezones=st.just(UTC)),
    st.sampled_from(LIMITS),
    st.sampled_from(
        ["Europe/Belgrade", "Europe/Kyiv", "Asia/Tbilisi", "America/Toronto", "Australia/Lord_Howe", "UTC"]
    ),
)
def test_a_deadline_lies_within_an_hour_or_so_of_its_length_and_never_before_receipt(
    received: datetime, law: Limit, zone: str
) -> None:
    due = deadline(law, received, zone)
    length = timedelta(hours=law.hours, days=law.days)
    assert due.tzinfo is UTC
    assert due > received
    assert abs(due - received - length) <= timedelta(hours=2)
    if law.days:
        there = ZoneInfo(zone)
        latest = (received.astimezone(there).replace(tzinfo=None) + timedelta(days=law.days)).replace(tzinfo=there)
        assert due <= latest


def test_warnings_come_at_half_and_at_four_fifths() -> None:
    start = datetime(2026, 5, 1, 8, tzinfo=UTC)
    assert warnings(start, start + timedelta(hours=10)) == (start + timedelta(hours=5), start + timedelta(hours=8))


def test_a_suspension_moves_the_warnings_with_the_deadline() -> None:
    start, stood = datetime(2026, 5, 1, 8, tzinfo=UTC), timedelta(hours=3)
    due = start + timedelta(hours=10)
    moved = warnings(start + stood, due + stood)
    assert moved.late == warnings(start, due).late + stood
