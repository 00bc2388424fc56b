"""Facts as a short text: what a record's row keeps. The order of its fields is the format; an empty tail falls."""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import Any

from ilex.matching.facts import Facts

ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def pack(facts: Facts) -> str:
    values: list[Any] = [
        facts.kind,
        facts.names,
        facts.born,
        facts.countries,
        facts.sex,
        facts.identifiers,
        facts.places,
        facts.weak_names,
    ]
    while values and not values[-1]:
        values.pop()
    return ENCODER.encode(values)


def unpack(text: str) -> Facts:
    values: list[Any] = json.loads(text)
    whole: list[Any] = [*values, *EMPTY[len(values) :]]
    kind, names, born, countries, sex, identifiers, places, weak = whole
    return Facts(
        kind=kind,
        names=tuple(names),
        born=tuple(born),
        countries=tuple(countries),
        sex=sex,
        identifiers=tuple((one, text, country) for one, text, country in identifiers),
        places=tuple(places),
        weak_names=tuple(weak),
    )


EMPTY: tuple[Any, ...] = ("", (), (), (), "", (), (), ())


def digest(packed: str) -> int:
    """64 bits of what a record says, signed as the database keeps them."""
    return int.from_bytes(blake2b(packed.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True)
