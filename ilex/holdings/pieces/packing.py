"""Sorted lists of places packed into buckets of about two thousand bytes, so that a row of the database holds many.

A bucket: its first key (8 bytes), how many keys it has (2), of how many bytes a key and a word are (1 and 1); for each
key the number of its words (1; nothing for a long list, which has two); how much greater than the first each key is,
ascending; the words: the places themselves, or number and length of a long list that stands in a row of its own.
Numbers are written from their lowest byte. Most lists are short, so every byte of a key or a place counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from struct import Struct

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]
Places = NDArray[np.uint32]

FORMAT = 2  # goes up when anything below is packed in another way: read wrongly, an index would find nothing
SPREAD = 0x9E3779B97F4A7C15  # odd, so that multiplying loses nothing: keys of one type are spread over all numbers
UNUSED = 16  # lowest bits of a spread key that are nothing: two of ten million records' keys fall together, or none
ALL = (1 << 64) - (1 << UNUSED)
INLINE = 128  # places that a bucket keeps; a longer list gets a row
FULL = 1_300  # bytes at which a bucket is closed; with its last list it stays below 2,000
USUAL = 100  # keys of a bucket, about
HEADER = Struct("<QHBB")
HEAD = HEADER.size
LONG = 2  # words of a long list
NOTHING = 0, b""


def spread(keys: NDArray[np.int64]) -> Keys:
    """The keys as the index orders them: evenly over 64 bits, whatever their types, of which the upper 48 count."""
    return keys.view(np.uint64) * np.uint64(SPREAD) & np.uint64(ALL)


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
    words = np.where(long, LONG, counts)
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
    width = _width(int(content.max()))
    usual_gap = (int(keys[-1]) - int(keys[0]) >> UNUSED) // len(keys)
    size = 1 + _width(USUAL * usual_gap) + width * words
    group = (np.cumsum(size) - size) // FULL
    cuts = np.flatnonzero(np.diff(group, prepend=-1))
    ends = np.cumsum(words)
    lengths = np.where(long, 0, words).astype(np.uint8)
    narrow = _narrowed(content, width)
    edges = [*cuts.tolist(), len(keys)]
    found = []
    for at, to in pairwise(edges):
        begin = int(ends[at - 1]) if at else 0
        above = (keys[at:to] - keys[at]) >> np.uint64(UNUSED)
        wide = _width(int(above[-1]))
        found.append(
            int(keys[at]).to_bytes(8, "little")
            + (to - at).to_bytes(2, "little")
            + bytes((wide, width))
            + lengths[at:to].tobytes()
            + _narrowed(above, wide).tobytes()
            + narrow[begin : int(ends[to - 1])].tobytes()
        )
    return found, keys[cuts].tolist()


def _width(largest: int) -> int:
    return max(1, (largest.bit_length() + 7) // 8)


def _narrowed(numbers: Keys | Places, width: int) -> NDArray[np.uint8]:
    """The lowest bytes of each number."""
    return np.ascontiguousarray(numbers.view(np.uint8).reshape(len(numbers), -1)[:, :width])


def _widened(narrow: bytes, width: int, to: int) -> bytes:
    """Numbers of so many bytes as numbers of `to` bytes."""
    if len(narrow) == width:
        return narrow + bytes(to - width)
    wide = np.zeros((len(narrow) // width, to), np.uint8)
    wide[:, :width] = np.frombuffer(narrow, np.uint8).reshape(-1, width)
    return wide.tobytes()


def look_up(bucket: bytes, key: int) -> tuple[int, bytes | int]:
    """How many places the list of this (spread) key has, and the list, or the number of the row in which it stands."""
    first, count, wide, width = HEADER.unpack_from(bucket)
    above = key - first >> UNUSED
    if above >> 8 * wide:  # less than the first, or more than any
        return NOTHING
    at = _place(bucket, above.to_bytes(wide, "little"), count)
    if at < 0:
        return NOTHING
    before = bucket[HEAD : HEAD + at]
    length = bucket[HEAD + at]
    begin = HEAD + (1 + wide) * count + width * (sum(before) + LONG * before.count(0))
    words = bucket[begin : begin + width * (length or LONG)]
    if not length:
        return int.from_bytes(words[width:], "little"), int.from_bytes(words[:width], "little")
    return length, _widened(words, width, 4)


def _place(bucket: bytes, key: bytes, count: int) -> int:
    """Which of the keys it is, or -1. The same bytes may also stand across two others."""
    begin = HEAD + count
    end = begin + len(key) * count
    at = bucket.find(key, begin, end)
    while at >= 0 and (at - begin) % len(key):
        at = bucket.find(key, at + 1, end)
    return at if at < 0 else (at - begin) // len(key)


def unpacked(bucket: bytes) -> tuple[Keys, NDArray[np.uint8], Places]:
    """Keys, the number of words of each (nothing for a long list, which has two), and the words."""
    first, count, wide, width = HEADER.unpack_from(bucket)
    above = np.frombuffer(_widened(bucket[HEAD + count : HEAD + (1 + wide) * count], wide, 8), np.uint64)
    keys = np.uint64(first) + (above << np.uint64(UNUSED))
    words = np.frombuffer(_widened(bucket[HEAD + (1 + wide) * count :], width, 4), np.uint32)
    return keys, np.frombuffer(bucket, np.uint8, count, HEAD), words


def all_of(buckets: list[bytes], long: dict[int, bytes]) -> Iterator[tuple[Keys, Places]]:
    """Every key of these buckets, repeated for each of its places; `long` holds the long lists that they name."""
    for bucket in buckets:
        keys, lengths, words = unpacked(bucket)
        flagged = lengths == 0
        if not flagged.any():
            yield np.repeat(keys, lengths), words
            continue
        inline = np.repeat(~flagged, np.where(flagged, LONG, lengths))
        yield np.repeat(keys, lengths), words[inline]
        for key, number in zip(keys[flagged], words[~inline][::LONG].tolist(), strict=True):
            places = np.frombuffer(long[number], np.uint32)
            yield np.full(len(places), key, np.uint64), places


def long_of(bucket: bytes) -> list[int]:
    """The numbers of the long lists that it names."""
    _keys, lengths, words = unpacked(bucket)
    if lengths.all():
        return []
    flagged = lengths == 0
    numbers: list[int] = words[np.repeat(flagged, np.where(flagged, LONG, lengths))][::LONG].tolist()
    return numbers
