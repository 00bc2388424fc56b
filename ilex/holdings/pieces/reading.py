"""Pieces as a process reads them: directories and columns in memory or in a mapped file, lists from the database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from ilex.holdings.copying import literal, rows
from ilex.holdings.pieces.packing import Keys, look_up, spread

BITS = 24  # of the number of a bucket, long list or leaf
LARGEST = 1 << BITS


@dataclass(frozen=True)
class Columns:
    """What is known of each place of a piece."""

    rids: NDArray[np.int64]  # ascending
    sources: NDArray[np.int16]
    kinds: NDArray[np.uint8]
    signatures: NDArray[np.uint8]  # (n, 32)


@dataclass(frozen=True)
class OpenPiece:
    id: int
    token: UUID
    records: int
    directory: Keys
    columns: Columns

    def buckets_of(self, keys: Keys) -> NDArray[np.int64]:
        at = self.directory.searchsorted(keys, side="right").astype(np.int64)
        return np.where(at > 0, self.id << BITS | np.maximum(at - 1, 0), 0)


class Listed(NamedTuple):
    """The list of one key in one piece, not yet read when it is a long one."""

    piece: int  # its place among the pieces
    key: int
    size: int
    held: bytes | int


def listed(pieces: Sequence[OpenPiece], keys: Sequence[int]) -> list[Listed]:
    """What each piece has under each of these keys, in the order of the keys."""
    if not keys or not pieces:
        return []
    asked = spread(np.array(keys, np.int64))
    where = [piece.buckets_of(asked).tolist() for piece in pieces]
    buckets = contents("holdings_bucket", {bucket for row in where for bucket in row if bucket})
    found = []
    for key, mixed, *at in zip(keys, asked.tolist(), *where, strict=True):
        for number, bucket in enumerate(at):
            if content := buckets.get(bucket):
                count, held = look_up(content, mixed)
                if count:
                    found.append(Listed(number, key, count, held))
    return found


def places(pieces: Sequence[OpenPiece], wanted: Iterable[Listed]) -> list[NDArray[np.uint32]]:
    """The places of each of these lists."""
    chosen = list(wanted)
    ids = {long_id(pieces[one.piece].id, one.held) for one in chosen if isinstance(one.held, int)}
    long = contents("holdings_longlist", ids)
    return [
        np.frombuffer(
            long.get(long_id(pieces[one.piece].id, one.held), b"") if isinstance(one.held, int) else one.held, np.uint32
        )
        for one in chosen
    ]


def long_id(piece: int, number: int) -> int:
    return piece << BITS | number


def contents(table: str, ids: Iterable[int]) -> dict[int, bytes]:
    wanted = sorted(ids)
    if not wanted:
        return {}
    query = f"SELECT id, content FROM {table} WHERE id = ANY(%s::bigint[])"  # noqa: S608  # our own two names
    return dict(rows(query, [literal(wanted)]))
