"""Several pieces written anew as one, without the records that are gone, a part of the keys after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from django.utils.timezone import now
from numpy.typing import NDArray

from ilex.holdings.copying import rows
from ilex.holdings.models import Piece
from ilex.holdings.pieces.packing import Keys, Places, all_of, long_of, ordered
from ilex.holdings.pieces.reading import BITS, Columns, OpenPiece, contents, long_id
from ilex.holdings.pieces.sorting import among
from ilex.holdings.pieces.writing import LEAF, Writing

AT_ONCE = 4_000_000  # entries that are sorted in memory
GONE = -1


def join(pieces: Sequence[OpenPiece], gone: NDArray[np.int64]) -> Piece | None:
    """One piece in place of these, in the transaction that is open; the caller holds the lock and gives a new stamp."""
    writing = Writing()
    ways = _records(pieces, gone, writing)
    made = writing.finish(_parts(pieces, ways))
    Piece.objects.filter(pk__in=[piece.id for piece in pieces]).update(retired_at=now())
    return made


def _records(pieces: Sequence[OpenPiece], gone: NDArray[np.int64], writing: Writing) -> list[NDArray[np.int64]]:
    """Write the columns in order of the records' numbers; gives for each place of each piece where it stands now."""
    rids = np.concatenate([piece.columns.rids for piece in pieces])
    edges = np.cumsum([0, *(piece.records for piece in pieces)])
    order = np.argsort(rids, kind="stable")
    order = order[~among(rids[order], gone)]
    for at in range(0, len(order), LEAF):
        writing.add(_columns(pieces, edges, order[at : at + LEAF]))
    where = np.full(len(rids), GONE, np.int64)
    where[order] = np.arange(len(order))
    return [where[at:to] for at, to in pairwise(edges)]


def _columns(pieces: Sequence[OpenPiece], edges: NDArray[np.intp], wanted: NDArray[np.intp]) -> Columns:
    parts = []
    piece_of = np.searchsorted(edges, wanted, side="right") - 1
    for number, piece in enumerate(pieces):
        there = wanted[piece_of == number] - edges[number]
        columns = piece.columns
        parts.append(
            Columns(columns.rids[there], columns.sources[there], columns.kinds[there], columns.signatures[there])
        )
    back = np.argsort(np.argsort(piece_of, kind="stable"), kind="stable")
    return Columns(
        np.concatenate([part.rids for part in parts])[back],
        np.concatenate([part.sources for part in parts])[back],
        np.concatenate([part.kinds for part in parts])[back],
        np.concatenate([part.signatures for part in parts])[back],
    )


def _parts(pieces: Sequence[OpenPiece], ways: Sequence[NDArray[np.int64]]) -> Iterator[tuple[Keys, Places]]:
    """The lists of all pieces with their new places, ordered, a span of keys after the other."""
    query = "SELECT sum(places)::bigint FROM holdings_piece WHERE id = ANY(%s)"
    count = int(rows(query, [[piece.id for piece in pieces]])[0][0]) // AT_ONCE + 1
    bounds = [number * 2**64 // count for number in range(count + 1)]
    for low, high in pairwise(bounds):
        found = [_span(piece, way, low, high) for piece, way in zip(pieces, ways, strict=True)]
        yield ordered(np.concatenate([keys for keys, _ in found]), np.concatenate([places for _, places in found]))


def _span(piece: OpenPiece, way: NDArray[np.int64], low: int, high: int) -> tuple[Keys, Places]:
    """Entries of one piece with keys from `low` to below `high`."""
    first = max(0, int(piece.directory.searchsorted(np.uint64(low), side="right")) - 1)
    last = int(piece.directory.searchsorted(np.uint64(high - 1), side="right"))
    begin = piece.id << BITS
    query = "SELECT content FROM holdings_bucket WHERE id >= %s AND id < %s ORDER BY id"
    buckets = [content for (content,) in rows(query, [begin | first, begin | last])]
    found = list(all_of(buckets, _long(piece.id, buckets)))
    keys = np.concatenate([np.empty(0, np.uint64), *(keys for keys, _ in found)])
    places = way[np.concatenate([np.empty(0, np.uint32), *(places for _, places in found)])]
    kept = (places != GONE) & (keys >= np.uint64(low)) & (keys <= np.uint64(high - 1))
    return keys[kept], places[kept].astype(np.uint32)


def _long(piece: int, buckets: Sequence[bytes]) -> dict[int, bytes]:
    """The long lists that these buckets name, by their numbers."""
    numbers = [number for bucket in buckets for number in long_of(bucket)]
    held = contents("holdings_longlist", (long_id(piece, number) for number in numbers))
    return {pk - (piece << BITS): content for pk, content in held.items()}
