"""The shipped lists of names, as evaluation/gather.py wrote them."""

from __future__ import annotations

import gzip
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "names"


@dataclass(frozen=True, slots=True)
class Word:
    """A name as it is written at home, and the Latin spellings of it that a source attests."""

    native: str
    latin: tuple[str, ...] = ()
    sex: str = ""


Lists = dict[tuple[str, str], list[Word]]  # by country and given, family or patronymic; the commonest first


@cache
def lists() -> Lists:
    found: Lists = defaultdict(list)
    for country, kind, sex, native, latin in _rows("lists"):
        found[country, kind].append(Word(native, tuple(filter(None, latin.split("|"))), sex))
    return found


@cache
def tokens(code: str) -> Sequence[Word]:
    """Words of names with attested Latin spellings: `ru` or `ar`."""
    return [Word(native, tuple(latin.split("|"))) for native, latin in _rows(f"tokens_{code}")]


@cache
def people(code: str) -> Sequence[Word]:
    """Whole names of persons with attested Latin spellings: `he` or `ar`."""
    return [Word(row[0], tuple(row[1].split("|"))) for row in _rows(f"people_{code}")]


@cache
def ukrainian() -> dict[str, list[tuple[str, str]]]:
    """Given names, family names and patronymics: Ukrainian, and what stands in Russian papers."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for kind, native, russian in _rows("ukrainian"):
        found[kind].append((native, russian))
    return found


def _rows(name: str) -> Iterator[list[str]]:
    with gzip.open(FOLDER / f"{name}.tsv.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield line.rstrip("\n").split("\t")
