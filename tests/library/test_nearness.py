"""Why two items may tell of one event, and when that is too little."""

from __future__ import annotations

from datetime import date

import pytest

from ilex.library.rules.nearness import Facts, reasons

DAY = date(2019, 2, 20)


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (Facts("a", activities={1, 2}), Facts("b", activities={2}), ("same-activity",)),
        (
            Facts("ministers adopt commitments", days={DAY}, places={"tr-istanbul"}),
            Facts("opening of the conference", days={DAY}, places={"tr-istanbul", "TR"}),
            ("same-day", "same-place"),
        ),
        (
            Facts("study on trafficking presented in athens"),
            Facts("in athens study on trafficking presented"),
            ("near-title",),
        ),
        (Facts("a", days={DAY}), Facts("b", days={DAY}), ()),
        (Facts("a", places={"RS"}), Facts("b", places={"RS"}), ()),
        (Facts(), Facts(), ()),
    ],
)
def test_reasons_are_named_and_too_little_is_nothing(one: Facts, other: Facts, why: tuple[str, ...]) -> None:
    assert reasons(one, other) == why
    assert reasons(other, one) == why
