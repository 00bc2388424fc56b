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
from ilex.matching.skeletons import KEPT, SILENT, bearing, initials

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
    named: list[int] = field(default_factory=list)  # of each name whose it is
    sizes: list[int] = field(default_factory=list)  # and how many parts bear it
    parts: list[int] = field(default_factory=list)  # rows of these parts, name after name
    abridged: list[int] = field(default_factory=list)  # which names have initials
    beside: list[tuple[int, int, int]] = field(default_factory=list)  # record, part and an initial of the same name
    marks: list[int] = field(default_factory=list)  # rows of initials and days
    marks_of: list[int] = field(default_factory=list)  # whose they are

    def names(self) -> _Names:
        return _Names(*(np.array(column, np.intp) for column in (self.named, self.sizes, self.parts)))


@dataclass(frozen=True)
class _Names:
    """All names of the records, as arrays. Of long names the first parts count."""

    named: NDArray[np.intp]
    sizes: NDArray[np.intp]
    parts: NDArray[np.intp]

    def at_most(self, most: int) -> _Names:
        sizes = np.minimum(self.sizes, most)
        begins = np.cumsum(self.sizes) - self.sizes
        place = np.arange(len(self.parts)) - np.repeat(begins, self.sizes)
        return _Names(self.named, sizes, self.parts[place < most])

    @property
    def owners(self) -> NDArray[np.intp]:
        """Whose each part is."""
        return np.repeat(self.named, self.sizes)


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
        columns, names = self._words.columns(), gathered.names()
        found = _once(_all_of(gathered, names, columns))
        crowded = _crowded(found, len(many))
        if len(crowded):
            found = _bounded(found, crowded, many)
        counts = np.bincount(found.records, minlength=len(many))
        spelled = {self._words.skeletons[code]: count for code, count in _spelled(names, columns)}
        signatures = _signatures(gathered, names, len(many), columns)
        return Filed(found.keys.view(np.int64), counts, Counter(spelled), signatures)

    def _gather(self, record: int, facts: Facts, into: _Gathered) -> None:
        person = facts.kind in PERSONS
        for text in (*facts.names, *facts.weak_names)[:MOST_NAMES]:
            parts, short = self._name(text, person=person)
            if short:
                self._abridged(record, parts, short, into)
            if parts:
                into.sure.append(self._whole(parts))
                into.sure_of.append(record)
                into.named.append(record)
                into.sizes.append(len(parts))
                into.parts += parts
        for text in facts.born[:MOST_DATES]:
            into.marks.append(self._words.days[text])
            into.marks_of.append(record)
        for _, number in numbers_of(facts) if facts.identifiers else ():
            into.sure.append(keys.key(NUMBER, keys.hashed(number)))
            into.sure_of.append(record)

    def _whole(self, parts: list[int]) -> int:
        sounds = self._words.sounds
        return keys.key(WHOLE, keys.hashed(" ".join(sorted([sounds[row] for row in parts[:MOST_PAIRED]]))))

    def _abridged(self, record: int, parts: list[int], short: list[int], into: _Gathered) -> None:
        """What initials add; of the name itself nothing is gathered yet."""
        if parts:
            into.abridged.append(len(into.named))
        into.beside += [(record, row, initial) for row in parts[:MOST_PAIRED] for initial in short]
        into.marks += short
        into.marks_of += [record] * len(short)

    def _name(self, text: str, *, person: bool) -> tuple[list[int], list[int]]:
        """The rows of the parts that bear the name, and of initials."""
        if not person:
            firm = name_of(text, person=False)
            return [self._words.of(part) for part in bearing(firm)], [self._words.of(part) for part in initials(firm)]
        usual = self._words.usual
        rows = [usual[run] for run in runs(text)]
        if UNUSUAL not in rows and len(set(rows)) == len(rows):  # two that are read alike are two words for all that
            return rows, []
        found = joined(words(text))
        doing = roles([word.plain for word in found], person=True)
        each = list(zip(found, doing, strict=True))
        return (
            [self._words.row(word.written, word.plain, role) for word, role in each if role not in SILENT],
            [self._words.row(word.written, word.plain, role) for word, role in each if role == "initial"],
        )


def _spelled(names: _Names, words: WordColumns) -> Iterator[tuple[int, int]]:
    """Each skeleton's code with the number of records that have it, in whatever names it stands."""
    each = words.kept[names.parts, None] > np.arange(KEPT)
    owners = np.broadcast_to(names.owners[:, None], each.shape)
    found = _once(Found(words.codes[names.parts][each], owners[each]))
    codes, counts = np.unique(found.keys, return_counts=True)
    return zip(codes.tolist(), counts.tolist(), strict=True)


def _signatures(gathered: _Gathered, names: _Names, count: int, words: WordColumns) -> NDArray[np.uint8]:
    some = names.at_most(MOST_PARTS)
    # Each record shows something, be it nothing.
    rows = np.concatenate([np.full(count, NOTHING), some.parts, np.array(gathered.marks, np.intp)])
    records = np.concatenate([np.arange(count), some.owners, np.array(gathered.marks_of, np.intp)])
    order = np.argsort(records, kind="stable")
    starts = np.searchsorted(records[order], np.arange(count))
    bits = words.bits[rows[order]]
    together = np.bitwise_or.reduceat(bits, starts) if count else bits
    signatures = together.view(np.uint8).reshape(-1, BYTES)
    signatures[:, COUNT_AT] = np.minimum(np.bitwise_count(together).sum(axis=1), 255)
    return signatures


def _all_of(gathered: _Gathered, names: _Names, words: WordColumns) -> Found:
    sure = Found(np.array(gathered.sure, np.uint64), np.array(gathered.sure_of, np.intp))
    paired = names.at_most(MOST_PAIRED)
    alone = names.sizes == 1
    alone[gathered.abridged] = False
    others = made_of(
        words,
        parts=paired.parts,
        sizes=paired.sizes,
        named=paired.named,
        alone=alone,
        beside=np.array(gathered.beside, np.intp).reshape(-1, 3),
        born=_born(gathered, words),
    )
    return Found.together([sure, *others])


def _born(gathered: _Gathered, words: WordColumns) -> NDArray[np.intp]:
    """Record and year, each year of a record once."""
    records, rows = (np.array(column, np.intp) for column in (gathered.marks_of, gathered.marks))
    years = words.year[rows].astype(np.intp)
    both = np.unique((records << 16 | years)[years > 0])
    return np.column_stack([both >> 16, both & 0xFFFF])


def _once(found: Found) -> Found:
    """Record after record, each key of a record once."""
    order = _order(found)
    all_keys, records = found.keys[order], found.records[order]
    first = np.ones(len(order), np.bool_)
    first[1:] = (all_keys[1:] != all_keys[:-1]) | (records[1:] != records[:-1])
    return Found(all_keys[first], records[first])


def _order(found: Found) -> NDArray[np.intp]:
    """By record, and by key within one. Numbers of records are small, and small ones are sorted without comparing."""
    by_key = np.argsort(found.keys)
    records = found.records[by_key]
    return by_key[np.argsort(records.astype(np.min_scalar_type(records.max(initial=0))), kind="stable")]


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
