"""What is shown, what is called strong, and how many false alerts that costs."""

from __future__ import annotations

from ilex.matching import thresholds
from ilex.words import kinds


def test_every_kind_shows_before_it_calls_strong() -> None:
    for kind in ("", *kinds.ORDER):
        assert 0 < thresholds.of(kind).show < thresholds.of(kind).strong < 1


def test_a_higher_score_costs_fewer_false_alerts() -> None:
    told = thresholds.alerts("person")

    assert [one.score for one in told] == sorted(one.score for one in told)
    assert [one.by_name for one in told] == sorted((one.by_name for one in told), reverse=True)
    assert [one.with_date for one in told] == sorted((one.with_date for one in told), reverse=True)
    assert thresholds.measured_among() >= 20_000


def test_what_was_not_measured_is_not_said() -> None:
    assert thresholds.alerts("vehicle") == ()
