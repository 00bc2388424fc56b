"""Thirty-two bytes that tell how alike two records may be, for looking through all of them when no key finds one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from ilex.matching.facts import Prepared
from ilex.matching.skeletons import bearing, initials
from ilex.words.dates import PartialDate

BYTES = 32
NAME_BITS = 208
DATE_BITS = 40  # behind the bits of the name; the last byte holds the number of bits set
COUNT_AT = 31
MOST_PARTS = 6
CHUNK = 1 << 12  # rows
THREADS = 2
OWN_WEIGHT, OTHER_WEIGHT = np.float32(0.75), np.float32(0.25)


def signature(prepared: Prepared) -> bytes:
    """The same for the same facts on every machine."""
    bits = 0
    for name in prepared.names:
        for part in bearing(name)[:MOST_PARTS]:
            bits |= grams_bits(part.sound, part.skeletons[:2])
        for part in initials(name):
            bits |= beginning_bits(part.sound)
    for date in prepared.born:
        bits |= date_bits(date)
    return bits.to_bytes(COUNT_AT, "little") + bytes([min(bits.bit_count(), 255)])


@lru_cache(maxsize=2**16)
def grams_bits(sound: str, skeletons: tuple[str, ...]) -> int:
    """Pairs of sounds; pairs and threes of consonants, which also meet where no vowels are written."""
    padded = f"^{sound}$"
    bits = 0
    for at in range(len(padded) - 1):
        bits |= _bit(padded[at : at + 2])
    for skeleton in skeletons:
        bits |= _consonants_bits(skeleton)
    return bits


@lru_cache(maxsize=2**15)
def _consonants_bits(skeleton: str) -> int:
    padded = f"^{skeleton}$"
    bits = 0
    for at in range(len(padded) - 1):
        bits |= _bit(f"t{padded[at : at + 2]}")
    for at in range(len(padded) - 2):
        bits |= _bit(f"s{padded[at : at + 3]}")
    return bits


def beginning_bits(sound: str) -> int:
    return _bit(f"^{sound[:1]}")


@lru_cache(maxsize=2**13)
def _bit(gram: str) -> int:
    return 1 << crc32(gram.encode()) % NAME_BITS


def date_bits(date: PartialDate) -> int:
    month = date.value.month if date.precision != "year" else 0
    return _date_bits(date.value.year, month, date.value.day if date.precision == "day" else 0)


@lru_cache(maxsize=2**15)
def _date_bits(year: int, month: int, day: int) -> int:
    marks = [f"y{year}", f"d{year // 3}"]
    if month:
        marks += [f"{year}m{month}"]
    if day:
        marks += [f"p{day}", f"p{month}", f"x{min(day, month)}-{max(day, month)}"]
    bits = 0
    for mark in marks:
        bits |= 1 << NAME_BITS + crc32(mark.encode()) % DATE_BITS
    return bits


def scan(query: bytes, block: NDArray[np.uint8]) -> NDArray[np.float32]:
    """How like the query each row is: 1 for all bits in common and no others, 0 for none. `block` is (n, 32)."""
    block = np.ascontiguousarray(block)
    found = np.empty(len(block), np.float32)
    mask = np.frombuffer(query[:COUNT_AT] + b"\0", np.uint64)
    shares = 1 / np.maximum(query[COUNT_AT] * OWN_WEIGHT + np.arange(256, dtype=np.float32) * OTHER_WEIGHT, 1)
    part = -(-len(block) // THREADS)
    if part < CHUNK:
        _scan(block, mask, shares, found)
        return found
    with ThreadPoolExecutor(THREADS) as pool:
        spans = [slice(start, start + part) for start in range(0, len(block), part)]
        list(pool.map(lambda span: _scan(block[span], mask, shares, found[span]), spans))
    return found


def _scan(
    block: NDArray[np.uint8], mask: NDArray[np.uint64], shares: NDArray[np.float32], found: NDArray[np.float32]
) -> None:
    """Chunks stay in the processor's cache; the four counts of a row are added in one multiplication."""
    words = block.view(np.uint64)
    common = np.empty((min(CHUNK, len(block)), 4), np.uint64)
    counts = np.empty(common.shape, np.uint8)
    for at in range(0, len(block), CHUNK):
        size = min(CHUNK, len(block) - at)
        np.bitwise_and(words[at : at + size], mask, out=common[:size])
        np.bitwise_count(common[:size], out=counts[:size])
        sums = counts[:size].view(np.uint32).reshape(-1)
        np.multiply(sums, np.uint32(0x01010101), out=sums)
        np.right_shift(sums, np.uint32(24), out=sums)
        into = found[at : at + size]
        np.take(shares, block[at : at + size, COUNT_AT], out=into, mode="clip")
        np.multiply(into, sums, out=into, casting="unsafe")
