"""What the answers of the cross-check and of its peers are worth, as lines of a report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evaluation.measure import Answer, Quality, alarms, by_stratum, calibration, present, quality, threshold
from ilex.config.bench.report import Figure, Measure

OURS = "Ilex"
NEVER = 0.01  # a share of a hundred so small that a ratio to it says nothing


@dataclass(frozen=True)
class System:
    """One tool's answers to the queries that all tools got."""

    name: str
    bare: Sequence[Answer]
    dated: Sequence[Answer]

    def worth(self, *, dated: bool, stratum: str = "all") -> Quality:
        answers = self.dated if dated else self.bare
        one, five = (threshold(answers, share, dated=dated) for share in (0.01, 0.05))
        return quality(by_stratum(answers).get(stratum, []), one, five)


@dataclass(frozen=True)
class Demand:
    """A limit of the issue: what we miss, as a share of what the best peer misses."""

    name: str
    dated: bool
    stratum: str
    kind: str  # five, one (missed at 1 % alarms) or percent_five
    limit: float
    least: int = 0  # records from which it is asked for
    most: int = 10**9

    def missed(self, system: System) -> float:
        found = system.worth(dated=self.dated, stratum=self.stratum)
        return 100 - found.five if self.kind == "five" else float(getattr(found, self.kind))


# Point 1 of "It is done when" of the fourth issue.
DEMANDS = (
    Demand("missed in the first five, names only", False, "all", "five", 0.35, most=300_000),
    Demand("missed in the first five, with dates", True, "all", "five", 0.30, most=300_000),
    Demand("the same, the region's scripts", True, "region", "five", 0.15, most=300_000),
    Demand("missed in the first five, names only, Arabic", False, "arabic", "five", 0.25, most=300_000),
    Demand("missed in the first five, with dates, 1 M", True, "all", "five", 0.25, least=300_000),
    Demand("missed at 1 % alarms, with dates", True, "all", "one", 0.40, most=300_000),
    Demand("missed at 5 % alarms, names only", False, "all", "percent_five", 0.70, most=300_000),
)


def ratios(ours: System, peers: Sequence[System], records: int) -> Iterator[Measure]:
    for demand in DEMANDS:
        if not peers or not demand.least <= records <= demand.most:
            continue
        best = min(peers, key=demand.missed)
        missed, theirs = demand.missed(ours), demand.missed(best)
        if theirs < NEVER:
            yield Measure(demand.name, missed, "of a hundred", f"{best.name} misses none: no ratio")
            continue
        yield Figure(
            f"{demand.name}: ratio",
            max(missed, NEVER) / theirs,
            f"× ({missed:.1f} of {theirs:.1f} of a hundred, {best.name})",
            limit=demand.limit,
            most=True,
        )


def own_figures(bare: Sequence[Answer], dated: Sequence[Answer]) -> Iterator[Figure]:
    """Candidate recall and what a score of 0.9 is worth, both ways of asking together."""
    both = [*present(bare), *present(dated)]
    held = 100 * sum(1 <= answer.place <= 50 for answer in both) / max(1, len(both))
    yield Figure("candidate recall at 50", held, "of a hundred", limit=97.0)
    nine = [row for row in calibration([*bare, *dated]) if row[0] >= 0.85 and row[1] <= 0.95]
    if nine:
        _, _, hits, said, true = nine[0]
        yield Figure("true among hits scored about 0.9", 100 * true, f"of {hits} hits, said {said:.2f}", limit=85.0)


def table(system: System, *, dated: bool) -> list[Measure]:
    """By stratum what is missed in the first five, with the other figures behind."""
    answers = system.dated if dated else system.bare
    one, five = (threshold(answers, share, dated=dated) for share in (0.01, 0.05))
    return [
        Measure(
            f"{name} ({worth.asked})",
            100 - worth.five,
            "% missed",
            f"r@1 {worth.first:.1f}, r@50 {worth.fifty:.1f},"
            f" missed at 1 % alarms {worth.one:.1f}, at 5 % {worth.percent_five:.1f}",
        )
        for name, group in by_stratum(answers).items()
        for worth in [quality(group, one, five)]
    ]


def honesty(answers: Sequence[Answer]) -> list[Measure]:
    """What is true of hits by their score."""
    return [
        Measure(f"scored {low:.2f} to {high:.2f}", 100 * true, "% true", f"{hits} hits, {100 * said:.1f} said")
        for low, high, hits, said, true in calibration(answers)
    ]


def noise(answers: Sequence[Answer], *, dated: bool) -> list[Measure]:
    return [
        Measure(f"score {least:.2f} or more", alarmed, "of 1,000 absent ones", f"{hits:.0f} hits")
        for least, alarmed, hits in alarms(answers, dated=dated)
    ]
