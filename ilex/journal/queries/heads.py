"""Our own tree as it stands: its heads, its tiles, and proofs out of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.db import connection
from django.db.models import Max, Q

from ilex.journal import notes, tree
from ilex.journal.models import Head, Line, Tile

NEWEST_NOTE = "SELECT note FROM journal_head ORDER BY size DESC LIMIT 1"  # in SQL: asked for each message

_trusted: Callable[[], Sequence[Ed25519PublicKey]] = tuple


@dataclass(frozen=True)
class Inclusion:
    """That one line stands in the tree whose signed head is `note`. `hashes` go from the leaf up to the root."""

    position: int
    size: int
    leaf: bytes
    hashes: list[bytes]
    root: bytes
    note: str

    @property
    def holds(self) -> bool:
        return tree.proves_inclusion(self.leaf, self.position, self.size, self.hashes, self.root)

    @property
    def steps(self) -> int:
        return len(self.hashes)

    def as_json(self) -> dict[str, Any]:
        return {
            "position": self.position,
            "size": self.size,
            "leaf": self.leaf.hex(),
            "proof": [step.hex() for step in self.hashes],
            "root": self.root.hex(),
            "note": self.note,
        }


def trust(keys: Callable[[], Sequence[Ed25519PublicKey]]) -> None:
    """Whose signatures under our own heads are good; `sign_heads_with` says it."""
    global _trusted
    _trusted = keys


def trusted_keys() -> Sequence[Ed25519PublicKey]:
    return _trusted()


def newest_head() -> Head | None:
    return Head.objects.order_by("-size").first()


def newest_heads(limit: int) -> list[Head]:
    return list(Head.objects.order_by("-size")[:limit])


def verifier_keys() -> list[str]:
    """The keys under our heads, the present one first, as tools for signed notes read them."""
    origin = notes.origin_of(settings.ILEX_UNIT)
    return [notes.verifier_key(origin, key) for key in trusted_keys()]


def head_note() -> str:
    """The newest signed head, as it rides in every message; empty before the first one."""
    with connection.cursor() as cursor:
        cursor.execute(NEWEST_NOTE)
        newest = cursor.fetchone()
    return str(newest[0]) if newest else ""


def size() -> int:
    return Head.objects.aggregate(size=Max("size"))["size"] or 0


def tiles(keys: Iterable[tree.TileKey]) -> Mapping[tree.TileKey, bytes]:
    wanted = [Q(level=level, index=index) for level, index in keys]
    found = Tile.objects.filter(reduce(or_, wanted)) if wanted else Tile.objects.none()
    return {(tile.level, tile.index): bytes(tile.hashes) for tile in found}


HASHES = tree.TileHashes(tiles)


def inclusion(line: Line) -> Inclusion | None:
    """The proof of one line against the newest head; None while the line still waits for its position."""
    head = newest_head()
    if head is None or line.position is None:
        return None
    proof = tree.inclusion(HASHES, line.position, head.size)
    return Inclusion(line.position, head.size, bytes(line.leaf), proof, bytes(head.root), head.note)


def consistency(first: int, second: int) -> list[bytes]:
    """The proof that our tree of size `second` begins with that of size `first`.

    Raises TreeError when `second` is more than we have: whoever asks saw a head that we no longer know.
    """
    if second > (ours := size()):
        raise tree.TreeError(f"The tree has {ours} leaves and not {second}.")
    return tree.consistency(HASHES, first, second)
