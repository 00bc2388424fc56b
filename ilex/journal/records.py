"""What a leaf commits to: the canonical record of one line, and its salted hash."""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

import rfc8785

from ilex.journal.tree import leaf_hash

VERSION = 1  # of the record's form; an old form must stay computable as long as its lines are kept
SALT = 16  # bytes
SAFE = 2**53 - 1  # the largest integer that every JSON reader keeps exact
DEPTH = 6  # of lists and mappings inside one another
REPLACEMENT = "\ufffd"


def new_salt() -> bytes:
    return secrets.token_bytes(SALT)


def canonical(record: Mapping[str, Any]) -> bytes:
    """RFC 8785: the one spelling of this record, whatever order or spacing the database gives it back in."""
    if not _plain(record):
        return rfc8785.dumps(record)
    # The same bytes from Python's own encoder in C: it sorts names by code points, which for ASCII is the same.
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _plain(value: object) -> bool:
    """Whether all names in it are ASCII and no number is a fraction."""
    if isinstance(value, dict):
        return "".join(value).isascii() and all(map(_plain, value.values()))
    if isinstance(value, list | tuple):
        return all(map(_plain, value))
    return not isinstance(value, float)


def leaf_of(salt: bytes, canonical_record: bytes) -> bytes:
    """The salt keeps a leaf from telling, after its record is erased, what stood there."""
    return leaf_hash(hmac.digest(salt, canonical_record, "sha256"))


def moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"  # without "+00:00"


def storable(value: object, depth: int = DEPTH) -> Any:
    """The value as PostgreSQL gives it back unchanged, so that its leaf can be computed again.

    Identifiers and moments become text. Raises TypeError for what has no single spelling, such as a float.
    """
    if type(value) is str:  # most are: the cases below ask one class after the other
        return text(value)
    match value:
        case Enum():
            return storable(value.value, depth)
        case None | bool():
            return value
        case int() if abs(value) <= SAFE:
            return value
        case str():
            return text(value)
        case datetime():
            return moment(value)
        case UUID() | date() | int():
            return str(value)
        case Mapping() if depth:
            return {text(str(key)): storable(part, depth - 1) for key, part in value.items()}
        case Sequence() | set() | frozenset() if depth and not isinstance(value, bytes):
            parts = [storable(part, depth - 1) for part in value]
            return parts if isinstance(value, Sequence) else sorted(parts)
    raise TypeError(f"A journal line cannot hold a {type(value).__name__} in its detail; write it as text.")


def text(value: str) -> str:
    """Without the two things that PostgreSQL cannot keep: NUL and halves of a character.

    They are replaced and not refused: what a stranger sent must not keep the line about it from being written.
    """
    if value.isascii():
        return value.replace("\0", REPLACEMENT)
    return value.replace("\0", REPLACEMENT).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
