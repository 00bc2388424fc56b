"""What the node's clock does with the index by itself: fresh records become pieces, small pieces larger ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
from django.db import connection, transaction
from django.utils.timezone import now
from numpy.typing import NDArray

from ilex.holdings.copying import rows
from ilex.holdings.models import Fresh, Gone, Piece
from ilex.holdings.pieces import shelf as shelves
from ilex.holdings.pieces.joining import join
from ilex.holdings.pieces.packing import spread
from ilex.holdings.pieces.reading import BITS, Columns, OpenPiece
from ilex.holdings.pieces.shelf import shelf
from ilex.holdings.pieces.sorting import Sorting, among
from ilex.holdings.pieces.writing import Writing, add_words, changed, lock

ENOUGH = 500  # fresh records that make a piece at once
WAITED = timedelta(minutes=2)  # after which fewer do
AT_ONCE = 20_000  # fresh records of one piece
KEPT_FOR = timedelta(minutes=10)  # a piece that was joined stays for whoever reads it
GONE_SHARE = 4  # a piece of which one in so many is gone is written anew
GONE_FOR = timedelta(days=7)  # after which the places of records that are gone are cleared in any case
ALIKE = 4  # pieces are joined when the smaller ones hold together one in so many of the next
FEW = 3  # pieces that need no joining


def tidy(limit: int = 1, at: datetime | None = None) -> bool:
    """Do up to `limit` pieces of work. True when more may wait. While a file is taken in nothing is done."""
    return all(_once(at or now()) for _turn in range(limit))


def _once(at: datetime) -> bool:
    with transaction.atomic():
        if not lock(wait=False):
            return False
        _sweep(at)
        return _shelve(at) or _renew(at) or _join()


def _sweep(at: datetime) -> None:
    """Away with pieces that nobody can be reading any more, and with cached files of those that are none."""
    old = list(Piece.objects.filter(retired_at__lt=at - KEPT_FOR).values_list("pk", flat=True))
    with connection.cursor() as cursor:
        for pk in old:
            for table in ("bucket", "longlist", "leaf"):
                query = f"DELETE FROM holdings_{table} WHERE id >= %s AND id < %s"  # noqa: S608  # our own names
                cursor.execute(query, [pk << BITS, (pk + 1) << BITS])
    Piece.objects.filter(pk__in=old).delete()
    shelves.clear(set(Piece.objects.values_list("token", flat=True)))


def _shelve(at: datetime) -> bool:
    """Make a piece of the fresh records."""
    waiting = rows("SELECT count(*), min(at) FROM holdings_fresh")[0]
    if not waiting[0] or (waiting[0] < ENOUGH and waiting[1] > at - WAITED):
        return False
    # Locked, so that who forgets one of them meanwhile waits, and then notes it as gone from the new piece.
    query = "SELECT rid, source_id, kind, keys, words, signature FROM holdings_fresh ORDER BY rid LIMIT %s"
    fresh = rows(f"{query} FOR UPDATE SKIP LOCKED", [AT_ONCE])
    if not fresh:
        return False
    writing, sorting = Writing(), Sorting()
    rids = np.array([row[0] for row in fresh], np.int64)
    writing.add(
        Columns(
            rids,
            np.array([row[1] for row in fresh], np.int16),
            np.array([row[2] for row in fresh], np.uint8),
            np.frombuffer(b"".join(row[5] for row in fresh), np.uint8).reshape(-1, 32),
        )
    )
    words: dict[str, int] = {}
    for place, (_rid, _source, _kind, keys, some, _signature) in enumerate(fresh):
        sorting.add(spread(np.array(keys, np.int64)), np.full(len(keys), place, np.uint32))
        for word in some:
            words[word] = words.get(word, 0) + 1
    writing.finish(sorting.parts())
    add_words(words)
    Fresh.objects.filter(rid__in=rids.tolist()).delete()
    changed(words=True)
    return True


def _renew(at: datetime) -> bool:
    """Write a piece anew of which much is gone, or in which something is gone for long."""
    gone = np.array([rid for (rid,) in rows("SELECT rid FROM holdings_gone ORDER BY rid")], np.int64)
    if not len(gone):
        return False
    long_ago = Gone.objects.filter(at__lt=at - GONE_FOR).exists()
    inside = [(piece, gone[among(gone, piece.columns.rids)]) for piece in shelf().pieces]
    for piece, there in inside:
        if len(there) and (long_ago or len(there) * GONE_SHARE >= piece.records):
            _joined([piece], there)
            return True
    if long_ago:  # they stand in no piece
        listed = np.concatenate([np.empty(0, np.int64), *(there for _, there in inside)])
        Gone.objects.filter(rid__in=np.setdiff1d(gone, listed).tolist()).delete()
    return False


def _join() -> bool:
    pieces = sorted(shelf().pieces, key=lambda piece: (piece.records, piece.id))
    count = joinable([piece.records for piece in pieces])
    if count < 2:
        return False
    held = np.array([rid for (rid,) in rows("SELECT rid FROM holdings_gone ORDER BY rid")], np.int64)
    some = pieces[:count]
    there = [held[among(held, piece.columns.rids)] for piece in some]
    _joined(some, np.sort(np.concatenate(there)))
    return True


def joinable(sizes: Sequence[int]) -> int:
    """How many of these pieces, the smallest first, are worth joining, so that a record is written again few times."""
    if len(sizes) <= FEW:
        return 0
    count, held = 1, sizes[0]
    while count < len(sizes) and (held * ALIKE >= sizes[count] or len(sizes) - count > FEW):
        held += sizes[count]
        count += 1
    return count


def _joined(pieces: Sequence[OpenPiece], gone: NDArray[np.int64]) -> None:
    join(pieces, gone)
    for at in range(0, len(gone), AT_ONCE):
        Gone.objects.filter(rid__in=gone[at : at + AT_ONCE].tolist()).delete()
    changed()
