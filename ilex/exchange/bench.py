"""A desk full of invented requests, and how fast it answers. For a throw-away database only."""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import AutoField, Model
from django.utils.timezone import now
from psycopg.types.json import Jsonb

from ilex.exchange import index, queries
from ilex.exchange.actions import clockwork
from ilex.exchange.models import ClockMove, Entry, Request, State, Subject, Way
from ilex.exchange.rules import alarm_moments, name_key, next_alarm, reference_key
from ilex.index import vector
from ilex.journal.actions import Act, write_many
from ilex.journal.models import Operation
from ilex.units import queries as units
from ilex.units.models import Officer, Organisation

BATCH = 1_000
OPEN_SHARE = 0.02  # of all requests on file; the others are settled and mostly closed
YEARS = 3

# Nobody real: first names of several languages beside family names that no language has.
FIRST = (
    *("Ана", "Бојан", "Ђорђе", "Милица", "Вук", "Ѓорѓи", "Билјана", "Ilona", "Gábor", "Zsófia", "Ioana", "Ștefan"),
    *("Оксана", "Тарас", "Наталія", "გიორგი", "ნინო", "თამარ", "Արամ", "Անահիտ", "Vasile", "Doina", "Arben", "Élise"),
)
LAST = (
    *("Измишљени", "Непостојећи", "Замишљени", "Измислен", "Kitalált", "Képzelt", "Inventatu", "Nimeni", "Вигаданий"),
    *("გამოგონილი", "არავინ", "Հորինված", "Askushi", "Personne", "Нитко", "Senki", "Nicăieri", "Ніхтошин"),
)
THINGS = (
    "возило",
    "vehicle",
    "jármű",
    "документ",
    "telephone",
    "бродски контејнер",
    "cash",
    "паспорт",
    "weapon",
    "рачун",
)
DEEDS = ("крађа возила", "трговина људима", "vehicle theft", "falsified documents", "csempészet", "шахрайство", "fraud")
PLACES = ("Табановце", "Röszke", "Порубне", "Sculeni", "Прешево", "Horgoš", "Siret", "Батуми", "Хоргош", "Kelebia")


@dataclass(frozen=True)
class Speed:
    """Milliseconds of one kind of question."""

    what: str
    median: float
    p95: float
    slowest: float


def seed_many(count: int, *, seed: int = 1, officer: Officer | None = None) -> int:
    """Put `count` invented requests on file, with subjects, entries, clock moves and journal lines; returns how many.

    About one in fifty is open. The same seed gives the same requests. Each batch is one transaction.
    """
    maker = Maker(random.Random(seed), officer, now())  # noqa: S311  # invented data, no secret
    for first in range(0, count, BATCH):
        maker.make(min(BATCH, count - first))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE exchange_request, exchange_subject, exchange_entry, exchange_clockmove")
    return count


class Maker:
    def __init__(self, chance: random.Random, officer: Officer | None, at: datetime) -> None:
        self.chance, self.officer, self.at = chance, officer, at
        self.here = units.here()
        self.partners: Sequence[Organisation] = list(units.units().exclude(pk=self.here.pk).exclude(place=None))
        if not self.partners:
            raise ValueError("There is no other unit in the directory to invent requests with.")
        self.number = Request.objects.filter(our_ref__startswith="BENCH-").count()

    def make(self, count: int) -> None:
        requests = [self.request() for _ in range(count)]
        subjects = [subject for request in requests for subject in self.subjects(request)]
        names: dict[UUID, list[str]] = {}
        for subject in subjects:
            names.setdefault(subject.request_id, []).extend([subject.name, *subject.numbers])
        for request in requests:
            request.search = vector(index.words(*index.texts_of(request, names[request.pk])))
        with transaction.atomic():
            _copy(Request, requests)
            _copy(Subject, subjects)
            _copy(Entry, [entry for request in requests for entry in self.entries(request)])
            _copy(ClockMove, [move for request in requests for move in self.moves(request)])
            write_many(Act("request.invented", Operation.OPERATION, on=("request", str(one.pk))) for one in requests)

    def request(self) -> Request:
        chance, self.number = self.chance, self.number + 1
        partner, way = chance.choice(self.partners), chance.choice([Way.IN, Way.OUT])
        is_open = chance.random() < OPEN_SHARE
        made_at = self.at - (timedelta(days=chance.random() * 6) if is_open else self._long_ago())
        their_ref = f"{partner.place_id}-{made_at.year}-{chance.randrange(1_000_000):06d}"
        request = Request(
            id=UUID(int=chance.getrandbits(128), version=4),
            inquiry=UUID(int=chance.getrandbits(128), version=4),
            way=way,
            partner=partner,
            requesting_place_id=partner.place_id if way == Way.IN else self.here.place_id,
            submitted_by=partner if way == Way.IN else self.here,
            our_ref=f"BENCH-{made_at.year}-{self.number:06d}",
            their_ref=their_ref,
            their_ref_key=reference_key(their_ref),
            state=chance.choice([State.RECEIVED, State.WORK]) if way == Way.IN else State.SENT,
            profile="bilateral",
            requested_information=f"{chance.choice(THINGS)}, {chance.choice(PLACES)}: {self._name()}?",
            facts=" ".join(chance.choice(THINGS + PLACES + DEEDS) for _ in range(12)),
            underlying_offence=chance.choice(DEEDS),
            purpose=chance.choice(DEEDS),
            urgency=chance.choice(["", "", "U_A", "U_D"]),
            language="en",
            channel=chance.choice(["node", "node", "node", "siena", "interpol"]),
            received_at=made_at,
            owner=self.officer if chance.random() < 0.3 else None,
            made_at=made_at,
        )
        clockwork.set_limit(request, made_at, self.here)
        self._settle(request) if not is_open else self._wind(request)
        return request

    def _long_ago(self) -> timedelta:
        return timedelta(days=15 + self.chance.random() * 365 * YEARS)

    def _settle(self, request: Request) -> None:
        request.settled_at = request.made_at + timedelta(hours=self.chance.random() * 200)
        request.settled_as = self.chance.choice([State.ANSWERED, State.ANSWERED, State.REFUSED])
        request.closed_at = request.settled_at if self.chance.random() < 0.9 else None
        request.state = State.CLOSED if request.closed_at else request.settled_as

    def _wind(self, request: Request) -> None:
        if request.due_at is None:
            return
        moments = alarm_moments(request.made_at, request.due_at, timedelta())
        request.alarm, request.alarm_at = next_alarm(moments, "half", self.at)
        if self.chance.random() < 0.1:
            request.state, request.stopped_at, request.alarm_at = State.CLARIFYING, request.made_at, None

    def _name(self) -> str:
        return f"{self.chance.choice(FIRST)} {self.chance.choice(LAST)}"

    def subjects(self, request: Request) -> Iterator[Subject]:
        for order in range(self.chance.randint(1, 3)):
            kind = self.chance.choice([Subject.Kind.PERSON, Subject.Kind.PERSON, Subject.Kind.VEHICLE])
            plate = f"{request.partner.place_id}-{self.chance.randrange(100_000):05d}-ZZ"
            name = self._name() if kind == Subject.Kind.PERSON else plate
            yield Subject(request=request, order=order, kind=kind, name=name, folded=name_key(name), numbers=[plate])

    def entries(self, request: Request) -> Iterator[Entry]:
        common = {"request": request, "channel": request.channel, "language": "en"}
        yield Entry(kind=Entry.Kind.REQUEST, way=request.way, at=request.made_at, reached_at=request.made_at, **common)
        if request.settled_at:
            refused = request.settled_as == State.REFUSED
            yield Entry(
                kind=Entry.Kind.REFUSAL if refused else Entry.Kind.ANSWER,
                way=Way.OUT if request.way == Way.IN else Way.IN,
                at=request.settled_at,
                stage="" if refused else "final",
                settles=True,
                grounds=[self.chance.choice(["a", "f.ii", "h"])] if refused else [],
                **common,
            )

    def moves(self, request: Request) -> Iterator[ClockMove]:
        yield ClockMove(request=request, kind="started", at=request.made_at, due_at=request.due_at, reason="received")
        if request.settled_at:
            yield ClockMove(request=request, kind="settled", at=request.settled_at, reason=request.settled_as)


def _copy(model: type[Model], rows: Sequence[Model]) -> None:
    """As bulk_create, several times as fast; the triggers of the guard hold for COPY too."""
    columns = [field for field in model._meta.concrete_fields if not isinstance(field, AutoField)]
    names = ", ".join(f'"{field.column}"' for field in columns)
    with (
        connection.cursor() as cursor,
        cursor.cursor.copy(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN') as copying,
    ):
        for row in rows:
            copying.write_row([_prepared(field.pre_save(row, add=True)) for field in columns])


def _prepared(value: Any) -> Any:
    return Jsonb(value) if isinstance(value, dict) else value


def measure(officer: Officer, rounds: int = 40, *, seed: int = 2) -> list[Speed]:
    """How long the desk, its counts and the search take on what is on file, in milliseconds."""
    chance = random.Random(seed)  # noqa: S311
    texts = [f"{chance.choice(FIRST)} {chance.choice(LAST)[:5]}" for _ in range(rounds)]
    texts[::4] = [f"BENCH-2026-{chance.randrange(10_000):04d}" for _ in texts[::4]]
    texts[1::4] = [chance.choice(THINGS + DEEDS + PLACES) for _ in texts[1::4]]
    asked = iter(texts * 2)
    return [
        _speed("desk: rows", rounds, lambda: queries.desk_rows(officer)),
        _speed("desk: rows of one partner", rounds, lambda: queries.desk_rows(officer, partner=_any_partner())),
        _speed("desk: counts", rounds, lambda: queries.desk_counts(officer)),
        _speed("desk: settled", rounds, lambda: queries.desk_rows(officer, show="settled")),
        _speed("search", rounds, lambda: queries.search(officer, next(asked), reason="bench")),
    ]


def _any_partner() -> str:
    return units.units().exclude(pk=units.here().pk).values_list("pk", flat=True)[0]


def _speed(what: str, rounds: int, ask: Callable[[], object]) -> Speed:
    times = []
    for _ in range(rounds):
        start = perf_counter()
        ask()
        times.append((perf_counter() - start) * 1000)
    p95 = statistics.quantiles(times, n=20)[-1]
    return Speed(what, round(statistics.median(times), 1), round(p95, 1), round(max(times), 1))
