"""A signed head of a log as it travels: C2SP signed note with a tlog-checkpoint inside.

    ilex/ilecu-rs
    1042
    4F+Tbm2jE3xuxQNwZ5U0fBrtJVQ6YvtbKtHTSk4wjfU=

    — ilex/ilecu-rs jNoLXa...

One spelling only: no extension lines, no signs beyond what is shown. What is not exactly this is not a note.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.utils.translation import gettext as _

LIMIT = 4096  # characters; a note with one signature has fewer than 300
SIGNATURES = 16  # others may sign below the log itself; more than these are not read
ED25519 = b"\x01"  # the number of this kind of signature in a key hash
SIZE = re.compile(r"0|[1-9][0-9]{0,17}")  # fits the database's bigint
ORIGIN = re.compile(r"ilex/[a-z0-9_-]{1,60}", re.IGNORECASE)
SIGNATURE = re.compile(r"— ([^\s+]{1,80}) ([A-Za-z0-9+/=]{1,200})")


class NoteError(ValueError):
    """One clear sentence: this is not a signed head, or not of that log, or not signed by it."""


class HeadKey(Protocol):
    """What signs a head: an Ed25519 private key of `cryptography`, or a token that does the same."""

    def sign(self, data: bytes, /) -> bytes: ...

    def public_key(self) -> Ed25519PublicKey: ...


@dataclass(frozen=True)
class Note:
    origin: str
    size: int
    root: bytes
    signatures: tuple[tuple[str, bytes], ...]  # who, and the key hash before the signature itself

    @property
    def signed(self) -> bytes:
        return _body(self.origin, self.size, self.root)


def origin_of(unit: str) -> str:
    return f"ilex/{unit}"


def write(origin: str, size: int, root: bytes, key: HeadKey) -> str:
    body = _body(origin, size, root)
    signature = key_hash(origin, key.public_key()) + key.sign(body)
    return f"{body.decode()}\n— {origin} {base64.b64encode(signature).decode()}\n"


def read(text: str) -> Note:
    """Take a note apart without trusting it; `check` tells who signed it."""
    if len(text) > LIMIT:
        raise NoteError(_("The head is longer than a head can be."))
    body, gap, below = text.partition("\n\n")
    lines = body.split("\n")
    if len(lines) != 3 or not gap or not below.endswith("\n"):
        raise NoteError(_("This is not a signed head: three lines, an empty one and a signature are expected."))
    origin, size, root = lines
    if not ORIGIN.fullmatch(origin) or not SIZE.fullmatch(size):
        raise NoteError(_("The head does not name a log and a size."))
    return Note(origin, int(size), _decoded(root, 32), _signatures(below[:-1].split("\n")))


def check(note: Note, origin: str, keys: Iterable[Ed25519PublicKey]) -> None:
    """Raises NoteError unless the note is of that log and one of its keys signed it."""
    if note.origin != origin:
        raise NoteError(_("The head is of the log %(theirs)s and not of %(ours)s.") % _pair(note.origin, origin))
    by_hash = {key_hash(origin, key): key for key in keys}
    for name, signature in note.signatures:
        key = by_hash.get(signature[:4])
        if name == origin and key and _signed(key, signature[4:], note.signed):
            return
    raise NoteError(_("The head of %(log)s does not bear that log's signature.") % {"log": origin})


def key_hash(origin: str, key: Ed25519PublicKey) -> bytes:
    return sha256(origin.encode() + b"\n" + ED25519 + key.public_bytes_raw()).digest()[:4]


def verifier_key(origin: str, key: Ed25519PublicKey) -> str:
    """The key as tools for signed notes read it ("vkey")."""
    spelled = base64.b64encode(ED25519 + key.public_bytes_raw()).decode()
    return f"{origin}+{key_hash(origin, key).hex()}+{spelled}"


def _body(origin: str, size: int, root: bytes) -> bytes:
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n".encode()


def _signatures(lines: list[str]) -> tuple[tuple[str, bytes], ...]:
    found = [SIGNATURE.fullmatch(line) for line in lines[:SIGNATURES]]
    if not all(found):
        raise NoteError(_("A signature line of the head cannot be read."))
    return tuple((match[1], _decoded(match[2])) for match in found if match)


def _decoded(text: str, length: int | None = None) -> bytes:
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        value = b""
    # Base64 has several spellings of some values; only the one that we would write is taken.
    if base64.b64encode(value).decode() != text or length not in (None, len(value)):
        raise NoteError(_("A value of the head is not proper base64."))
    return value


def _signed(key: Ed25519PublicKey, signature: bytes, body: bytes) -> bool:
    try:
        key.verify(signature, body)
    except InvalidSignature:
        return False
    return True


def _pair(theirs: str, ours: str) -> dict[str, str]:
    return {"theirs": theirs, "ours": ours}
