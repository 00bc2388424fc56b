"""What a process remembers of the index: the open pieces and the vocabulary, looked at again when the stamp changed.

The columns of a large piece stand in a mapped file beside the node, made once from the database: all processes share
the same memory. A file is named by the piece's token, and a piece never changes, so no file is ever wrong.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import numpy as np
from django.conf import settings
from django.utils.timezone import localdate

from ilex.holdings.copying import rows
from ilex.holdings.errors import OtherFormat
from ilex.holdings.pieces.packing import FORMAT
from ilex.holdings.pieces.reading import BITS, Columns, OpenPiece
from ilex.holdings.pieces.vocabulary import Vocabulary
from ilex.matching.rarity import Rarity

MAPPED = 50_000  # records from which the columns of a piece stand in a file
WIDTH = 32 + 8 + 2 + 1  # bytes of a record's columns

_lock = threading.Lock()
_pieces: dict[UUID, OpenPiece] = {}
_vocabulary = Vocabulary(0, {})
_shelf: Shelf | None = None


@dataclass(frozen=True)
class Shelf:
    stamp: int
    pieces: tuple[OpenPiece, ...]
    vocabulary: Vocabulary
    records: int  # that are held, of all pieces

    @cached_property
    def rarity(self) -> Rarity:
        """How common words are among the records; remembered as long as the pieces are the same."""
        return Rarity(self.records, self.vocabulary.count)


class Searched(NamedTuple):
    """A source, and whether it is searched today."""

    id: int
    code: str
    title: str
    handling: str
    origin: bool
    now: bool


@dataclass(frozen=True)
class Look:
    """The index as it was at one moment, with what stands beside its pieces."""

    stamp: int
    words: int
    fresh: bool  # there are fresh records
    news: frozenset[str]  # their words that the vocabulary does not have yet
    sources: tuple[Searched, ...]

    @cached_property
    def shelf(self) -> Shelf:
        return _of(self.stamp, self.words)


LOOK = """
    SELECT coalesce(max(stamp), 0), coalesce(max(words), 0), EXISTS (SELECT FROM holdings_fresh),
    ARRAY(SELECT DISTINCT unnest(news) FROM holdings_fresh WHERE news <> '{}'),
    (SELECT json_agg(json_build_array(
        id, code, title, handling, origin, active AND coalesce(%s::date < ends_on, true)
    )) FROM holdings_source)
    FROM holdings_state"""


def shelf() -> Shelf:
    """The index as it is now for this transaction."""
    found = rows("SELECT stamp, words FROM holdings_state")
    return _of(*found[0] if found else (0, 0))


def look() -> Look:
    """What a query must know before it asks, from the database in one go: each time a process waits for it counts."""
    [(stamp, words, fresh, news, sources)] = rows(LOOK, [localdate()])
    return Look(stamp, words, fresh, frozenset(news), tuple(Searched(*source) for source in sources or ()))


def _of(stamp: int, words: int) -> Shelf:
    global _shelf
    kept = _shelf
    if kept is not None and kept.stamp == stamp:
        return kept
    with _lock:
        _shelf = _opened(stamp, words)
        return _shelf


def folder() -> Path:
    return Path(settings.ILEX_FOLDER) / "cache" / "holdings"


def clear(tokens: set[UUID]) -> None:
    """Take away the files of pieces that are no more."""
    with suppress(OSError):
        for path in folder().iterdir():
            with suppress(ValueError, FileNotFoundError):
                if UUID(path.name.partition(".")[0]) not in tokens:
                    path.unlink()


def _opened(stamp: int, words: int) -> Shelf:
    global _vocabulary
    live = rows("SELECT id, token, format, records, directory FROM holdings_piece WHERE retired_at IS NULL ORDER BY id")
    if any(format != FORMAT for _, _, format, _, _ in live):
        raise OtherFormat("The index of the holdings was written by another version of Ilex: see CHANGELOG.md.")
    tokens = {token for _, token, _, _, _ in live}
    for token in _pieces.keys() - tokens:
        del _pieces[token]
    for pk, token, _format, records, directory in live:
        if token not in _pieces:
            _pieces[token] = OpenPiece(
                pk, token, records, np.frombuffer(directory, np.uint64), _columns(pk, token, records)
            )
    if _vocabulary.stamp != words:
        _vocabulary = Vocabulary(words, dict(rows("SELECT text, records FROM holdings_skeleton ORDER BY text")))
    pieces = tuple(_pieces[token] for _, token, *_rest in live)
    gone = rows("SELECT count(*) FROM holdings_gone")[0][0]
    return Shelf(stamp, pieces, _vocabulary, sum(piece.records for piece in pieces) - gone)


def _columns(piece: int, token: UUID, records: int) -> Columns:
    if records < MAPPED:
        return _split(b"".join(_read(piece)), records)
    try:
        return _split(_mapped(piece, token, records), records)
    except OSError:  # no room or no right to write there: this process keeps its own
        return _split(b"".join(_read(piece)), records)


def _split(whole: bytes | np.memmap[tuple[int], np.dtype[np.uint8]], records: int) -> Columns:
    """Signatures, numbers, sources and kinds follow one another."""
    flat = np.frombuffer(whole, np.uint8)
    ends = np.cumsum([0, 32 * records, 8 * records, 2 * records, records]).tolist()
    signatures, rids, sources, kinds = (flat[at:to] for at, to in pairwise(ends))
    return Columns(rids.view(np.int64), sources.view(np.int16), kinds, signatures.reshape(-1, 32))


def _read(piece: int) -> Iterator[bytes]:
    """Column after column, a leaf at a time."""
    span = [piece << BITS, (piece + 1) << BITS]
    ids = [pk for (pk,) in rows("SELECT id FROM holdings_leaf WHERE id >= %s AND id < %s ORDER BY id", span)]
    for column in ("signatures", "rids", "sources", "kinds"):
        for pk in ids:
            yield rows(f"SELECT {column} FROM holdings_leaf WHERE id = %s", [pk])[0][0]  # noqa: S608  # our own names


def _mapped(piece: int, token: UUID, records: int) -> np.memmap[tuple[int], np.dtype[np.uint8]]:
    path = folder() / f"{token}.columns"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (path.parent / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not path.exists():
                _write(path, piece)
    mapped: np.memmap[tuple[int], np.dtype[np.uint8]] = np.memmap(path, np.uint8, mode="r")
    if len(mapped) != WIDTH * records:
        path.unlink(missing_ok=True)
        raise OSError("A cached file was cut short.")
    return mapped


def _write(path: Path, piece: int) -> None:
    part = path.with_suffix(".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        for column in _read(piece):
            file.write(column)
    part.replace(path)
