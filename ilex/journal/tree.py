"""The Merkle tree of RFC 6962, kept in tiles of 256 hashes (C2SP tlog-tiles); no database in sight.

A *node* is (height, index): the complete subtree over the leaves `index << height` up to `(index + 1) << height`.
A *tile* is (level, index): the nodes of height `8 * level`, side by side, 256 to a full tile. What stands
between two levels is computed from the lower tile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Protocol

Node = tuple[int, int]
TileKey = tuple[int, int]
Span = tuple[int, int]  # leaves from the first (inclusive) to the second (exclusive)
ReadTiles = Callable[[Iterable[TileKey]], Mapping[TileKey, bytes]]

HASH = 32  # bytes
WIDTH = 256  # hashes in a full tile
HEIGHT = 8  # WIDTH is two to this power
EMPTY_ROOT = sha256(b"").digest()


class TreeError(Exception):
    """One clear sentence: a tile is missing or short, or a question makes no sense for a tree of this size."""


class Hashes(Protocol):
    """Reads nodes of a tree, each of them a complete subtree."""

    def read(self, nodes: Sequence[Node]) -> list[bytes]: ...


def leaf_hash(entry: bytes) -> bytes:
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def complete_root(hashes: bytes) -> bytes:
    """The root over hashes that stand side by side; their number is a power of two."""
    row = list(split(hashes))
    while len(row) > 1:
        row = [node_hash(left, right) for left, right in zip(row[::2], row[1::2], strict=True)]
    return row[0]


def split(hashes: bytes) -> Iterator[bytes]:
    return (hashes[at : at + HASH] for at in range(0, len(hashes), HASH))


class TileHashes:
    """Nodes read out of tiles. Asks `read_tiles` once for all tiles that a question needs."""

    def __init__(self, read_tiles: ReadTiles) -> None:
        self._read_tiles = read_tiles

    def read(self, nodes: Sequence[Node]) -> list[bytes]:
        tiles = self._read_tiles({_tile_of(node) for node in nodes})
        return [_node_of(tiles, node) for node in nodes]


def _tile_of(node: Node) -> TileKey:
    height, index = node
    return height // HEIGHT, (index << height % HEIGHT) // WIDTH


def _node_of(tiles: Mapping[TileKey, bytes], node: Node) -> bytes:
    height, index = node
    level, tile = _tile_of(node)
    width = 1 << height % HEIGHT
    start = (index * width - tile * WIDTH) * HASH
    hashes = tiles.get((level, tile), b"")[start : start + width * HASH]
    if len(hashes) != width * HASH:
        raise TreeError(f"Tile {level}/{tile} of the tree is missing or too short.")
    return complete_root(hashes)


def append(read_tiles: ReadTiles, size: int, leaves: Iterable[bytes]) -> dict[TileKey, bytes]:
    """The tiles, whole, that are new or longer once `leaves` stand behind the first `size` ones."""
    changed: dict[TileKey, bytes] = {}
    row = list(leaves)
    if any(len(leaf) != HASH for leaf in row):
        raise TreeError("A leaf of the tree is not a SHA-256 hash.")
    level = 0
    while row:
        index, used = divmod(size >> HEIGHT * level, WIDTH)
        before = read_tiles([(level, index)]).get((level, index), b"") if used else b""
        if len(before) != used * HASH:
            raise TreeError(f"Tile {level}/{index} of the tree should hold {used} hashes and does not.")
        written = _fill(level, index, before + b"".join(row))
        changed |= written
        row = [complete_root(hashes) for hashes in written.values() if len(hashes) == WIDTH * HASH]
        level += 1
    return changed


def _fill(level: int, index: int, hashes: bytes) -> dict[TileKey, bytes]:
    step = WIDTH * HASH
    return {
        (level, index + number): hashes[start : start + step]
        for number, start in enumerate(range(0, len(hashes), step))
    }


def root(hashes: Hashes, size: int) -> bytes:
    if size == 0:
        return EMPTY_ROOT
    return _hash_spans(hashes, [(0, size)])[0]


def inclusion(hashes: Hashes, position: int, size: int) -> list[bytes]:
    """The proof that the leaf at `position` (from 0) stands in the tree of that size: RFC 6962 2.1.1."""
    if not 0 <= position < size:
        raise TreeError(f"A tree of {size} leaves has no leaf at position {position}.")
    return _hash_spans(hashes, _inclusion_spans(position, size))


def consistency(hashes: Hashes, first: int, second: int) -> list[bytes]:
    """The proof that the tree of size `second` begins with the tree of size `first`: RFC 6962 2.1.2.

    Empty when `first` is 0 (every tree continues the empty one) or the sizes are equal.
    """
    if not 0 <= first <= second:
        raise TreeError(f"A tree of {second} leaves cannot continue one of {first}.")
    return _hash_spans(hashes, _consistency_spans(first, second)) if 0 < first < second else []


def _inclusion_spans(position: int, size: int) -> list[Span]:
    low, high, spans = 0, size, []
    while high - low > 1:
        middle = low + _largest_power_below(high - low)
        if position < middle:
            spans.append((middle, high))
            high = middle
        else:
            spans.append((low, middle))
            low = middle
    return spans[::-1]


def _consistency_spans(first: int, second: int) -> list[Span]:
    low, high, spans = 0, second, []
    while first != high:
        middle = low + _largest_power_below(high - low)
        if first <= middle:
            spans.append((middle, high))
            high = middle
        else:
            spans.append((low, middle))
            low = middle
    if low:  # else the old tree is itself a node of the new one, and whoever asks knows its root
        spans.append((low, high))
    return spans[::-1]


def _largest_power_below(number: int) -> int:
    return 1 << (number - 1).bit_length() - 1


def _hash_spans(hashes: Hashes, spans: Sequence[Span]) -> list[bytes]:
    parts = [list(_complete_nodes(*span)) for span in spans]
    found = iter(hashes.read([node for part in parts for node in part]))
    return [fold([next(found) for _ in part]) for part in parts]


def _complete_nodes(low: int, high: int) -> Iterator[Node]:
    """The largest complete subtrees from left to right; `low` stands where RFC 6962 would split."""
    while low < high:
        height = (high - low).bit_length() - 1
        yield height, low >> height
        low += 1 << height


def fold(subtrees: Sequence[bytes]) -> bytes:
    """The root over complete subtrees of shrinking size, from left to right; of none, the empty root."""
    if not subtrees:
        return EMPTY_ROOT
    total = subtrees[-1]
    for left in reversed(subtrees[:-1]):
        total = node_hash(left, total)
    return total


class Frontier:
    """The root of a tree whose leaves pass by once, in memory that grows with the logarithm of their number."""

    def __init__(self) -> None:
        self.size = 0
        self._subtrees: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        subtree = leaf
        # Each one-bit at the low end of the size is a finished subtree that this leaf completes to a larger one.
        for _ in range((self.size ^ self.size + 1).bit_length() - 1):
            subtree = node_hash(self._subtrees.pop(), subtree)
        self._subtrees.append(subtree)
        self.size += 1

    def root(self) -> bytes:
        return fold(self._subtrees)


def proves_inclusion(leaf: bytes, position: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof leads from this leaf at this position to the root: RFC 9162 2.1.3.2."""
    if not 0 <= position < size or not _hashes(leaf, root, *proof):
        return False
    here, last, total = position, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if here & 1 or here == last:
            total = node_hash(step, total)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            total = node_hash(total, step)
        here, last = here >> 1, last >> 1
    return last == 0 and total == root


def proves_consistency(first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the second tree begins with the first: RFC 9162 2.1.4.2.

    Every tree continues the empty one, and needs no hashes to show it.
    """
    if not 0 <= first <= second or not _hashes(first_root, second_root, *proof):
        return False
    if first == 0:
        return not proof and first_root == EMPTY_ROOT
    if first == second:
        return not proof and first_root == second_root
    steps = [first_root, *proof] if _is_power(first) else list(proof)
    return bool(steps) and _climb(first - 1, second - 1, steps) == (first_root, second_root)


def _climb(here: int, last: int, steps: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    while here & 1:
        here, last = here >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return None
        if here & 1 or here == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            new = node_hash(new, step)
        here, last = here >> 1, last >> 1
    return (old, new) if last == 0 else None


def _is_power(number: int) -> bool:
    return number & number - 1 == 0


def _hashes(*values: bytes) -> bool:
    return all(len(value) == HASH for value in values)
