"""The rows of a file on their way into the tables, against what the source holds already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile

import numpy as np
import psycopg
from django.conf import settings
from django.db import connection
from django.utils.timezone import now
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from ilex.holdings.copying import copy_text, raw
from ilex.holdings.errors import FileRefused
from ilex.holdings.files.bounds import TWICE, Fault
from ilex.holdings.files.chunks import Chunk
from ilex.holdings.files.columns import Columns
from ilex.holdings.forgetting import forget
from ilex.holdings.making import KNOWN, Made, Setting
from ilex.holdings.models import Piece, Source, State
from ilex.holdings.pieces.packing import spread
from ilex.holdings.pieces.shelf import shelf
from ilex.holdings.pieces.sorting import Sorting, among
from ilex.holdings.pieces.writing import Writing, add_words, changed, columns
from ilex.holdings.workers import made

RECORD = ("rid", "spot", "digest", "source_id", "key", "facts")
# A row of (rid, spot, digest) in the binary form of COPY.
HELD = np.dtype(
    [("n", ">i2"), ("l1", ">i4"), ("rid", ">i8"), ("l2", ">i4"), ("spot", ">i8"), ("l3", ">i4"), ("digest", ">i8")]
)
COPY_HEAD = 19  # bytes before the first row

Numbers = NDArray[np.int64]


@dataclass
class Report:
    """What a load found, and while it runs what it has found so far."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    gone: int = 0
    same: int = 0
    bad: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    written: bool = False

    @property
    def records(self) -> int:
        return self.new + self.changed + self.same


Told = Callable[[Fault], None]
Progress = Callable[[Report], None]


@dataclass
class _Seen:
    """Of each good row of the file: the key of its id, its line, and its number when it is new or changed."""

    spots: list[Numbers] = field(default_factory=list)
    lines: list[Numbers] = field(default_factory=list)
    rids: list[Numbers] = field(default_factory=list)  # 0: it is held as it is
    refused: list[Numbers] = field(default_factory=list)  # keys of ids of bad rows

    def add(self, spots: bytes, lines: list[int], rids: Numbers) -> None:
        self.spots.append(np.frombuffer(spots, np.int64))
        self.lines.append(np.array(lines, np.int64))
        self.rids.append(rids)


class Taking:
    """Takes in one file, to its end. With `write=False` everything is read and counted and nothing written."""

    def __init__(self, source: Source, tell: Told, progress: Progress, *, write: bool, anew: bool) -> None:
        self.source, self.tell, self.progress, self.write, self.anew = source, tell, progress, write, anew
        self.report = Report()
        self._held = _held(source.pk)
        self._seen = _Seen()
        self._words: Counter[str] = Counter()
        self._next = _next_rid()
        self._places = 0
        self._sorting = Sorting(Path(settings.ILEX_FOLDER))
        self._writing = Writing() if write else None

    def take(self, chunks: Iterable[Chunk], columns: Columns | None, processes: int) -> None:
        """Raises FileRefused when not one row is good."""
        with closing(self._sorting), _known(self._held[: 0 if self.anew else None]) as known:
            setting = Setting(self.source.pk, columns, known)
            with closing(made(setting, chunks, processes)) as results:
                for result in results:
                    self._take(result)
                    self.progress(self.report)
            self._finish()

    def _take(self, made: Made) -> None:
        fresh = len(made.lines)
        rids = np.arange(self._next, self._next + fresh, dtype=np.int64)
        self._next += fresh
        self._seen.add(made.spots, made.lines, rids)
        self._seen.add(made.same, made.same_lines, np.zeros(len(made.same_lines), np.int64))
        self._seen.refused.append(np.frombuffer(made.refused, np.int64))
        self._count(made)
        if self._writing is not None and fresh:
            self._write(made, rids, self._writing)

    def _count(self, made: Made) -> None:
        report = self.report
        report.rows += made.rows
        report.same += len(made.same_lines)
        report.new += len(made.lines)  # until the end, when the changed ones are known
        report.bad += len(made.faults)
        report.left_out += made.left_out
        for fault in made.faults:
            self.tell(fault)

    def _write(self, made: Made, rids: Numbers, writing: Writing) -> None:
        lines = "\n".join(f"{rid}\t{row}" for rid, row in zip(rids.tolist(), made.written, strict=True))
        copy_text("holdings_record", RECORD, f"{lines}\n".encode())
        writing.add(columns(rids, self.source.pk, made.kinds, made.signatures))
        places = np.arange(self._places, self._places + len(rids), dtype=np.uint32)
        self._places += len(rids)
        keys = np.frombuffer(made.keys, np.int64)
        self._sorting.add(spread(keys), np.repeat(places, np.frombuffer(made.counts, np.uint16)))
        self._words.update(made.words)

    def _finish(self) -> None:
        if not (self.report.new or self.report.same):
            raise FileRefused(_("The file holds no good row. Nothing was changed."))
        spots, rids = self._once()
        was = self._held["spot"]
        changed_now = among(was, spots[rids > 0])  # both ascend
        stays = changed_now | among(was, spots) | among(was, np.unique(np.concatenate(self._seen.refused)))
        self.report.changed = int(changed_now.sum())
        self.report.new -= self.report.changed
        self.report.gone = len(was) - int(stays.sum())
        if self._writing is not None:
            self._away(self._held["rid"][changed_now | ~stays])
            self._index(self._writing)

    def _once(self) -> tuple[Numbers, Numbers]:
        """Keys and numbers of what the file holds, each id once: the first stays, the others are bad rows."""
        spots, lines, rids = (np.concatenate(part) for part in (self._seen.spots, self._seen.lines, self._seen.rids))
        order = np.lexsort((lines, spots))
        again = np.zeros(len(order), np.bool_)
        np.equal(spots[order][1:], spots[order][:-1], out=again[1:])
        twice = order[again]
        for line in np.sort(lines[twice]).tolist():
            self.tell(Fault(line, "id", TWICE))
        self.report.bad += len(twice)
        self.report.new -= int((rids[twice] > 0).sum())
        self.report.same -= int((rids[twice] == 0).sum())
        if self.write:
            forget(rids[twice][rids[twice] > 0].tolist())
        kept = order[~again]
        return spots[kept], rids[kept]

    def _away(self, rids: Numbers) -> None:
        """Take away what is changed or gone. A piece of which nothing is left is not read any more."""
        rids = np.sort(rids)
        for piece in shelf().pieces:
            inside = rids[among(rids, piece.columns.rids)]
            if len(inside) == piece.records:
                Piece.objects.filter(pk=piece.id).update(retired_at=now())
                forget(inside.tolist(), listed=False)
                rids = np.setdiff1d(rids, inside, assume_unique=True)
        forget(rids.tolist())

    def _index(self, writing: Writing) -> None:
        writing.finish(self._sorting.parts())
        add_words(self._words)
        state = changed(words=bool(self._words))
        state.next_rid = self._next
        state.save(update_fields=["next_rid"])


def _next_rid() -> int:
    state = State.objects.filter(pk=1).first()
    return state.next_rid if state else 1


def _held(source: int) -> NDArray[np.void]:
    """Number, key of the id and digest of everything that the source holds, ordered by the key."""
    query = f"COPY (SELECT rid, spot, digest FROM holdings_record WHERE source_id = {int(source)})"  # noqa: S608
    whole = bytearray()
    with (
        connection.wrap_database_errors,
        psycopg.Cursor(raw()) as cursor,
        cursor.copy(f"{query} TO STDOUT (FORMAT BINARY)") as giving,
    ):
        for piece in giving:
            whole += piece
    held = np.frombuffer(whole, HELD, (len(whole) - COPY_HEAD) // HELD.itemsize, COPY_HEAD)
    plain = np.empty(len(held), [("rid", np.int64), ("spot", np.int64), ("digest", np.int64)])
    for name in ("rid", "spot", "digest"):
        plain[name] = held[name]
    return plain[np.argsort(plain["spot"], kind="stable")]


@contextmanager
def _known(held: NDArray[np.void]) -> Iterator[str]:
    """A file of what is held, for the processes that make keys: they make none for what is the same."""
    if not len(held):
        yield ""
        return
    with NamedTemporaryFile(dir=settings.ILEX_FOLDER, prefix=".known-") as file:
        known = np.empty(len(held), KNOWN)
        known["spot"], known["digest"] = held["spot"], held["digest"]
        known.tofile(file)
        file.flush()
        yield file.name
