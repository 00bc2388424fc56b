"""A register full of invented subjects, and how fast it is taken in. For a throw-away database only."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, BinaryIO

from django.db import connection

from ilex.subjects.actions.importing import Asked, take_in
from ilex.subjects.files.tables import Columns
from ilex.units.models import Officer

LINKS = 0.1  # of all subjects
# Names that nobody bears, in four scripts: each is put together of syllables.
SYLLABLES = (
    ("бо", "ра", "ми", "ло", "ка", "ђе", "ву", "сте", "ња", "зо"),
    ("ta", "ri", "šo", "ne", "lu", "ča", "ve", "dž", "mo", "ki"),
    ("გა", "მო", "რი", "ნე", "ლო", "თა", "ვე", "ში"),
    ("հա", "րո", "նե", "մա", "կի", "լո", "վա", "սի"),
)
ENDINGS = (("вић", "ски", "енко"), ("escu", "ović", "ák"), ("შვილი", "ძე"), ("յան", "ունի"))
COUNTRIES = ("rs", "mk", "hu", "md", "ro", "ua", "ge", "am", "al", "ba", "me", "xk")
STREETS = ("Измишљена улица", "Strada Inventată", "Kitalált utca", "Rruga e Trilluar")


@dataclass(frozen=True)
class Speed:
    """What was taken in, in which time: checked, folded, indexed, journalled and committed."""

    subjects: int
    statements: int
    links: int
    seconds: float

    @property
    def subjects_a_second(self) -> float:
        return self.subjects / self.seconds

    @property
    def statements_each(self) -> float:
        return self.statements / self.subjects


def measure(officer: Officer, subjects: int, *, source: str = "Bench", seed: int = 3) -> Speed:
    """Take in an invented FollowTheMoney file of this many subjects, with three to six statements each.

    The time is that of `take_in` alone, from the opened file to the commit. Asks for an officer who may import, and
    for a source that was not used before.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / "invented.ftm.json"
        with path.open("wb") as file:
            write(file, subjects, seed)
        with path.open("rb") as file:
            started = perf_counter()
            asked = Asked("ftm", path.name, source, "Measuring", Columns(category="suspect"))
            report = take_in(officer, file, asked)
            seconds = perf_counter() - started
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE subjects_subject, subjects_statement, subjects_link")
    return Speed(report.subjects, report.statements, report.links, seconds)


def write(file: BinaryIO | BytesIO, subjects: int, seed: int = 3) -> None:
    """Invented entities as FollowTheMoney, the same for the same seed."""
    for entity in invented(subjects, seed):
        file.write(json.dumps(entity, ensure_ascii=False).encode() + b"\n")


def invented(subjects: int, seed: int = 3) -> Iterator[dict[str, Any]]:
    chance = random.Random(seed)  # noqa: S311  # no secret: the same file each time
    for number in range(subjects):
        make = chance.choices((_person, _vehicle, _organisation), (8, 1, 1))[0]
        yield make(chance, number)
        if number and chance.random() < LINKS:
            yield _link(chance, number)


def _person(chance: random.Random, number: int) -> dict[str, Any]:
    said = {"name": _name(chance), "birthDate": _day(chance), "nationality": chance.choice(COUNTRIES)}
    if chance.random() < 0.7:
        said["passportNumber"] = f"{chance.choice('ABCDEFGH')}{chance.choice('KLMNP')}{chance.randrange(10**7):07}"
    if chance.random() < 0.5:
        said["address"] = f"{chance.choice(STREETS)} {chance.randrange(1, 200)}"
    if chance.random() < 0.3:
        said["phone"] = f"+38164{chance.randrange(10**7):07}"
    return _entity(number, "Person", said)


def _vehicle(chance: random.Random, number: int) -> dict[str, Any]:
    letters = "".join(chance.choices("ABEKMHOPCT", k=4))
    said = {"registrationNumber": f"{letters[:2]} {chance.randrange(10**4):04} {letters[2:]}", "country": "ua"}
    said |= {
        "name": chance.choice(("Yugo", "Zastava", "Lada", "Dacia")),
        "buildDate": str(chance.randrange(1980, 2026)),
    }
    return _entity(number, "Vehicle", said)


def _organisation(chance: random.Random, number: int) -> dict[str, Any]:
    said = {"name": f"{_word(chance, 1, 3)} d.o.o.", "registrationNumber": f"{chance.randrange(10**8):08}"}
    return _entity(number, "Company", said | {"jurisdiction": chance.choice(COUNTRIES), "sector": "Transport"})


def _link(chance: random.Random, number: int) -> dict[str, Any]:
    return _entity(-number, "UnknownLink", {"subject": f"s{number}", "object": f"s{chance.randrange(number)}"})


def _entity(number: int, schema: str, said: dict[str, str]) -> dict[str, Any]:
    return {"id": f"s{number}", "schema": schema, "properties": {name: [value] for name, value in said.items()}}


def _name(chance: random.Random) -> str:
    """As on a register of a country: some hundred forenames, some ten thousand family names."""
    script = chance.randrange(len(SYLLABLES))
    return f"{_word(chance, script, 2)} {_word(chance, script, 3)}{chance.choice(ENDINGS[script])}"


def _word(chance: random.Random, script: int, size: int) -> str:
    return "".join(chance.choices(SYLLABLES[script], k=size)).capitalize()


def _day(chance: random.Random) -> str:
    year, month, day = chance.randrange(1940, 2008), chance.randrange(1, 13), chance.randrange(1, 29)
    return f"{year}" if chance.random() < 0.1 else f"{year}-{month:02}-{day:02}"
