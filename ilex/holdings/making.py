"""Chunks of a file made into rows and entries of the index: the dear part of a load. Knows no database."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ilex.holdings.files import columns as tables
from ilex.holdings.files import ftm
from ilex.holdings.files.bounds import LONGEST_TOLD, Bad, Fault, LeftOut, Row
from ilex.holdings.files.chunks import Chunk
from ilex.holdings.files.columns import Columns
from ilex.holdings.keying import LONGEST_WORD, kind_number
from ilex.holdings.packing import digest, pack
from ilex.holdings.spots import spot
from ilex.matching.facts import Facts
from ilex.matching.filing import Filing

SELDOM = 200_000  # objects after which circles are looked for: what is made of a chunk has none


@dataclass(frozen=True)
class Setting:
    """What all chunks of one load share."""

    source: int
    columns: Columns | None  # of a table; nothing: FollowTheMoney
    known: str = ""  # a file of (spot, digest) of what is held, ordered by spot; empty: nothing is


@dataclass(slots=True)
class Made:
    """What came of one chunk. The arrays have an entry for each record that is new or changed, in the file's order."""

    line: int  # the last
    rows: int = 0
    lines: list[int] = field(default_factory=list)  # where each record stands in the file
    written: list[str] = field(default_factory=list)  # its row for COPY, without its number
    spots: bytes = b""  # int64
    kinds: bytes = b""  # uint8
    signatures: bytes = b""
    keys: bytes = b""  # int64, of all records one after the other
    counts: bytes = b""  # uint16: how many of them each record has
    words: Counter[str] = field(default_factory=Counter)
    same: bytes = b""  # spots of records that are held as they are
    same_lines: list[int] = field(default_factory=list)
    refused: bytes = b""  # spots of rows that are refused: what is held under them stays
    faults: list[Fault] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)


class Making:
    """Makes chunk after chunk."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self._schemata = ftm.schemata()
        self._filing = Filing()
        self._known = np.empty(0, KNOWN) if not setting.known else np.fromfile(setting.known, KNOWN)

    def made(self, chunk: Chunk) -> Made:
        result = Made(chunk.line)
        rows = list(self._read(chunk, result))
        spots = [spot(self.setting.source, row.key) for row in rows]
        packed = [pack(row.facts) for row in rows]
        digests = [digest(one) for one in packed]
        keys = np.array(spots, np.int64)
        same = self._same(keys, np.array(digests, np.int64))
        result.same = keys[same].tobytes()
        result.same_lines = [row.line for row, held in zip(rows, same.tolist(), strict=True) if held]
        fresh = np.flatnonzero(~same).tolist()
        result.lines = [rows[at].line for at in fresh]
        result.spots = keys[~same].tobytes()
        result.written = [self._row(spots[at], digests[at], rows[at].key, packed[at]) for at in fresh]
        self._index(keys[fresh], [rows[at].facts for at in fresh], result)
        refused = [spot(self.setting.source, fault.key) for fault in result.faults if fault.key]
        result.refused = np.array(refused, np.int64).tobytes()
        return result

    def _row(self, spot: int, digest: int, key: str, packed: str) -> str:
        return f"{spot}\t{digest}\t{self.setting.source}\t{_escaped(key)}\t{_escaped(packed)}"

    def _index(self, spots: NDArray[np.int64], fresh: Sequence[Facts], result: Made) -> None:
        made = self._filing.filed(fresh)
        result.kinds = bytes(kind_number(facts.kind) for facts in fresh)
        result.signatures = made.signatures.tobytes()
        result.counts = (made.counts + 1).astype(np.uint16).tobytes()
        result.keys = np.insert(made.keys, np.cumsum(made.counts), spots).tobytes()
        result.words = Counter({word: count for word, count in made.words.items() if 0 < len(word) <= LONGEST_WORD})

    def _same(self, spots: NDArray[np.int64], digests: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of them are held with exactly this content."""
        if not len(self._known):
            return np.zeros(len(spots), np.bool_)
        at = np.minimum(np.searchsorted(self._known["spot"], spots), len(self._known) - 1)
        found = self._known[at]
        same: NDArray[np.bool_] = (found["spot"] == spots) & (found["digest"] == digests)
        return same

    def _read(self, chunk: Chunk, result: Made) -> Iterator[Row]:
        columns = self.setting.columns
        if columns is None:
            yield from self._lines(chunk, result)
            return
        for line, cells in chunk.rows:
            result.line, result.rows = line, result.rows + 1
            if isinstance(cells, Fault):
                result.faults.append(cells)
                continue
            try:
                found = tables.read(cells, columns)
            except Bad as bad:
                key = tables.known_key(cells, columns)
                told = "\t".join(cell[:LONGEST_TOLD] for cell in cells[: tables.MOST_COLUMNS])
                result.faults.append(_fault(line, bad, told, key))
            else:
                if found is None:
                    result.rows -= 1
                else:
                    yield Row(line, *found)

    def _lines(self, chunk: Chunk, result: Made) -> Iterator[Row]:
        for line, raw in enumerate(chunk.lines.split(b"\n"), chunk.line):
            result.line = line
            if not raw or raw.isspace():
                continue
            result.rows += 1
            try:
                key, facts = ftm.read(raw, self._schemata)
            except LeftOut as left:
                result.left_out[str(left)] += 1
            except Bad as bad:
                told = raw[:LONGEST_TOLD].decode("utf-8", "replace")
                result.faults.append(_fault(line, bad, told, ftm.known_key(raw)))
            else:
                yield Row(line, key, facts)


KNOWN = np.dtype([("spot", np.int64), ("digest", np.int64)])

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Within it circles of forgotten objects are looked for every SELDOM objects, not every few hundred."""
    usual = gc.get_threshold()
    gc.set_threshold(SELDOM, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES) if "\\" in text or not text.isprintable() else text


def _fault(line: int, bad: Bad, row: str, key: str) -> Fault:
    return Fault(line, bad.column, bad.sentence, bad.values, row[:LONGEST_TOLD], key)
