"""What a measurement says: the machine, the size, the parts, the figures, their limits and the ratio to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

NAME, VALUE = 46, 12  # columns of a line


@dataclass(frozen=True)
class Measure:
    name: str
    value: float
    unit: str
    note: str = ""

    @property
    def line(self) -> str:
        return f"  {self.name:<{NAME}} {number(self.value):>{VALUE}} {self.unit}{self._behind(self.note)}"

    def _behind(self, words: str) -> str:
        return f"  ({words})" if words else ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Figure(Measure):
    """A measure that has a limit: a least one, unless `most`."""

    limit: float = field(kw_only=True)
    most: bool = field(default=False, kw_only=True)

    @property
    def ratio(self) -> float:
        """1 is just met; 2 is twice as good as the limit, whichever way it goes."""
        good, bad = (self.limit, self.value) if self.most else (self.value, self.limit)
        return good / bad if bad else 0.0

    @property
    def verdict(self) -> str:
        return "meets the limit" if self.ratio >= 1 else "misses the limit"

    @property
    def line(self) -> str:
        side = "at most" if self.most else "at least"
        words = f"limit: {side} {number(self.limit)}; ratio {self.ratio:.2f}: {self.verdict}"
        return f"{super().line}  {words}"

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "ratio": round(self.ratio, 3), "met": self.ratio >= 1}


@dataclass(frozen=True)
class Report:
    what: str
    machine: Mapping[str, str]
    size: Mapping[str, str]
    parts: Sequence[tuple[str, Sequence[Measure]]]  # under headings
    figures: Sequence[Measure]

    def as_text(self) -> str:
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        yield f"ilex bench {self.what}"
        for heading, facts in (("machine", self.machine), ("size", self.size)):
            yield f"\n{heading}"
            yield from (f"  {name:<{NAME}} {fact}" for name, fact in facts.items())
        for heading, measures in (*self.parts, ("figures", self.figures)):
            yield f"\n{heading}"
            yield from (measure.line for measure in measures)

    def as_json(self) -> dict[str, Any]:
        return {
            "bench": self.what,
            "machine": dict(self.machine),
            "size": dict(self.size),
            "parts": {heading: [measure.as_json() for measure in measures] for heading, measures in self.parts},
            "figures": [figure.as_json() for figure in self.figures],
        }


def number(value: float) -> str:
    """Three digits that count, with commas between thousands."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
