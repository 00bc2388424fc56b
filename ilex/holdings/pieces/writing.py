"""Writing a piece in the transaction that is open: leaves while records come, buckets when all have come."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from django.db import connection
from django.utils.timezone import now
from numpy.typing import NDArray

from ilex.holdings.copying import copy_binary
from ilex.holdings.models import Piece, State
from ilex.holdings.pieces.packing import FORMAT, Keys, Packed, Places, packed
from ilex.holdings.pieces.reading import BITS, LARGEST, Columns

LEAF = 65_536  # records of a leaf
LOCK = 0x11E4_0004  # of everything that changes pieces


@dataclass
class Numbers:
    """What a piece holds, counted while it is written."""

    records: int = 0
    keys: int = 0
    places: int = 0


class Writing:
    """One new piece. Its row is the last thing that is written: nobody reads a piece that has none."""

    def __init__(self) -> None:
        self.id = next_id()
        self.numbers = Numbers()
        self._waiting: list[Columns] = []
        self._waits = 0
        self._leaves = 0

    def add(self, columns: Columns) -> None:
        """The next records, in order of their numbers."""
        self._waiting.append(columns)
        self._waits += len(columns.rids)
        self.numbers.records += len(columns.rids)
        if self._waits >= LEAF:
            self._write_leaf()

    def finish(self, parts: Iterable[tuple[Keys, Places]]) -> Piece | None:
        """Write the lists, part after part in order of the keys, and the piece itself; nothing for an empty one."""
        self._write_leaf()
        if not self.numbers.records:
            return None
        first: list[int] = []
        longs = 0
        for keys, places in parts:
            made = packed(keys, places, longs)
            self._write_buckets(made, len(first), longs)
            first += made.first
            longs += len(made.long)
            self.numbers.keys += made.keys
            self.numbers.places += len(places)
        if max(len(first), longs, self._leaves) >= LARGEST:
            raise OverflowError("A piece holds at most sixteen million buckets.")
        return Piece.objects.create(
            id=self.id,
            token=uuid.uuid4(),
            format=FORMAT,
            directory=np.array(first, np.uint64).tobytes(),
            made_at=now(),
            **vars(self.numbers),
        )

    def _write_buckets(self, made: Packed, buckets: int, longs: int) -> None:
        copy_binary("holdings_bucket", ("id", "content"), _numbered(self.id, buckets, made.buckets))
        if made.long:
            copy_binary("holdings_longlist", ("id", "content"), _numbered(self.id, longs, made.long))

    def _write_leaf(self) -> None:
        if not self._waits:
            return
        waiting, self._waiting, self._waits = self._waiting, [], 0
        names = ("rids", "sources", "kinds", "signatures")
        columns = [np.concatenate([getattr(one, name) for one in waiting]).tobytes() for name in names]
        copy_binary("holdings_leaf", ("id", *names), [[self.id << BITS | self._leaves, *columns]])
        self._leaves += 1


def _numbered(piece: int, first: int, contents: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    return ((piece << BITS | number, content) for number, content in enumerate(contents, first))


def next_id() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('holdings_piece', 'id'))")
        return int(cursor.fetchone()[0])


def lock(*, wait: bool) -> bool:
    """Only one transaction at a time changes pieces. False when another does and `wait` is not wanted."""
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            return True
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def changed(*, words: bool = False) -> State:
    """Give the state another stamp: every process looks again. The caller holds the lock."""
    stamp = secrets.randbits(62) | 1
    state, _made = State.objects.get_or_create(pk=1)
    state.stamp = stamp
    if words:
        state.words = stamp
    state.save(update_fields=["stamp", "words"])
    return state


def add_words(counts: dict[str, int]) -> None:
    """Add to the vocabulary what records of a new piece carry. The caller holds the lock.

    Nothing is taken off when records go: how common a word is needs no exact number.
    """
    texts = sorted(counts)
    with connection.cursor() as cursor:
        for at in range(0, len(texts), 10_000):
            some = texts[at : at + 10_000]
            cursor.execute(
                "INSERT INTO holdings_skeleton (text, records) SELECT * FROM unnest(%s::varchar[], %s::int[])"
                " ON CONFLICT (text) DO UPDATE SET records = holdings_skeleton.records + EXCLUDED.records",
                [some, [counts[text] for text in some]],
            )


def columns(rids: NDArray[np.int64], source: int, kinds: bytes, signatures: bytes) -> Columns:
    """The columns of records that all come from one source."""
    return Columns(
        rids,
        np.full(len(rids), source, np.int16),
        np.frombuffer(kinds, np.uint8),
        np.frombuffer(signatures, np.uint8).reshape(-1, 32),
    )
