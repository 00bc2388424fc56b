"""The keys under which a record is filed and by which it is asked for: whole numbers with their type in the high bits.

A record is filed under: the sound of its whole name; each pair of skeletons, alone and with the year of birth; each
skeleton with the beginning of another part, and with the year. What is rarer (slips, glued and split parts, other
forms of a name) is asked for in several ways instead of being filed in several ways.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from hashlib import blake2b
from itertools import combinations, islice, permutations, product, zip_longest

from ilex.matching import cut, slips
from ilex.matching.equivalents import relatives
from ilex.matching.facts import Name, Part, Prepared
from ilex.matching.skeletons import CLASSES, KEPT, bare, bearing, glued_runs, halves, initials

# The type stands in bits 56 to 62, so a key is a positive bigint of PostgreSQL.
WHOLE, PAIR, PAIR_YEAR, SINGLE, YEAR, HALF, NUMBER = range(1, 8)
SURE = frozenset({WHOLE, NUMBER})  # who is found by one is never far from the best, whatever else is said of him
SHIFT = 56
LOW = (1 << SHIFT) - 1
FIRST_MIX, SECOND_MIX = 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F
MOST_PAIRED = 5  # parts of one name that are paired with each other
MOST_KEYS = 120  # of one record beside its numbers and whole names
NEAR = 60  # neighbours of one skeleton that are asked for
NEAR_ALONE = 8  # the same, of a name of one part
READINGS = 2  # of the part that stands while the other is varied

Near = Callable[[str], Sequence[str]]
Question = tuple[int, float, int]


def hashed(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=7).digest(), "big")


code = lru_cache(maxsize=2**16)(hashed)


def key(kind: int, low: int) -> int:
    return kind << SHIFT | low & LOW


def pair(first: int, second: int) -> int:
    """The same for both orders."""
    return (first + second) * FIRST_MIX ^ ((first ^ second) * SECOND_MIX >> 7)


def ordered(first: int, second: int) -> int:
    return (first * FIRST_MIX ^ (second + first) * SECOND_MIX) >> 7


def record_keys(prepared: Prepared) -> tuple[int, ...]:
    """All keys of a record, each once: its numbers and whole names, then MOST_KEYS of all others, name by name."""
    years = {date.value.year for date in prepared.born}
    names = [(parts, initials(name)) for name in prepared.names if (parts := bearing(name)[:MOST_PAIRED])]
    sure = dict.fromkeys(key(NUMBER, code(number)) for _, number in prepared.identifiers)
    sure |= dict.fromkeys(_whole(part.sound for part in parts) for parts, _ in names)
    others = dict.fromkeys(found for parts, short in names for found in _name_keys(parts, short, years))
    return (*sure, *islice(others, MOST_KEYS))


def skeletons(prepared: Prepared) -> frozenset[str]:
    """The record's share of the vocabulary in which near skeletons are looked for."""
    return frozenset(
        skeleton for name in prepared.names for part in bearing(name) for skeleton in part.skeletons[:KEPT]
    )


def _name_keys(parts: list[Part], short: list[Part], years: set[int]) -> Iterator[int]:
    """What is filed of one name beside the whole of it."""
    codes = [code(part.skeletons[0]) for part in parts]
    for part, low in zip(parts, codes, strict=True):
        if len(parts) + len(short) == 1:
            yield key(SINGLE, low)
        if part.role != "patronymic":
            for beginning in {other.skeletons[0][0] for other in (*parts, *short) if other is not part}:
                yield _half(low, beginning)
        for year in years:
            yield key(YEAR, ordered(low, year))
    for (first, low), (second, high) in combinations(zip(parts, codes, strict=True), 2):
        for one, other in product(first.skeletons[:KEPT], second.skeletons[:KEPT]):
            yield key(PAIR, pair(code(one), code(other)))
        for year in years:
            yield key(PAIR_YEAR, ordered(pair(low, high), year))


def _whole(sounds: Iterable[str]) -> int:
    return key(WHOLE, hashed(" ".join(sorted(sounds))))


def _half(low: int, beginning: str) -> int:
    return key(HALF, ordered(low, ord(beginning)))


def questions(prepared: Prepared, near: Near) -> Iterator[Question]:
    """The keys to look up, the surest first: (key, how much finding a record by it says, step).

    Steps: 0 the exact forms, 1 the neighbours in the vocabulary, 2 single parts and years. `near` gives the
    skeletons of the holdings that are close to one, the closest first.
    """
    asked: set[int] = set()
    for question in _questions(prepared, cache(near)):
        if question[0] not in asked:
            asked.add(question[0])
            yield question


def _questions(prepared: Prepared, near: Near) -> Iterator[Question]:
    years = sorted({date.value.year for date in prepared.born})
    names = [name for name in prepared.names if bearing(name)]
    for _, number in prepared.identifiers:
        yield key(NUMBER, code(number)), cut.BEARS, 0
    for name in names:
        parts = bearing(name)[:MOST_PAIRED]
        yield _whole(part.sound for part in parts), 8.0, 0
        yield from _pairs(parts, years)
        yield from _short(parts, initials(name))
        yield from _glued(name)
        yield from _taken_apart(parts)
        yield from _equivalents(parts, years)
    for kind, number in prepared.identifiers:
        for other in slips.slips(kind, number):
            yield key(NUMBER, code(other)), 6.0, 1
    for name in names:
        yield from _dated(bearing(name)[:MOST_PAIRED], years)
    for name in names:
        yield from _near_pairs(bearing(name)[:MOST_PAIRED], years, near)
    for name in names:
        yield from _singles(bearing(name)[:MOST_PAIRED])
        yield from _alone(bearing(name), near)


def _pairs(parts: list[Part], years: list[int]) -> Iterator[Question]:
    for first, second in combinations(parts, 2):
        for at, (one, other) in enumerate(product(first.skeletons, second.skeletons)):
            yield from _pair(one, other, years, 5.0 if at == 0 else 4.0, 0)


def _pair(one: str, other: str, years: list[int], weight: float, step: int) -> list[Question]:
    low = pair(code(one), code(other))
    dated = [(key(PAIR_YEAR, ordered(low, year)), weight + 1.0, step) for year in years]
    return [*dated, (key(PAIR, low), weight, step)]


def _short(parts: list[Part], short: list[Part]) -> Iterator[Question]:
    """Of a part only the first letter is known."""
    for part, initial in product(parts, short):
        for beginning in dict.fromkeys(skeleton[0] for skeleton in initial.skeletons):
            yield _half(code(part.skeletons[0]), beginning), 4.0, 0


def _glued(name: Name) -> Iterator[Question]:
    """Two words as one."""
    for whole, others in glued_runs(name)[:MOST_PAIRED]:
        if not others:
            yield _whole([whole.sound]), 6.0, 0
        elif len(others) == 1:
            yield _whole([whole.sound, others[0].sound]), 6.0, 0
        for skeleton in whole.skeletons:
            for other in others[:MOST_PAIRED]:
                for reading in other.skeletons[:READINGS]:
                    yield from _pair(skeleton, reading, [], 4.0, 0)
            if not others:
                yield key(SINGLE, code(skeleton)), 3.0, 0


def _taken_apart(parts: list[Part]) -> Iterator[Question]:
    """One word as two, and a word without the particle that is glued to it."""
    for part in parts:
        for skeleton, other in product(bare(part), parts):
            if other is not part:
                yield from _pair(skeleton, other.skeletons[0], [], 3.5, 0)
        for one, other_half in halves(part) if len(parts) <= 3 else ():
            yield from _pair(one, other_half, [], 3.0, 1)


def _equivalents(parts: list[Part], years: list[int]) -> Iterator[Question]:
    """One part as it stands, the other as the same name in another language or of everyday."""
    for first, second in combinations(parts, 2):
        for fixed, moved in ((first, second), (second, first)):
            for skeleton in relatives(moved.classes) if moved.classes else ():
                yield from _pair(fixed.skeletons[0], skeleton, years, 3.5, 1)


def _near_pairs(parts: list[Part], years: list[int], near: Near) -> Iterator[Question]:
    """One part as it stands, the other as it could have been meant; of each part the closest neighbours first."""
    runs = [
        [(fixed, neighbour) for neighbour in near(moved.skeletons[0])[:NEAR]] for fixed, moved in permutations(parts, 2)
    ]
    for asked in zip_longest(*runs):
        for fixed, neighbour in filter(None, asked):
            yield from _pair(fixed.skeletons[0], neighbour, years, 3.0, 1)
    for asked in zip_longest(*runs):
        for fixed, neighbour in filter(None, asked):
            for reading in fixed.skeletons[1:READINGS]:
                yield from _pair(reading, neighbour, [], 2.5, 1)


def _dated(parts: list[Part], years: list[int]) -> Iterator[Question]:
    for part, year in product(parts, years):
        for skeleton in part.skeletons:
            yield key(YEAR, ordered(code(skeleton), year)), 3.0, 2


def _singles(parts: list[Part]) -> Iterator[Question]:
    for part, other in permutations(parts, 2):
        for beginning in dict.fromkeys(skeleton[0] for skeleton in other.skeletons):
            yield _half(code(part.skeletons[0]), beginning), 2.0, 2
    for part in parts:
        for skeleton in part.skeletons:
            yield key(SINGLE, code(skeleton)), 2.5 if len(parts) == 1 else 1.5, 2


def _alone(parts: list[Part], near: Near) -> Iterator[Question]:
    """Of the whole name one part is known: any other may stand beside it, and it may have a slip."""
    for part in parts if len(parts) == 1 else ():
        for skeleton in (part.skeletons[0], *near(part.skeletons[0])[:NEAR_ALONE]):
            yield key(SINGLE, code(skeleton)), 1.4, 2
            for beginning in CLASSES:
                yield _half(code(skeleton), beginning), 1.3, 2
