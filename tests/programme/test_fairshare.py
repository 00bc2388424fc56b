"""Trainings spread evenly over locations, at every moment and not only at the end."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilex.programme.rules.fairshare import short, spread

SIX = ["AL", "BA", "XK", "MK", "ME", "RS"]  # the locations of the seeds

locations = st.lists(st.sampled_from([*SIX, "MD", "UA", "GE"]), min_size=1, unique=True)


def test_hosting_goes_round_in_the_order_given() -> None:
    assert spread(SIX, 8) == [*SIX, "AL", "BA"]


def test_who_is_behind_catches_up_first_and_then_who_waits_longest() -> None:
    held = {"AL": 2, "BA": 2, "RS": 1}
    last = {"AL": date(2026, 5, 1), "BA": date(2026, 3, 1), "RS": date(2026, 9, 1)}
    assert spread(["AL", "BA", "RS"], 4, held, last) == ["RS", "BA", "AL", "RS"]


@given(locations, st.integers(0, 60))
def test_nobody_is_ever_more_than_one_ahead(places: list[str], count: int) -> None:
    hosted = Counter(dict.fromkeys(places, 0))
    for one in spread(places, count):
        hosted[one] += 1
        assert max(hosted.values()) - min(hosted.values()) <= 1


@given(locations, st.integers(0, 60), st.lists(st.integers(0, 9), min_size=9, max_size=9))
def test_difference_that_is_there_never_grows(places: list[str], count: int, before: list[int]) -> None:
    hosted = dict(zip(places, before, strict=False))
    gap = max(1, max(hosted.values()) - min(hosted.values()))
    for one in spread(places, count, dict(hosted)):
        hosted[one] += 1
        assert max(hosted.values()) - min(hosted.values()) <= gap


def test_who_is_short_is_told() -> None:
    assert short({"AL": 3, "BA": 2, "RS": 0}) == {"RS": 3}
    assert short({}) == {}


@pytest.mark.parametrize(("places", "count"), [([], 1), (["AL", "AL"], 2), (["AL"], -1)])
def test_impossible_plan_gets_one_sentence(places: list[str], count: int) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        spread(places, count)
