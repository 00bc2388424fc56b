"""Attachments of other units on their way to our disk: in pieces, at any byte, within the peer's quota.

Only a blob that a kept envelope of that very peer names is let in; its size and digest come from there.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from django.db import models, transaction
from django.db.models import Sum
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.gate.kinds import media_of
from ilex.gate.models import Attachment, Envelope, Peer
from ilex.gate.store import (
    OUT_OF_ROOM,
    PIECE,
    StorageFull,
    StoreError,
    folder,
    incoming,
    open_stream,
    put_in_place,
    sealed_size,
    where,
    write_all,
)
from ilex.journal.actions import write
from ilex.journal.models import Operation

RESERVE = 256 * 2**20  # bytes of disk that peers cannot fill: the database may live on the same one

LOCK_WAIT = 3.0  # seconds


class Turned(StrEnum):
    """Why a piece was not taken. Only the sender's program reads these."""

    UNKNOWN = "unknown-blob"  # no kept envelope of this peer names it
    SIZE = "wrong-size"  # not the size that the envelope's manifest tells
    GAP = "gap"  # the piece begins after the end of what is here
    BUSY = "busy"  # another connection writes it
    DAMAGED = "damaged"  # whole, but not the bytes that were announced: begin again
    QUOTA = "quota"
    FULL = "storage-full"
    STORE = "storage-failure"  # the folder of attachments cannot be read or written, and not for want of room


class TurnedAway(Exception):
    def __init__(self, why: Turned) -> None:
        super().__init__(why.value)
        self.why = why


@contextmanager
def _storing() -> Iterator[None]:
    """What our own disk does not do is told to the sender, who comes again. Not for what reads the line."""
    try:
        yield
    except OSError as error:
        raise TurnedAway(Turned.FULL if error.errno in OUT_OF_ROOM else Turned.STORE) from error


@dataclass(frozen=True)
class Arrival:
    """One blob that a peer announced."""

    peer: Peer
    digest: bytes
    size: int

    @property
    def part(self) -> Path:
        # Of this peer alone: another one that names the same digest must not spoil it.
        return incoming() / f"{self.peer.unit_id}.{self.digest.hex()}.part"

    @property
    def whole(self) -> bool:
        place = where(self.digest)
        with _storing():
            return place.exists() and place.stat().st_size == self.size

    def here(self) -> int:
        """How many bytes, from the first on, are safely on our disk."""
        if self.whole:
            return self.size
        with _storing():
            return self.part.stat().st_size if self.part.exists() else 0

    def here_at_rest(self) -> int:
        """As `here`, after the line before has written down what came over it: nothing is sent twice then.

        All of it is here only when it is whole: we may have been killed between the last byte and that.
        """
        with suppress(FileNotFoundError, TurnedAway), _storing(), self.part.open("rb", buffering=0) as file:
            _lock(file)
        here = self.here()
        return take(self, here, self.size, ()) if here == self.size else here


def expected(peer: Peer, digest: bytes) -> Arrival:
    """The announced blob. Raises TurnedAway(UNKNOWN) when no kept envelope of this peer names it."""
    size = _rows(peer, digest).values_list("sealed_size", flat=True).order_by("id").first()
    if size is None:
        raise TurnedAway(Turned.UNKNOWN)
    arrival = Arrival(peer, digest, size)
    if arrival.whole:
        _settle(arrival)  # came by another envelope, or we stopped between the disk and the database
    return arrival


def take(arrival: Arrival, offset: int, total: int, chunks: Iterable[bytes]) -> int:
    """Append a piece that begins at `offset`; returns how many bytes are here now.

    What is here already is skipped, so the same piece may come twice. What came before a break of the
    connection is kept. With the last byte the digest is compared and the attachment becomes whole.
    """
    if total != arrival.size:
        raise TurnedAway(Turned.SIZE)
    if arrival.whole:
        return arrival.size
    with _alone(arrival) as file:
        here = file.seek(0, os.SEEK_END)
        if offset > here:
            raise TurnedAway(Turned.GAP)
        must_have_room(arrival)
        try:
            _append(file, _unseen(chunks, here - offset), arrival.size - here)
        finally:
            here = file.seek(0, os.SEEK_END)
            _rows(arrival.peer, arrival.digest).filter(whole_at=None).update(arrived=here)
        if here == arrival.size:
            _complete(arrival)
    return here


def _rows(peer: Peer, digest: bytes) -> models.QuerySet[Attachment]:
    return Attachment.objects.filter(sealed_digest=digest, envelope__way=Envelope.Way.IN, envelope__sender=peer.unit_id)


@contextmanager
def _alone(arrival: Arrival) -> Iterator[io.FileIO]:
    with _storing():
        descriptor = os.open(arrival.part, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    with io.FileIO(descriptor, "a+") as file:
        _lock(file)
        if not _still(file, arrival.part):
            raise TurnedAway(Turned.BUSY)  # another connection has just completed it
        yield file


def _lock(file: io.FileIO) -> None:
    """Where a wire broke, the line before may still be writing down what came: it is waited for a moment."""
    until = time.monotonic() + LOCK_WAIT
    while True:
        try:
            return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > until:
                raise TurnedAway(Turned.BUSY) from error
            time.sleep(0.02)


def _still(file: io.FileIO, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def must_have_room(arrival: Arrival) -> None:
    """Raises TurnedAway (QUOTA, FULL, STORE) when what is still missing of the blob could not be kept."""
    rest = arrival.size - arrival.here()
    if not rest:
        return
    used = Attachment.objects.filter(envelope__way=Envelope.Way.IN, envelope__sender=arrival.peer.unit_id)
    if (used.aggregate(sum=Sum("arrived"))["sum"] or 0) + rest > arrival.peer.quota:
        raise TurnedAway(Turned.QUOTA)
    with _storing():
        if shutil.disk_usage(folder()).free - rest < RESERVE:
            raise TurnedAway(Turned.FULL)
        if not os.access(incoming(), os.W_OK):
            raise TurnedAway(Turned.STORE)


def _unseen(chunks: Iterable[bytes], skip: int) -> Iterator[bytes]:
    for chunk in chunks:
        yield chunk[skip:]
        skip = max(0, skip - len(chunk))


def _append(file: io.FileIO, chunks: Iterator[bytes], most: int) -> None:
    before = file.seek(0, os.SEEK_END)
    try:
        for chunk in chunks:
            with _storing():
                write_all(file, chunk[:most])
            most -= min(most, len(chunk))
    finally:
        with _storing():
            _sync(file, before)  # also what came before the line broke


def _sync(file: io.FileIO, before: int) -> None:
    """What the disk would not take is not here: after such an error nobody can tell what of it is written."""
    try:
        os.fsync(file.fileno())
    except OSError:
        file.truncate(before)
        raise


@_storing()
def _complete(arrival: Arrival) -> None:
    with arrival.part.open("rb", buffering=0) as file:
        digest = hashlib.file_digest(file, "sha256").digest()
    if digest != arrival.digest:
        arrival.part.unlink(missing_ok=True)
        _rows(arrival.peer, arrival.digest).filter(whole_at=None).update(arrived=0)
        raise TurnedAway(Turned.DAMAGED)
    try:
        put_in_place(arrival.part, arrival.digest)
    except StorageFull as error:
        raise TurnedAway(Turned.FULL) from error
    _settle(arrival)


@_storing()
def _settle(arrival: Arrival) -> None:
    """Tell the rows that name this blob that it is whole, each with a line in the journal."""
    with transaction.atomic():
        for attachment in _rows(arrival.peer, arrival.digest).filter(whole_at=None).select_for_update(of=("self",)):
            attachment.media, attachment.failure = _look_inside(attachment)
            attachment.arrived, attachment.whole_at = arrival.size, now()
            attachment.save(update_fields=["arrived", "whole_at", "media", "failure"])
            write(
                "attachment.arrived",
                Operation.COLLECTION,
                by=None,
                on=("attachment", str(attachment.pk)),
                sender=arrival.peer.unit_id,
                size=arrival.size,
            )


def _look_inside(attachment: Attachment) -> tuple[str, str]:
    """The media type by content, whatever the sender said; and why it cannot be opened, if so."""
    try:
        first = next(open_stream(attachment), b"")
    except StoreError as error:
        return media_of(b""), str(error)[:200]
    if sealed_size(attachment.size) != attachment.sealed_size:
        return media_of(b""), _("The announced size of the file is wrong.")
    return media_of(first[:PIECE], attachment.media), ""
