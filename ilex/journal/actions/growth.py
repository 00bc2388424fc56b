"""The one writer of the tree.

Acts write their lines without a position and never wait for each other. `grow()` comes after them, takes the lines
that wait, in the order of their ids, gives each the next position, extends the tiles and signs a head. An advisory
lock of PostgreSQL keeps two growers apart, on however many machines they run. A line whose transaction commits late
is simply taken by the next call: positions tell the order of the tree, `at` tells the order of the acts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.db import connection, transaction
from django.utils.timezone import now

from ilex.journal import notes, tree
from ilex.journal.models import Head, Line, Tile
from ilex.journal.notes import HeadKey
from ilex.journal.queries import heads

BATCH = 5000  # lines of one transaction
LOCK = int.from_bytes(b"ilexlog\0")  # of all advisory locks of the database, the growers' one

_key: Callable[[], HeadKey] | None = None


class NoHeadKey(Exception):
    """Nobody told the journal which key signs its heads."""


def sign_heads_with(key: Callable[[], HeadKey], *, former: Callable[[], Sequence[Ed25519PublicKey]] = tuple) -> None:
    """Told once at start-up. `key` is asked at each head, so a renewed key is used at once.

    `former` gives the public keys that signed heads before the present one; `verify` takes them too.
    """
    global _key
    _key = key
    heads.trust(lambda: [key().public_key(), *former()])


def grow(at: datetime | None = None) -> Head | None:
    """Give every waiting line its position and sign a head; None when none waited.

    Commits after each batch, unless the caller's transaction is open: then all is one.
    """
    newest = None
    while head := _grow_once(at or now()):
        newest = head
    return newest


@transaction.atomic
def _grow_once(at: datetime) -> Head | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    waiting = list(Line.objects.filter(position=None).order_by("id").values_list("id", "leaf")[:BATCH])
    if not waiting:
        return None
    size = heads.size()
    _give_positions([line for line, _ in waiting], size)
    _keep_tiles(tree.append(heads.tiles, size, (bytes(leaf) for _, leaf in waiting)))
    return _sign(size + len(waiting), at)


def _give_positions(lines: list[int], first: int) -> None:
    table = connection.ops.quote_name(Line._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET position = %s + place - 1"  # noqa: S608  # the name of our own table
            f" FROM unnest(%s::bigint[]) WITH ORDINALITY AS waiting (line, place) WHERE {table}.id = line",
            [first, lines],
        )


def _keep_tiles(tiles: dict[tree.TileKey, bytes]) -> None:
    Tile.objects.bulk_create(
        [Tile(level=level, index=index, hashes=hashes) for (level, index), hashes in tiles.items()],
        update_conflicts=True,
        unique_fields=["level", "index"],
        update_fields=["hashes"],
    )


def _sign(size: int, at: datetime) -> Head:
    if _key is None:
        raise NoHeadKey("No key signs the heads of this journal: sign_heads_with() was not called at start-up.")
    root = tree.root(heads.HASHES, size)
    note = notes.write(notes.origin_of(settings.ILEX_UNIT), size, root, _key())
    return Head.objects.create(size=size, root=root, at=at, note=note)
