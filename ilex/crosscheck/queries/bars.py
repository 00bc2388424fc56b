"""From which score on a hit is shown, and called strong: as the model says, unless the unit said otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from ilex.crosscheck.models import Threshold
from ilex.matching import thresholds


@dataclass(frozen=True)
class Bar:
    show: float
    strong: float


class Bars:
    """Those that hold now, read once."""

    def __init__(self) -> None:
        rows = Threshold.objects.values_list("kind", "source", "show", "strong")
        self._said = {(kind, source): Bar(show, strong) for kind, source, show, strong in rows}

    def of(self, kind: str, source: str) -> Bar:
        """The nearest rule holds: of kind and source, of the source, of the kind, of the model."""
        for asked in ((kind, source), ("", source), (kind, "")):
            if (bar := self._said.get(asked)) is not None:
                return bar
        return of_model(kind)


def of_model(kind: str) -> Bar:
    known = thresholds.of(kind)
    return Bar(known.show, known.strong)


def bars(kind: str = "", source: str = "") -> Bar:
    return Bars().of(kind, source)
