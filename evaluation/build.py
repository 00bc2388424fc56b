"""A set to measure with: records with their near misses, queries with the record that is meant, and absent persons.

Deterministic: the same numbers and the same part give the same set on every machine.
`python -m evaluation.build --records 100000 --part train FOLDER` writes records.jsonl and queries.jsonl.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import chain, islice
from pathlib import Path

from evaluation import companies, persons
from evaluation.peers.latin import ascii_name
from evaluation.persons import Person
from ilex.matching.facts import Facts

SEED = 20261122
PARTS = ("train", "test", "apart")  # nobody tunes on `apart`
QUERIES, ABSENT = 3_000, 1_000
ORGANISATIONS = 0.06  # share of the queries
TRIES = 10_000  # before the people of a stratum are held to be used up
# By the first word of the stratum: names of real people and scripts count more than each single kind of damage.
WEIGHTS = {"arabic": 2.5, "hebrew": 3.0, "russian": 2.0, "ukrainian": 2.0, "script": 2.0, "between": 2.0, "damage": 0.6}


@dataclass(frozen=True, slots=True)
class Query:
    key: str
    facts: Facts
    meant: str  # the key of the record; empty: nobody of the records is meant
    strata: tuple[str, ...]
    namesake: bool = False  # an absent one of whose very name there is a record with another date

    def bare(self) -> Query:
        """The same with the names only."""
        return replace(self, facts=Facts(kind=self.facts.kind, names=self.facts.names))

    def dated(self) -> Query:
        """With the names and the date."""
        return replace(self, facts=Facts(kind=self.facts.kind, names=self.facts.names, born=self.facts.born))


@dataclass
class EvaluationSet:
    part: str
    records: int  # in all, with the fillers
    queries: list[Query] = field(default_factory=list)
    planted: list[tuple[str, Facts]] = field(default_factory=list)  # those that are meant, and near misses
    gone: set[frozenset[str]] = field(default_factory=set)  # absent persons: no filler bears the name of one,
    gone_names: set[str] = field(default_factory=set)  # in Latin letters neither

    def slices(self, sizes: Sequence[int]) -> Iterator[Iterator[tuple[str, Facts]]]:
        """The same records in another order: so many with everything that is planted, then fillers up to each size."""
        planted = list(self.planted)
        persons.chances(f"{SEED} order {self.part}").shuffle(planted)
        filler = fill(self.part, self.gone, self.gone_names)
        held = 0
        for size in sizes:
            yield chain(planted, islice(filler, size - held - len(planted)))
            held, planted = size, []

    def everybody(self) -> Iterator[tuple[str, Facts]]:
        """All records: the planted ones lie scattered among the fillers."""
        chance = persons.chances(f"{SEED} order {self.part}")
        planted = list(self.planted)
        chance.shuffle(planted)
        fillers = self.records - len(planted)
        share = len(planted) / max(1, self.records)
        filler = fill(self.part, self.gone, self.gone_names)
        while planted or fillers > 0:
            if planted and (fillers <= 0 or chance.random() < share):
                yield planted.pop()
            else:
                fillers -= 1
                yield next(filler)


def build(records: int, part: str = "train", *, queries: int = QUERIES, absent: int = ABSENT) -> EvaluationSet:
    made = EvaluationSet(part, records)
    met: set[frozenset[str]] = set()  # names of those that are meant, then also of who is absent
    chance = persons.chances(f"{SEED} {part}")
    strata = persons.makers(part)
    weights = {stratum: WEIGHTS.get(stratum.partition(" ")[0], 1.0) for stratum in strata}
    for stratum, maker in strata.items():
        share = round(queries * (1 - ORGANISATIONS) * weights[stratum] / sum(weights.values()))
        for number, person in enumerate(islice(persons.endless(maker, chance), share)):
            _present(made, f"{stratum.replace(' ', '-')}-{number}", person, chance)
            met.add(person.words)
    for number in range(round(queries * ORGANISATIONS)):
        companies.present(made, f"organisation-{number}", chance)
    several = chance.choices(list(strata.values()), list(weights.values()), k=absent)
    for number, maker in enumerate(several):
        person = _nobody_yet([maker, *strata.values()], chance, met)
        met.add(person.words)
        made.gone.add(person.words)
        made.gone_names |= {ascii_name(person.held), ascii_name(person.asked)}
        _absent(made, f"absent-{number}", person, chance)
    held = {ascii_name(name) for _, facts in made.planted for name in facts.names}
    made.queries = [_with_namesakes(query, held) for query in made.queries]
    return made


def _nobody_yet(makers: Iterable[persons.Maker], chance: random.Random, known: Collection[frozenset[str]]) -> Person:
    """Somebody who is not known: of the first of these strata whose people are not used up."""
    for maker in makers:
        for person in islice(persons.endless(maker, chance), TRIES):
            if person.words not in known:
                return person
    raise ValueError("There are not so many people: ask for fewer who are absent.")


def _with_namesakes(query: Query, held: Collection[str]) -> Query:
    """Somebody else who was planted may by chance bear the name of one who is absent."""
    if query.meant or not any(ascii_name(name) in held for name in query.facts.names):
        return query
    return replace(query, namesake=True)


def fill(part: str, gone: Collection[frozenset[str]] = (), names: Collection[str] = ()) -> Iterator[tuple[str, Facts]]:
    """Records of nobody in particular, without an end: names of many countries as often as they are borne.

    Nobody among them is one of those who are `gone`, or bears one of these `names` in Latin letters.
    """
    chance = persons.chances(f"{SEED} filler {part}")
    number = 0
    while True:
        number += 1
        facts = companies.filler(chance) if chance.random() < 0.05 else _filler(chance, gone)
        while names and ascii_name(facts.names[0]) in names:
            facts = _filler(chance, gone)
        yield f"f{number}", facts


def _filler(chance: random.Random, gone: Collection[frozenset[str]]) -> Facts:
    if chance.random() < 0.15:
        return _facts(" ".join(persons.passer_by(chance)), "", "", persons.birthday(chance), chance)
    given, family, country, sex = persons.stranger(chance)
    while persons.outer((given, family)) in gone:
        given, family, country, sex = persons.stranger(chance)
    script = "native" if chance.random() < 0.4 else "latin"
    words = [persons.written(given, country, script), persons.written(family, country, script)]
    if chance.random() < 0.25:
        second, _, _, _ = (
            persons.stranger(chance) if chance.random() < 0.2 else persons.compatriot(country, sex, chance)
        )
        words.insert(1, persons.written(second, country, script))
    if chance.random() < 0.1:
        words = [words[-1], *words[:-1]]
    name = " ".join(words)
    if chance.random() < 0.2:
        name = name.upper()
    return _facts(name, country, sex, persons.birthday(chance), chance)


def _facts(name: str, country: str, sex: str, born: date, chance: random.Random) -> Facts:
    """A record: of one in ten only the year is known, of one in twenty no date at all."""
    draw = chance.random()
    dates = () if draw < 0.05 else (str(born.year),) if draw < 0.15 else (born.isoformat(),)
    return Facts(kind="person", names=(name,), born=dates, countries=(country,) if country else (), sex=sex)


def _present(made: EvaluationSet, key: str, person: Person, chance: random.Random) -> None:
    made.planted.append((key, _facts(person.held, person.country, person.sex, person.born, chance)))
    _near_misses(made, key, person, chance, namesake=0.1)
    asked = Facts(
        kind="person",
        names=(person.asked,),
        born=(slipped(person.born, chance),),
        countries=(person.country,) if person.country else (),
        sex=person.sex,
    )
    made.queries.append(Query(f"q-{key}", asked, key, _strata(person)))


def _absent(made: EvaluationSet, key: str, person: Person, chance: random.Random) -> None:
    namesake = _near_misses(made, key, person, chance, namesake=0.15)
    asked = Facts(kind="person", names=(person.asked,), born=(slipped(person.born, chance),))
    made.queries.append(Query(f"q-{key}", asked, "", ("absent",), namesake))


def _strata(person: Person) -> tuple[str, ...]:
    names = [person.stratum, "attested" if person.attested else "by rule"]
    if person.stratum.startswith("script ") and person.country in persons.REGION:
        names.append("region")
    names += [wide for wide in ("damage", "arabic") if person.stratum.startswith(f"{wide} ")]
    return tuple(names)


def _near_misses(made: EvaluationSet, key: str, person: Person, chance: random.Random, *, namesake: float) -> bool:
    """Others who are nearly that person, in the record's own writing: relatives, and now and then a namesake."""
    words = person.held.split()
    for number in range(chance.choice((0, 1, 2, 3))):
        at = chance.randrange(len(words))
        changed = [*words[:at], _other(person, words[at], at, chance), *words[at + 1 :]]
        years = chance.choice((-9, -5, -3, -2, 2, 3, 5, 9))
        born = person.born + timedelta(days=round(years * 365.25) + chance.randrange(200))
        near = _facts(" ".join(changed), person.country, person.sex, born, chance)
        made.planted.append((f"{key}-near-{number}", near))
    found = chance.random() < namesake
    if found:
        other = _facts(person.held, person.country, person.sex, persons.birthday(chance), chance)
        made.planted.append((f"{key}-namesake", other))
    return found


def _other(person: Person, word: str, at: int, chance: random.Random) -> str:
    """Another name in the place of this one, in the same letters."""
    script = "latin" if word[:1].isascii() or word.isascii() else "native"
    while True:
        if person.country:
            given, family, country = persons.namesake_words(person.country, person.sex, chance)
        else:
            given, family, country, _ = persons.stranger(chance)
        new = persons.written(given if at == 0 else family, country, script)
        if new != word:
            return new


def slipped(born: date, chance: random.Random) -> str:
    """The date as the other side has it: of a hundred 86 are right, of 4 only the year is known, 10 are wrong."""
    draw = chance.random()
    if draw < 0.86:
        return born.isoformat()
    if draw < 0.90:
        return str(born.year)
    if draw < 0.93 and born.day <= 12:
        return born.replace(month=born.day, day=born.month).isoformat()  # day and month change places
    if draw < 0.96:
        return born.replace(day=(born.day + chance.choice((1, 10)) - 1) % 28 + 1).isoformat()  # a digit of the day
    if draw < 0.98:
        return born.replace(year=born.year + chance.choice((-10, -1, 1, 10)), day=min(born.day, 28)).isoformat()
    return persons.birthday(chance).isoformat()  # any other date


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--part", choices=PARTS, default="train")
    asked = parser.parse_args()
    made = build(asked.records, asked.part)
    asked.folder.mkdir(parents=True, exist_ok=True)
    with (asked.folder / "records.jsonl").open("w", encoding="utf-8") as lines:
        lines.writelines(json.dumps(entity(key, facts), ensure_ascii=False) + "\n" for key, facts in made.everybody())
    with (asked.folder / "queries.jsonl").open("w", encoding="utf-8") as lines:
        for query in made.queries:
            told = entity(query.key, query.facts) | {"meant": query.meant, "strata": query.strata}
            lines.write(json.dumps(told, ensure_ascii=False) + "\n")


def entity(key: str, facts: Facts) -> dict[str, object]:
    """As FollowTheMoney writes it, for `ilex load` and for the peers."""
    person = facts.kind == "person"
    values = {
        "name": facts.names,
        "birthDate" if person else "incorporationDate": facts.born,
        "nationality" if person else "jurisdiction": tuple(code.lower() for code in facts.countries),
        "gender": ({"m": "male", "f": "female"}[facts.sex],) if facts.sex else (),
    }
    schema = "Person" if person else "Company"
    return {"id": key, "schema": schema, "properties": {name: list(held) for name, held in values.items() if held}}


if __name__ == "__main__":
    main()
