"""The key under which a record is found by its id in its source, in the same lists as the keys of its names."""

from __future__ import annotations

from hashlib import blake2b

TYPE = 15  # beside the types of ilex.matching.keys, which has seven in the same bits
SHIFT = 56


def spot(source: int, key: str) -> int:
    mixed = blake2b(key.encode("utf-8", "surrogatepass"), digest_size=7, salt=source.to_bytes(4, "big", signed=True))
    return TYPE << SHIFT | int.from_bytes(mixed.digest(), "big")
