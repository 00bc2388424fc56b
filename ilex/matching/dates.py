"""Two dates of birth side by side: what is the same, which slip would make them the same, what contradicts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from ilex.words.dates import PartialDate

NEAR = 2  # years that memory and rounding explain
# The most telling first: of several dates of both sides the best pair speaks.
ORDER = (
    *("same", "swapped_day_month", "two_digits", "one_digit", "same_first_of_january", "same_month", "same_year"),
    *("other_day", "other_year_same_day", "near_year", "other_year"),
)
RANK = {code: place for place, code in enumerate(ORDER)}


def compare(asked: Sequence[PartialDate], held: Sequence[PartialDate]) -> tuple[str, PartialDate, PartialDate] | None:
    """The code of the best pair, and the pair; None when one side has no date."""
    best: tuple[int, PartialDate, PartialDate] | None = None
    for one in asked:
        for other in held:
            rank = RANK[code(one, other)]
            if best is None or rank < best[0]:
                best = (rank, one, other)
    return (ORDER[best[0]], best[1], best[2]) if best else None


@lru_cache(maxsize=50_000)
def code(one: PartialDate, other: PartialDate) -> str:
    """How two dates differ, by a code of `reasons.BORN`."""
    years = abs(one.value.year - other.value.year)
    if one.precision == other.precision == "day":
        return _of_days(str(one), str(other), years)
    if years:
        return "near_year" if years <= NEAR else "other_year"
    if "year" in (one.precision, other.precision) or _only_year(one) or _only_year(other):
        return "same_year"
    return "same_month" if one.value.month == other.value.month else "other_day"


def _of_days(one: str, other: str, years: int) -> str:
    if one == other:
        return "same_first_of_january" if one.endswith("-01-01") else "same"
    # Registers write the first of January where only the year is known.
    if not years and (one.endswith("-01-01") or other.endswith("-01-01")):
        return "same_year"
    if one[:4] == other[:4] and one[5:7] == other[8:] and one[8:] == other[5:7]:
        return "swapped_day_month"
    wrong = [place for place in range(10) if one[place] != other[place]]
    if len(wrong) == 1:
        return "one_digit"
    if _exchanged(one, other, wrong):
        return "two_digits"
    if not years:
        return "other_day"
    if one[5:] == other[5:]:
        return "other_year_same_day"
    return "near_year" if years <= NEAR else "other_year"


def _exchanged(one: str, other: str, wrong: list[int]) -> bool:
    """Whether two neighbouring digits stand in each other's place."""
    if len(wrong) != 2 or one[wrong[0]] != other[wrong[1]] or one[wrong[1]] != other[wrong[0]]:
        return False
    return wrong[1] - wrong[0] == 1 or one[wrong[0] + 1 : wrong[1]] == "-"


def _only_year(date: PartialDate) -> bool:
    return date.precision == "month" and date.value.month == 1
