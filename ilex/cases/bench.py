"""A registry full of invented cases, and how fast it answers. For a throw-away database only."""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter
from uuid import UUID

from django.db import connection, transaction
from django.utils.timezone import localdate, now

from ilex.cases import index, queries
from ilex.cases.models import Case, CaseSubject, Step
from ilex.exchange.bench import DEEDS, FIRST, LAST, PLACES, THINGS
from ilex.exchange.rules import reference_key
from ilex.journal.actions import Act, write_many
from ilex.journal.models import Operation
from ilex.journal.rows import insert_many
from ilex.subjects.models import Subject
from ilex.units.models import Circle, Officer
from ilex.words import casework, law

BATCH = 2_000
SUBJECTS = 50_000  # of which those of the cases are drawn
OPEN_SHARE, CIRCLE_SHARE = 0.05, 0.01
YEARS = 8


@dataclass(frozen=True)
class Speed:
    """Milliseconds of one kind of question."""

    what: str
    median: float
    p95: float
    slowest: float


def seed_many(count: int, *, officer: Officer, seed: int = 1) -> int:
    """Put `count` invented cases on file, each with steps, a note and two subjects that are there; returns how many.

    One in twenty is open, one in a hundred stands in a circle to which nobody belongs. The same seed gives the same
    cases. Each batch is one transaction.
    """
    maker = Maker(random.Random(seed), officer, now())  # noqa: S311  # invented data, no secret
    for first in range(0, count, BATCH):
        maker.make(min(BATCH, count - first))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE cases_case, cases_casesubject, cases_step")  # as autovacuum would have by then
    return count


class Maker:
    def __init__(self, chance: random.Random, officer: Officer, at: datetime) -> None:
        self.chance, self.officer, self.at = chance, officer, at
        self.number = Case.objects.filter(number__startswith="BX-C-").count()
        self.subjects: Sequence[UUID] = list(Subject.objects.order_by("pk").values_list("pk", flat=True)[:SUBJECTS])
        self.areas = ["", *(offence.code for offence in law.offences())]
        self.outcomes = [one.code for one in casework.outcomes()]
        self.circle = Circle.objects.get_or_create(name="bench")[0]

    @transaction.atomic
    def make(self, count: int) -> None:
        made = [self.case() for _ in range(count)]
        insert_many([case for case, _note in made])
        insert_many([step for case, note in made for step in self.steps(case, note)])
        insert_many([row for case, _note in made for row in self.holds(case)])
        write_many(
            Act("case.invented", Operation.OPERATION, on=("case", str(case.pk)), case=case.number)
            for case, _note in made
        )

    def case(self) -> tuple[Case, str]:
        chance, self.number = self.chance, self.number + 1
        opened = self.at - timedelta(days=365 * YEARS * chance.random())
        is_open = chance.random() < OPEN_SHARE
        changed = min(self.at, opened + timedelta(days=200 * chance.random()))
        references = [f"OLD-{opened.year}-{chance.randrange(10**6):06d}"] if chance.random() < 0.5 else []
        note = f"{chance.choice(PLACES)}: {' '.join(chance.choice(THINGS + PLACES + DEEDS) for _ in range(12))}"
        waits = is_open and chance.random() < 0.2
        case = Case(
            number=f"BX-C-{opened.year}-{self.number:06d}",
            title=f"{chance.choice(THINGS)}, {chance.choice(PLACES)}",
            summary=f"{chance.choice(DEEDS)}: {chance.choice(FIRST)} {chance.choice(LAST)}, {chance.choice(PLACES)}",
            area=chance.choice(self.areas),
            state=Case.State.WAITING if waits else Case.State.OPEN if is_open else Case.State.CLOSED,
            owner=self.officer if chance.random() < 0.1 else None,
            circle=self.circle if chance.random() < CIRCLE_SHARE else None,
            references=references,
            reference_keys=[reference_key(one) for one in references],
            wake_at=localdate(changed) + timedelta(days=chance.randrange(400)) if waits else None,
            opened_at=opened,
            opened_by=self.officer,
            closed_at=None if is_open else changed,
            outcome="" if is_open else chance.choice(self.outcomes),
            changed_at=changed,
        )
        case.search = index.vector(case, [note])
        return case, note

    def steps(self, case: Case, note: str) -> Iterator[Step]:
        yield Step(case=case, kind=Step.Kind.OPENED, at=case.opened_at, by=self.officer)
        yield Step(case=case, kind=Step.Kind.NOTE, at=case.changed_at, by=self.officer, text=note)

    def holds(self, case: Case) -> Iterator[CaseSubject]:
        for subject in set(self.chance.choices(self.subjects, k=2)) if self.subjects else ():
            yield CaseSubject(case=case, subject_id=subject, by=self.officer, at=case.opened_at)


def numbers(count: int, *, seed: int = 3) -> list[str]:
    """Numbers of some cases that nobody hides."""
    chance = random.Random(seed)  # noqa: S311
    found = Case.objects.filter(circle=None).order_by("pk").values_list("number", flat=True)
    return chance.sample(list(found[: 20 * count]), min(count, found.count()))


def measure(officer: Officer, rounds: int = 40, *, seed: int = 2) -> list[Speed]:
    """How long the list and the search take on what is on file, in milliseconds."""
    chance = random.Random(seed)  # noqa: S311
    known = iter(numbers(rounds) * 2)
    return [
        _speed("cases: open", rounds, lambda: queries.case_rows(officer)),
        _speed("cases: all", rounds, lambda: queries.case_rows(officer, queries.CaseFilter(show="all"))),
        _speed("cases: mine", rounds, lambda: queries.case_rows(officer, queries.CaseFilter(show="mine"))),
        _speed("search: a number", rounds, lambda: queries.search(officer, next(known))),
        _speed("search: a name", rounds, lambda: queries.search(officer, name(chance))),
        _speed("search: a common word", rounds, lambda: queries.search(officer, chance.choice(THINGS + PLACES))),
        _speed("search: nothing", rounds, lambda: queries.search(officer, f"{name(chance)} {chance.random()}")),
    ]


def name(chance: random.Random) -> str:
    return f"{chance.choice(FIRST)} {chance.choice(LAST)}"


def _speed(what: str, rounds: int, ask: Callable[[], object]) -> Speed:
    times = []
    for _ in range(rounds):
        start = perf_counter()
        ask()
        times.append((perf_counter() - start) * 1000)
    p95 = statistics.quantiles(times, n=20)[-1]
    return Speed(what, round(statistics.median(times), 1), round(p95, 1), round(max(times), 1))
