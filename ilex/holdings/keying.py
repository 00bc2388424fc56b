"""What the index keeps of one record: its keys, its words, its signature. Knows no database."""

from __future__ import annotations

from dataclasses import dataclass

from ilex.matching.facts import Facts
from ilex.matching.keys import record_keys, skeletons
from ilex.matching.prepare import prepare
from ilex.matching.signature import signature

KINDS = (
    *("", "person", "organisation", "vehicle", "vessel", "aircraft", "document", "firearm", "communication"),
    *("bank-account", "place", "event"),
)  # their places are kept in the columns: add only at the end
NUMBERS = {code: number for number, code in enumerate(KINDS)}
OTHER = 255
LONGEST_WORD = 60


@dataclass(frozen=True, slots=True)
class Keyed:
    keys: tuple[int, ...]  # with that of its id
    words: tuple[str, ...]
    signature: bytes
    kind: int


def keyed(spot: int, facts: Facts) -> Keyed:
    """`spot` is the key of its id in its source."""
    prepared = prepare(facts)
    return Keyed(
        keys=(*record_keys(prepared), spot),
        words=tuple(word for word in skeletons(prepared) if 0 < len(word) <= LONGEST_WORD),
        signature=signature(prepared),
        kind=kind_number(facts.kind),
    )


def kind_number(code: str) -> int:
    return NUMBERS.get(code, OTHER)
