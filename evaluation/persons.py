"""Persons, each with the names under which one file holds them and another asks for them."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from itertools import accumulate

from evaluation import damage, names
from evaluation.names import Word
from evaluation.romanise import KEPT_APART, NATIVE, SCHEMES, latin, plain

REGION = ("RS", "MK", "BG", "UA", "GE", "AM", "GR")
MARKED = ("RS", "HR", "BA", "ME", "SI", "TR", "RO", "MD", "HU", "AL", "PL", "CZ", "SK", "AZ")
ZIPF = 0.7  # the nth commonest name of a list is so much rarer than the first: n ** -ZIPF
OLDEST, YOUNGEST = date(1940, 1, 1), date(2006, 12, 31)


@dataclass(frozen=True, slots=True)
class Person:
    held: str  # the name in the record
    asked: str  # the name in the query
    stratum: str
    country: str
    sex: str
    born: date
    attested: bool  # both spellings stand side by side in a source; else a published rule leads from one to the other
    words: frozenset[str] = frozenset()  # by which it is known who it is: given and family name as they are at home


def chances(name: str) -> random.Random:
    """Chance that is the same on every machine for the same name."""
    return random.Random(name)  # noqa: S311 (which names are drawn, no secret)


Maker = Callable[[random.Random], Person | None]


def makers(part: str) -> dict[str, Maker]:
    """The strata of a set: train and test have the same ones, the set that is kept apart has others."""
    schemes = "apart" if part == "apart" else "usual"
    region = {f"script {NATIVE[code]}": _scripts(code, schemes) for code in (*REGION, "RU")}
    common: dict[str, Maker] = {
        **region,
        "between spellings": _spellings(schemes),
        "arabic people": _people("ar", part),
        "arabic words": _tokens("ar", part),
        "arabic spellings": _spelled_twice(part),
        "russian words": _tokens("ru", part),
        "hebrew people": _people("he", part),
        "ukrainian russian": _ukrainian(part),
        "marks": _marks,
        "damage crossed": _crossed(schemes),
    }
    slips = (damage.twice, damage.glued, damage.initial, damage.fewer, damage.look_alike)
    usual = (*damage.SLIPS, damage.look_alike, damage.turned, damage.initial, damage.glued, damage.split)
    rules = slips if part == "apart" else (*usual, damage.more, damage.fewer, damage.loud)
    return common | {f"damage {rule.__name__}": _damaged(rule) for rule in rules}


def stranger(chance: random.Random) -> tuple[Word, Word, str, str]:
    """Given name, family name, country and sex of anybody."""
    country = _countries(chance)
    sex = chance.choice("mf")
    return _word(country, "given", sex, chance), _word(country, "family", sex, chance), country, sex


def compatriot(country: str, sex: str, chance: random.Random) -> tuple[Word, Word, str, str]:
    """Given and family name of somebody of the same country and sex."""
    given, family, _ = namesake_words(country, sex, chance)
    return given, family, country, sex


def namesake_words(country: str, sex: str, chance: random.Random) -> tuple[Word, Word, str]:
    if (country, "family") not in names.lists() or (country, "given") not in names.lists():
        given, family, country, _ = stranger(chance)
        return given, family, country
    sex = sex or "m"
    return _word(country, "given", sex, chance), _word(country, "family", sex, chance), country


def outer(words: Sequence[Word]) -> frozenset[str]:
    """The first and the last name, by which people are namesakes in any script."""
    return frozenset((words[0].native, words[-1].native))


def passer_by(chance: random.Random) -> list[str]:
    """The words of a name that is put together of two people's names, in Arabic, Hebrew or Latin letters."""
    people = names.people(chance.choice(("ar", "he")))
    form = chance.randrange(3)
    one, other = (
        (word.native if not form else word.latin[-1 if form == 1 else 0]).split()
        for word in chance.choices(people, k=2)
    )
    return [one[0], *other[1:]]


def written(word: Word, country: str, script: str) -> str:
    """The name in its own script or in Latin."""
    if script == "native":
        return word.native
    if word.latin:
        return word.latin[0]
    return latin(word.native, NATIVE[country]) if country in NATIVE else word.native


def birthday(chance: random.Random) -> date:
    return OLDEST + timedelta(days=chance.randrange((YOUNGEST - OLDEST).days))


def _scripts(country: str, schemes: str) -> Maker:
    """Native letters on one side, Latin on the other: attested, or by a scheme of which most files use the first."""
    language = NATIVE[country]
    table = [name for name in SCHEMES[language] if (name in KEPT_APART) == (schemes == "apart")] or ["official"]

    def make(chance: random.Random) -> Person:
        sex = chance.choice("mf")
        words = _person_words(country, sex, chance)
        attested = all(word.latin for word in words) and chance.random() < 0.7 and schemes != "apart"
        scheme = table[0] if chance.random() < 0.4 else chance.choice(table)
        spelled = [chance.choice(word.latin) if attested else latin(word.native, language, scheme) for word in words]
        pair = [" ".join(word.native for word in words), " ".join(spelled)]
        chance.shuffle(pair)
        asked = habitual(pair[1], chance)
        attested = attested and asked == pair[1]
        return Person(pair[0], asked, f"script {language}", country, sex, birthday(chance), attested, outer(words))

    return make


HABITS = (damage.turned, damage.fewer, damage.more, damage.loud, damage.initial, *damage.SLIPS)


def habitual(name: str, chance: random.Random) -> str:
    """Two of five names also differ as names of two files do: in order, in a word, in capitals, by a slip."""
    if chance.random() < 0.6:
        return name
    return " ".join(chance.choice(HABITS)(name.split(), chance) or name.split())


def _spellings(schemes: str) -> Maker:
    """Two Latin spellings of one name, by two schemes."""

    def make(chance: random.Random) -> Person | None:
        country = chance.choice((*REGION, "RU", "RU", "UA"))
        language, sex = NATIVE[country], chance.choice("mf")
        words = _person_words(country, sex, chance)
        text = " ".join(word.native for word in words)
        names_ = list(SCHEMES[language])
        one, other = chance.sample(names_, 2)
        if schemes == "usual" and {one, other} & KEPT_APART:
            return None
        held, asked = latin(text, language, one), habitual(latin(text, language, other), chance)
        return (
            Person(held, asked, "between spellings", country, sex, birthday(chance), False, outer(words))
            if held != asked
            else None
        )

    return make


def _tokens(code: str, part: str) -> Maker:
    words = [word for word in names.tokens(code) if share(word.native) == part]
    stratum = {"ar": "arabic words", "ru": "russian words"}[code]

    def make(chance: random.Random) -> Person:
        chosen = [chance.choice(words) for _ in range(2)]
        native = " ".join(word.native for word in chosen).title()
        pair = [native, " ".join(chance.choice(word.latin) for word in chosen).title()]
        chance.shuffle(pair)
        known = frozenset(word.native for word in chosen)
        return Person(pair[0], pair[1], stratum, "", chance.choice("mf"), birthday(chance), True, known)

    return make


def _people(code: str, part: str) -> Maker:
    people = [word for word in names.people(code) if share(word.native) == part]
    stratum = {"ar": "arabic people", "he": "hebrew people"}[code]

    def make(chance: random.Random) -> Person:
        word = chance.choice(people)
        pair = [word.native, chance.choice(word.latin)]
        chance.shuffle(pair)
        return Person(pair[0], pair[1], stratum, "", "", birthday(chance), True, frozenset({word.native}))

    return make


def _spelled_twice(part: str) -> Maker:
    """Two Latin spellings of one Arabic name, both attested."""
    people = [word for word in names.people("ar") if len(word.latin) > 1 and share(word.native) == part]

    def make(chance: random.Random) -> Person:
        word = chance.choice(people)
        held, asked = chance.sample(word.latin, 2)
        return Person(held, asked, "arabic spellings", "", "", birthday(chance), True, frozenset({word.native}))

    return make


def _ukrainian(part: str) -> Maker:
    """A Ukrainian in Ukrainian and in Russian papers, in Cyrillic or Latin letters on either side."""
    pools = {
        kind: [pair for pair in pairs if pair[0] != pair[1] and share(pair[0]) == part]
        for kind, pairs in names.ukrainian().items()
    }

    def make(chance: random.Random) -> Person:
        kinds = ("given", "patronymic", "family") if chance.random() < 0.3 else ("given", "family")
        chosen = [chance.choice(pools[kind]) for kind in kinds]
        spelled = [" ".join(pair[number] for pair in chosen) for number in (0, 1)]
        pair = [
            latin(text, language) if chance.random() < 0.5 else text
            for text, language in zip(spelled, ("uk", "ru"), strict=True)
        ]
        chance.shuffle(pair)
        asked = habitual(pair[1], chance)
        known = frozenset((chosen[0][0], chosen[-1][0]))
        return Person(pair[0], asked, "ukrainian russian", "UA", "", birthday(chance), asked == pair[1], known)

    return make


def _crossed(schemes: str) -> Maker:
    """Native letters on one side; on the other Latin ones, and there a slip."""
    scripts = [_scripts(country, schemes) for country in (*REGION, "RU")]

    def make(chance: random.Random) -> Person | None:
        person = chance.choice(scripts)(chance)
        hurt = chance.choice(damage.SLIPS)(person.asked.split(), chance) if person else None
        return replace(person, asked=" ".join(hurt), stratum="damage crossed") if person and hurt else None

    return make


def _marks(chance: random.Random) -> Person | None:
    """Latin letters with their marks in one file, without them in the other."""
    country, sex = chance.choice(MARKED), chance.choice("mf")
    words = _person_words(country, sex, chance)
    text = " ".join(written(word, country, "latin") for word in words)
    pair = [text, plain(text)]
    if pair[0] == pair[1]:
        return None
    chance.shuffle(pair)
    return Person(pair[0], pair[1], "marks", country, sex, birthday(chance), False, outer(words))


def _damaged(rule: damage.Rule) -> Maker:
    def make(chance: random.Random) -> Person | None:
        country = chance.choice(REGION) if rule is damage.look_alike or chance.random() < 0.6 else _countries(chance)
        sex = chance.choice("mf")
        words = _person_words(country, sex, chance, longer=rule in (damage.fewer, damage.glued))
        script = "native" if rule is damage.look_alike or chance.random() < 0.4 else "latin"
        whole = [part for word in words for part in written(word, country, script).split()]
        hurt = rule(whole, chance)
        if not hurt or hurt == whole:
            return None
        return Person(
            " ".join(whole),
            " ".join(hurt),
            f"damage {rule.__name__}",
            country,
            sex,
            birthday(chance),
            False,
            outer(words),
        )

    return make


def _person_words(country: str, sex: str, chance: random.Random, *, longer: bool = False) -> list[Word]:
    words = [_word(country, "given", sex, chance), _word(country, "family", sex, chance)]
    if longer or chance.random() < 0.15:
        kind = "patronymic" if (country, "patronymic") in names.lists() else chance.choice(("given", "family"))
        words.insert(1, _word(country, kind, sex, chance))
    return words


def share(text: str) -> str:
    """Train, test or apart: by the letters alone, so that an attested pair never stands in two of them."""
    return ("train", "train", "test", "test", "apart")[zlib.crc32(text.encode()) % 5]


def _countries(chance: random.Random) -> str:
    codes, weights = _weighted()
    return chance.choices(codes, cum_weights=weights)[0]


@cache
def _weighted() -> tuple[Sequence[str], Sequence[float]]:
    """Every country with lists of both kinds of names; those of the region five times as often."""
    codes = sorted(code for code, kind in names.lists() if kind == "family" and (code, "given") in names.lists())
    return codes, list(accumulate(5.0 if code in REGION or code in MARKED else 1.0 for code in codes))


def _word(country: str, kind: str, sex: str, chance: random.Random) -> Word:
    words, weights = _ranked(country, kind, sex)
    return chance.choices(words, cum_weights=weights)[0]


@cache
def _ranked(country: str, kind: str, sex: str) -> tuple[Sequence[Word], Sequence[float]]:
    listed = names.lists()[country, kind]
    words = [word for word in listed if word.sex in ("", sex)] or listed
    if kind == "family" and country in ("RU", "BG", "UA"):
        words = list(dict.fromkeys(_of_sex(word, sex) for word in words))
    return words, list(accumulate((place + 1) ** -ZIPF for place in range(len(words))))


ENDS = (("ский", "ская"), ("ський", "ська"), ("ски", "ска"), ("ов", "ова"), ("ев", "ева"), ("ёв", "ёва"), ("ин", "ина"))


def _of_sex(word: Word, sex: str) -> Word:
    """The form of the family name for a man or a woman, where the list has only one of the two."""
    for man, woman in ENDS:
        if sex == "f" and word.native.endswith(man):
            return Word(word.native.removesuffix(man) + woman, (), sex)
        if sex == "m" and word.native.endswith(woman):
            return Word(word.native.removesuffix(woman) + man, (), sex)
    return word


def endless(maker: Maker, chance: random.Random) -> Iterator[Person]:
    while True:
        if person := maker(chance):
            yield person
