"""How many false alerts the measured scores give, by the kind of what is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext

from ilex.crosscheck.queries import bars
from ilex.crosscheck.views.beside import kind_words
from ilex.matching import thresholds
from ilex.matching.thresholds import Alert
from ilex.words import kinds


@dataclass(frozen=True)
class AlertRow:
    """Per 1,000 checks of somebody whom nobody holds."""

    words: str
    score: int  # of 100
    by_name: str
    with_date: str
    shown: bool  # from here on leads are shown now
    strong: bool


def alert_rows() -> list[AlertRow]:
    """Of every kind that was measured."""
    return [row for kind in kinds.kinds() for row in _rows(kind.code, thresholds.alerts(kind.code))]


def expected(kind: str, *, dated: bool) -> str:
    """What is shown for nothing, as a sentence; empty for a kind that was not measured."""
    told, bar = thresholds.alerts(kind), bars(kind)
    at = next((one for one in told if one.score >= bar.show), None)
    if at is None:
        return ""
    count = round(at.with_date if dated else at.by_name)
    return gettext("Of 1,000 such checks of persons whom nobody holds about %(count)d show a lead too.") % {
        "count": count
    }


def _rows(kind: str, told: tuple[Alert, ...]) -> Iterator[AlertRow]:
    bar = bars(kind)
    first = next((one.score for one in told if one.score >= bar.show), None)
    strong = next((one.score for one in told if one.score >= bar.strong), None)
    for one in told:
        yield AlertRow(
            kind_words(kind),
            round(one.score * 100),
            number_format(one.by_name),
            number_format(one.with_date),
            one.score == first,
            one.score == strong,
        )
