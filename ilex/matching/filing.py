"""Keys, words and signatures of thousands of records at once, as a file brings them: the same as of one at a time.

Names repeat, so what is filed of a word is worked out once and stands in rows of arrays; the keys of all records are
then made of these rows together. What is made is said in `keys.record_keys`, `keys.skeletons`, `signature.signature`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ilex.matching import keys
from ilex.matching.facts import Facts
from ilex.matching.filed_words import NOTHING, UNUSUAL, FiledWords, WordColumns
from ilex.matching.keys import MOST_KEYS, MOST_PAIRED, NUMBER, WHOLE
from ilex.matching.mixing import Found, made_of
from ilex.matching.parts import joined, runs, words
from ilex.matching.prepare import MOST_DATES, MOST_NAMES, PERSONS, name_of, numbers_of, prepare
from ilex.matching.roles import roles
from ilex.matching.signature import BYTES, COUNT_AT, MOST_PARTS
from ilex.matching.skeletons import SILENT, bearing, initials

MOST_WORDS = 2**19  # that are remembered, with some 500 bytes each; ten million records have more, but few are common


@dataclass(frozen=True)
class Filed:
    """What is filed of many records, one after the other."""

    keys: NDArray[np.int64]
    counts: NDArray[np.int64]  # how many of the keys each record has
    words: Counter[str]  # skeletons with the number of records that have them
    signatures: NDArray[np.uint8]  # (n, 32)


@dataclass
class _Gathered:
    """The records as rows of words, before anything is made of them."""

    sure: list[int] = field(default_factory=list)  # keys of numbers and whole names
    sure_of: list[int] = field(default_factory=list)  # whose they are
    named: list[int] = field(default_factory=list)  # of each name whose it is,
    sizes: list[int] = field(default_factory=list)  # how many parts of it are paired,
    alone: list[bool] = field(default_factory=list)  # and whether its one part is all
    parts: list[int] = field(default_factory=list)  # rows of these parts, name after name
    beside: list[tuple[int, int, int]] = field(default_factory=list)  # record, part and an initial of the same name
    born: list[tuple[int, int]] = field(default_factory=list)  # record and year
    spelled: list[int] = field(default_factory=list)  # rows of all parts, record after record
    spellings: list[int] = field(default_factory=list)  # how many each has
    marks: list[int] = field(default_factory=list)  # rows that show in the signature
    marked: list[int] = field(default_factory=list)


class Filing:
    """Files many records, and then many more. What it remembers are single words and days."""

    def __init__(self) -> None:
        self._words = FiledWords()

    def filed(self, many: Sequence[Facts]) -> Filed:
        if len(self._words) > MOST_WORDS:
            self._words = FiledWords()
        gathered = _Gathered()
        for record, facts in enumerate(many):
            self._gather(record, facts, gathered)
        columns = self._words.columns()
        found = _once(_all_of(gathered, columns))
        crowded = _crowded(found, len(many))
        if len(crowded):
            found = _bounded(found, crowded, many)
        counts = np.bincount(found.records, minlength=len(many))
        spelled = {self._words.skeletons[code]: count for code, count in _spelled(gathered, columns)}
        return Filed(found.keys.view(np.int64), counts, Counter(spelled), _signatures(gathered, columns))

    def _gather(self, record: int, facts: Facts, into: _Gathered) -> None:
        marks, spelled = [NOTHING], 0
        person = facts.kind in PERSONS
        for text in (*facts.names, *facts.weak_names)[:MOST_NAMES]:
            parts, short = self._name(text, person=person)
            if parts:
                self._named(record, parts, short, into)
                into.spelled += parts
                spelled += len(parts)
            marks += parts[:MOST_PARTS]
            marks += short
        for text in facts.born[:MOST_DATES]:
            row, year = self._words.days[text]
            marks.append(row)
            if year:
                into.born.append((record, year))
        for _, number in numbers_of(facts) if facts.identifiers else ():
            into.sure.append(keys.key(NUMBER, keys.hashed(number)))
            into.sure_of.append(record)
        into.spellings.append(spelled)
        into.marks += marks
        into.marked.append(len(marks))

    def _named(self, record: int, parts: list[int], short: list[int], into: _Gathered) -> None:
        paired, sounds = parts[:MOST_PAIRED], self._words.sounds
        into.sure.append(keys.key(WHOLE, keys.hashed(" ".join(sorted([sounds[row] for row in paired])))))
        into.sure_of.append(record)
        into.named.append(record)
        into.sizes.append(len(paired))
        into.alone.append(len(paired) + len(short) == 1)
        into.parts += paired
        into.beside += [(record, row, initial) for row in paired for initial in short]

    def _name(self, text: str, *, person: bool) -> tuple[list[int], list[int]]:
        """The rows of the parts that bear the name, and of initials."""
        if not person:
            firm = name_of(text, person=False)
            return [self._words.of(part) for part in bearing(firm)], [self._words.of(part) for part in initials(firm)]
        rows = [self._words.usual[run] for run in runs(text)]
        if UNUSUAL not in rows:
            return rows, []
        found = joined(words(text))
        doing = roles([word.plain for word in found], person=True)
        each = list(zip(found, doing, strict=True))
        return (
            [self._words.row(word.written, word.plain, role) for word, role in each if role not in SILENT],
            [self._words.row(word.written, word.plain, role) for word, role in each if role == "initial"],
        )


def _spelled(gathered: _Gathered, words: WordColumns) -> Iterator[tuple[int, int]]:
    """Each skeleton's code with the number of records that have it, in whatever names it stands."""
    rows = np.array(gathered.spelled, np.intp)
    owners = np.repeat(np.arange(len(gathered.spellings)), gathered.spellings)
    each = words.kept[rows, None] > np.arange(words.codes.shape[1])
    found = _once(Found(words.codes[rows][each], np.broadcast_to(owners[:, None], each.shape)[each]))
    codes, counts = np.unique(found.keys, return_counts=True)
    return zip(codes.tolist(), counts.tolist(), strict=True)


def _signatures(gathered: _Gathered, words: WordColumns) -> NDArray[np.uint8]:
    bits = words.bits[np.array(gathered.marks, np.intp)]
    starts = np.cumsum(gathered.marked, dtype=np.intp) - gathered.marked
    together = np.bitwise_or.reduceat(bits, starts) if len(starts) else bits
    signatures = together.view(np.uint8).reshape(-1, BYTES)
    signatures[:, COUNT_AT] = np.minimum(np.bitwise_count(together).sum(axis=1), 255)
    return signatures


def _all_of(gathered: _Gathered, words: WordColumns) -> Found:
    sure = Found(np.array(gathered.sure, np.uint64), np.array(gathered.sure_of, np.intp))
    others = made_of(
        words,
        parts=np.array(gathered.parts, np.intp),
        sizes=np.array(gathered.sizes, np.intp),
        named=np.array(gathered.named, np.intp),
        alone=np.array(gathered.alone, np.bool_),
        beside=np.array(gathered.beside, np.intp).reshape(-1, 3),
        born=np.array(list(dict.fromkeys(gathered.born)), np.intp).reshape(-1, 2),
    )
    return Found.together([sure, *others])


def _once(found: Found) -> Found:
    """Record after record, each key of a record once."""
    order = np.lexsort((found.keys, found.records))
    all_keys, records = found.keys[order], found.records[order]
    first = np.ones(len(order), np.bool_)
    first[1:] = (all_keys[1:] != all_keys[:-1]) | (records[1:] != records[:-1])
    return Found(all_keys[first], records[first])


def _crowded(found: Found, count: int) -> NDArray[np.intp]:
    """Records with more keys than are kept of one."""
    kind = found.keys >> np.uint64(keys.SHIFT)
    bounded = (kind != WHOLE) & (kind != NUMBER)
    return np.flatnonzero(np.bincount(found.records[bounded], minlength=count) > MOST_KEYS)


def _bounded(found: Found, crowded: NDArray[np.intp], many: Sequence[Facts]) -> Found:
    """Which of their keys are kept depends on the order of the names: these few are made one at a time."""
    kept = ~np.isin(found.records, crowded)
    several = [Found(found.keys[kept], found.records[kept])]
    for record in crowded.tolist():
        own = keys.record_keys(prepare(many[record]))
        several.append(Found(np.array(own, np.uint64), np.full(len(own), record)))
    return _once(Found.together(several))
