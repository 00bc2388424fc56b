"""What the answers to the queries of a set are worth: found, missed, alarmed for nothing, and honest about it."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from evaluation.build import Query

BINS = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.95, 0.99, 1.0)
SCORES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Answer:
    query: Query
    ranked: Sequence[tuple[str, float]]  # key and score, the best first
    candidates: Collection[str] = ()  # what was compared, in no order

    @property
    def place(self) -> int:
        """Of the record that is meant: 1 is the first, 0 not found."""
        return next((place for place, (key, _) in enumerate(self.ranked, 1) if key == self.query.meant), 0)

    @property
    def score(self) -> float:
        """Of the record that is meant."""
        return next((score for key, score in self.ranked if key == self.query.meant), 0.0)

    @property
    def best(self) -> float:
        return self.ranked[0][1] if self.ranked else 0.0


@dataclass(frozen=True, slots=True)
class Quality:
    """Shares of a hundred."""

    asked: int
    first: float  # the meant record stands first
    five: float  # among the first five
    fifty: float
    candidates: float  # among those that were compared
    one: float  # missed in the first five, or scored no higher than 1 % of the absent ones
    percent_five: float  # the same with 5 %


def present(answers: Iterable[Answer]) -> list[Answer]:
    return [answer for answer in answers if answer.query.meant]


def absent(answers: Iterable[Answer], *, dated: bool) -> list[Answer]:
    """With names only, a record of the very same name is not a false alarm but all that can be said."""
    return [one for one in answers if "absent" in one.query.strata and (dated or not one.query.namesake)]


def threshold(answers: Sequence[Answer], share: float, *, dated: bool) -> float:
    """The score above which no more than this share of the absent ones alarm."""
    best = sorted((answer.best for answer in absent(answers, dated=dated)), reverse=True)
    return best[int(len(best) * share)] if best else 0.0


def quality(answers: Sequence[Answer], one: float, five: float) -> Quality:
    """`one` and `five` are the thresholds for 1 and 5 % alarms."""

    def share(good: Callable[[Answer], bool]) -> float:
        return 100 * sum(map(good, answers)) / max(1, len(answers))

    return Quality(
        len(answers),
        share(lambda answer: answer.place == 1),
        share(lambda answer: 1 <= answer.place <= SHOWN),
        share(lambda answer: 1 <= answer.place <= 50),
        share(lambda answer: answer.query.meant in answer.candidates),
        share(lambda answer: not (1 <= answer.place <= SHOWN and answer.score > one)),
        share(lambda answer: not (1 <= answer.place <= SHOWN and answer.score > five)),
    )


def by_stratum(answers: Iterable[Answer]) -> dict[str, list[Answer]]:
    """`all` first, then the wide strata, then the others."""
    found: dict[str, list[Answer]] = defaultdict(list)
    wide = ("attested", "by rule", "region", "arabic", "damage", "organisation")
    for answer in present(answers):
        for stratum in ("all", *answer.query.strata):
            found[stratum].append(answer)
    order = ["all", *wide]
    return {
        name: found[name] for name in sorted(found, key=lambda name: (order.index(name) if name in order else 99, name))
    }


def calibration(answers: Iterable[Answer]) -> Iterator[tuple[float, float, int, float, float]]:
    """Of the first five of each answer, by score: from, to, how many, what the score says, and what is true."""
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for answer in answers:
        for key, score in answer.ranked[:SHOWN]:
            bins[min(bisect_right(BINS, score), len(BINS) - 1)].append((score, key == answer.query.meant))
    for place, held in sorted(bins.items()):
        said, true = (sum(values) / len(held) for values in zip(*held, strict=True))
        yield BINS[place - 1], BINS[place], len(held), said, true


def alarms(answers: Sequence[Answer], *, dated: bool) -> Iterator[tuple[float, float, float]]:
    """Of a thousand queries for absent persons: a score, how many find anybody so high, and how many hits in all."""
    gone = absent(answers, dated=dated)
    for least in SCORES:
        hits = [sum(score >= least for _, score in answer.ranked) for answer in gone]
        each = 1000 / max(1, len(gone))
        yield least, each * sum(map(bool, hits)), each * sum(hits)
