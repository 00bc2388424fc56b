from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from django.utils.timezone import override
from hypothesis import given
from hypothesis import strategies as st

from ilex.web.moments import moment_text, nearness, utc_text, words_left, words_of

NOW = datetime(2026, 11, 21, 13, 32, tzinfo=UTC)


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(hours=2, minutes=41), "2 h 41 min left"),
        (timedelta(days=3, hours=4, minutes=59), "3 d 4 h left"),
        (timedelta(days=3), "3 d left"),
        (timedelta(hours=8), "8 h left"),
        (timedelta(minutes=1), "1 min left"),
        (timedelta(seconds=59), "due now"),
        (timedelta(0), "due now"),
        (-timedelta(seconds=1), "overdue"),
        (-timedelta(minutes=1), "overdue by 1 min"),
        (-timedelta(days=3, hours=4), "overdue by 3 d 4 h"),
    ],
)
def test_time_left_is_told_in_words(length: timedelta, words: str) -> None:
    assert words_left(NOW + length, NOW) == words


def test_units_are_written_out_with_their_plural() -> None:
    assert words_of(timedelta(days=1, hours=2), long=True) == "1 day 2 hours"
    assert words_of(timedelta(hours=1, minutes=1), long=True) == "1 hour 1 minute"
    assert words_of(timedelta(0), long=True) == "0 minutes"


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=400)))
def test_nobody_is_shown_more_time_than_there_is(length: timedelta) -> None:
    told = timedelta(0)
    words = words_of(length).split()
    for number, unit in zip(words[::2], words[1::2], strict=True):
        told += int(number) * {"d": timedelta(days=1), "h": timedelta(hours=1), "min": timedelta(minutes=1)}[unit]
    assert told <= length < told + (timedelta(hours=1) if length >= timedelta(days=1) else timedelta(minutes=1))


@pytest.mark.parametrize(
    ("length", "what"),
    [
        (timedelta(hours=8, seconds=1), "far"),
        (timedelta(hours=8), "near"),
        (timedelta(0), "near"),
        (-timedelta(microseconds=1), "overdue"),
    ],
)
def test_a_deadline_is_near_from_eight_hours_on(length: timedelta, what: str) -> None:
    assert nearness(NOW + length, NOW) == what


def test_a_moment_is_told_in_the_time_of_the_unit_and_in_utc() -> None:

    with override(ZoneInfo("Europe/Belgrade")):
        assert moment_text(NOW) == "21 Nov 2026, 14:32 CET"
        assert moment_text(NOW.replace(month=7)) == "21 Jul 2026, 15:32 CEST"
    assert utc_text(NOW) == "21 Nov 2026, 13:32 UTC"


@pytest.mark.parametrize("language", ["en", "sr", "sr-latn", "mk", "ro", "uk", "ka", "hy", "hu", "sq"])
def test_every_page_language_tells_the_24_hours(language: str) -> None:
    with translation.override(language):
        assert "13:32" in utc_text(NOW)
        assert "21" in utc_text(NOW)
