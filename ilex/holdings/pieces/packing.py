"""Sorted lists of places packed into buckets of about two thousand bytes, so that a row of the database holds many.

A bucket: the number of its keys (uint32, padded to 8 bytes); the keys (uint64, ascending); for each where its words end
(uint16; the highest bit says that the list is a long one); the words (uint32): the places themselves, or number and
length of a long list that stands in a row of its own.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]
Places = NDArray[np.uint32]

SPREAD = 0x9E3779B97F4A7C15  # odd, so that multiplying loses nothing: keys of one type are spread over all numbers
ALL = 2**64 - 1
INLINE = 128  # places that a bucket keeps; a longer list gets a row
FULL = 1_300  # bytes at which a bucket is closed; with its last list it stays below 2,000
HEAD = 8
LONG = 0x8000


def spread(keys: NDArray[np.int64]) -> Keys:
    """The keys as the index orders them: evenly over 64 bits, whatever their types."""
    return keys.view(np.uint64) * np.uint64(SPREAD)


def spread_one(key: int) -> int:
    return key * SPREAD & ALL


@dataclass(frozen=True)
class Packed:
    first: list[int]  # key of each bucket
    buckets: list[bytes]
    long: list[bytes]
    keys: int


def ordered(keys: Keys, places: Places) -> tuple[Keys, Places]:
    """By key, and by place within a key."""
    order = np.argsort(keys)
    keys, places = keys[order], places[order]
    group = np.cumsum(_begins(keys), dtype=np.uint64) << np.uint64(32)
    group |= places
    group.sort()
    return keys, (group & np.uint64(0xFFFFFFFF)).astype(np.uint32)


def packed(keys: Keys, places: Places, first_long: int) -> Packed:
    """`keys` and `places` are ordered; long lists are numbered from `first_long`."""
    if not len(keys):
        return Packed([], [], [], 0)
    starts = np.flatnonzero(_begins(keys))
    counts = np.diff(np.append(starts, len(keys)))
    long = counts > INLINE
    words = np.where(long, 2, counts)
    content = _content(places, starts, counts, long, words, first_long)
    buckets, first = _buckets(keys[starts], words, long, content)
    rows = zip(starts[long].tolist(), counts[long].tolist(), strict=True)
    return Packed(first, buckets, [places[at : at + count].tobytes() for at, count in rows], len(starts))


def _begins(keys: Keys) -> NDArray[np.bool_]:
    """Where another key begins than stood before."""
    begins = np.ones(len(keys), np.bool_)
    np.not_equal(keys[1:], keys[:-1], out=begins[1:])
    return begins


def _content(
    places: Places,
    starts: NDArray[np.intp],
    counts: NDArray[np.intp],
    long: NDArray[np.bool_],
    words: NDArray[np.intp],
    first_long: int,
) -> Places:
    content = np.empty(int(words.sum()), np.uint32)
    is_long = np.repeat(long, words)
    content[~is_long] = places[np.repeat(~long, counts)]
    numbers = np.arange(first_long, first_long + int(long.sum()), dtype=np.uint32)
    content[is_long] = np.column_stack([numbers, counts[long].astype(np.uint32)]).ravel()
    return content


def _buckets(
    keys: Keys, words: NDArray[np.intp], long: NDArray[np.bool_], content: Places
) -> tuple[list[bytes], list[int]]:
    size = 10 + 4 * words
    group = (np.cumsum(size) - size) // FULL
    cuts = np.flatnonzero(np.diff(group, prepend=-1))
    ends = np.cumsum(words)
    flags = np.where(long, LONG, 0)
    edges = [*cuts.tolist(), len(keys)]
    found = []
    for at, to in pairwise(edges):
        begin = int(ends[at - 1]) if at else 0
        local = ((ends[at:to] - begin) | flags[at:to]).astype(np.uint16).tobytes()
        padding = b"\0" * (-len(local) % 4)
        found.append(
            (to - at).to_bytes(HEAD, "little")
            + keys[at:to].tobytes()
            + local
            + padding
            + content[begin : int(ends[to - 1])].tobytes()
        )
    return found, keys[cuts].tolist()


def look_up(bucket: bytes, key: int) -> tuple[int, bytes | int]:
    """How many places the list of this (spread) key has, and the list, or the number of the row in which it stands."""
    count = int.from_bytes(bucket[:4], "little")
    view = memoryview(bucket)
    to = HEAD + 8 * count
    keys = view[HEAD:to].cast("Q")
    at = bisect_left(keys, key)
    if at == count or keys[at] != key:
        return 0, b""
    ends = view[to : to + 2 * count].cast("H")
    begin = ends[at - 1] & ~LONG if at else 0
    end, words = ends[at], to + 2 * count + (-2 * count % 4)
    if end & LONG:
        number, length = view[words + 4 * begin : words + 4 * begin + 8].cast("I")
        return length, number
    return end - begin, bucket[words + 4 * begin : words + 4 * end]


def unpacked(bucket: bytes) -> tuple[Keys, NDArray[np.uint16], Places]:
    """Keys, ends (with their flags) and words of a bucket."""
    count = int.from_bytes(bucket[:4], "little")
    to = HEAD + 8 * count
    words = to + 2 * count + (-2 * count % 4)
    keys = np.frombuffer(bucket, np.uint64, count, HEAD)
    return keys, np.frombuffer(bucket, np.uint16, count, to), np.frombuffer(bucket, np.uint32, -1, words)


def all_of(buckets: list[bytes], long: dict[int, bytes]) -> Iterator[tuple[Keys, Places]]:
    """Every key of these buckets, repeated for each of its places; `long` holds the long lists that they name."""
    for bucket in buckets:
        keys, ends, words = unpacked(bucket)
        flagged = (ends & LONG).astype(np.bool_)
        edges = (ends & ~np.uint16(LONG)).astype(np.int64)
        counts = edges - np.append(np.int64(0), edges[:-1])
        if not flagged.any():
            yield np.repeat(keys, counts), words
            continue
        inline = np.repeat(~flagged, counts)
        yield np.repeat(keys[~flagged], counts[~flagged]), words[inline]
        for key, number in zip(keys[flagged], words[~inline][::2].tolist(), strict=True):
            places = np.frombuffer(long[number], np.uint32)
            yield np.full(len(places), key, np.uint64), places
