"""Attachments on disk: only ever as sealed streams, addressed by the SHA-256 of the sealed bytes."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import uuid
import weakref
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

import tink
from django.conf import settings
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.timezone import now
from django.utils.translation import gettext as _
from tink import proto_keyset_format, secret_key_access, streaming_aead
from tink.proto import aes_gcm_hkdf_streaming_pb2, tink_pb2

from ilex.gate.errors import GateError
from ilex.gate.kinds import clean_name, media_of
from ilex.gate.models import Attachment

streaming_aead.register()

PIECE = 2**20  # bytes handled at once
LIMIT = 2 * 2**30  # bytes of a plain file
KEY_SIZE = 32

# Profile ILEX-1: Tink's AES256_GCM_HKDF_1MB, bound to the profile's name.
TEMPLATE = streaming_aead.streaming_aead_key_templates.AES256_GCM_HKDF_1MB
ASSOCIATED = b"ILEX-1"
SEGMENT, HEADER, TAG = 2**20, 40, 16

OUT_OF_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class StoreError(GateError):
    """One clear sentence for a person; nothing was kept."""


class TooLarge(StoreError):
    def __init__(self, limit: int) -> None:
        super().__init__(_("The file is larger than %(limit)s.") % {"limit": filesizeformat(limit)})


class StorageFull(StoreError):
    def __init__(self) -> None:
        super().__init__(_("The node's storage is full. Nothing was kept; tell the administrator."))


class Damaged(StoreError):
    def __init__(self, name: str) -> None:
        super().__init__(_("The file %(name)s is damaged on this node's disk.") % {"name": name})


class Missing(StoreError):
    def __init__(self, name: str) -> None:
        super().__init__(_("The file %(name)s is not on this node's disk.") % {"name": name})


def folder() -> Path:
    return Path(settings.ILEX_FOLDER) / "blobs"


def where(sealed_digest: bytes | memoryview) -> Path:
    """The place of a whole blob. Two letters of folder keep listings short."""
    name = bytes(sealed_digest).hex()
    return folder() / name[:2] / name


def sealed_size(size: int) -> int:
    """How many bytes a plain file of `size` bytes has as a sealed stream."""
    segments = max(1, -(-(size + HEADER) // (SEGMENT - TAG)))
    return size + HEADER + TAG * segments


SEALED_LIMIT = sealed_size(LIMIT)


def seal_stream(chunks: Iterable[bytes], *, name: str, media: str = "", limit: int = LIMIT) -> Attachment:
    """Seal a file into the store piece by piece and return its Attachment, not yet saved and with no owner.

    Save it in the transaction of the act it belongs to: a blob that no row names is swept away after a day.
    Raises TooLarge or StorageFull; nothing is left behind then.
    """
    sealing = Sealing(limit=limit)
    try:
        for chunk in chunks:
            sealing.write(chunk)
        return sealing.finish(name=name, media=media)
    finally:
        sealing.abandon()


def open_stream(attachment: Attachment) -> Iterator[bytes]:
    """The plain file in pieces of at most 1 MiB, each authenticated before it is given out.

    Raises Missing at once, and Damaged as soon as a piece, or at the end the whole, is not what was sealed.
    """
    try:
        file = where(attachment.sealed_digest).open("rb", buffering=0)
    except FileNotFoundError as error:
        raise Missing(attachment.name) from error
    return _pieces(_Source(file), attachment)


def discard(attachment: Attachment) -> None:
    """Delete the row, and once that is committed its blob, unless another row names the same sealed bytes."""
    digest = bytes(attachment.sealed_digest)
    Attachment.objects.filter(pk=attachment.pk).delete()
    transaction.on_commit(lambda: remove_unnamed(digest))


def remove_unnamed(sealed_digest: bytes) -> bool:
    """Remove the blob if no row names it. True when it is gone."""
    if Attachment.objects.filter(sealed_digest=sealed_digest).exists():
        return False
    where(sealed_digest).unlink(missing_ok=True)
    return True


class Sealing:
    """One file on its way into the store: write pieces, then `finish`. `abandon` leaves nothing behind."""

    def __init__(self, *, limit: int = LIMIT) -> None:
        self._limit = limit
        self._size = 0
        self._start = b""
        self._digest = hashlib.sha256()
        self._key = os.urandom(KEY_SIZE)
        self._sink = _Sink(new_part())
        self._stream = _primitive(self._key).new_encrypting_stream(self._sink, ASSOCIATED)
        weakref.finalize(self, _drop, self._sink)  # a connection may break and nobody call `abandon`

    def write(self, chunk: bytes) -> None:
        self._size += len(chunk)
        if self._size > self._limit:
            self.abandon()
            raise TooLarge(self._limit)
        if len(self._start) < 4096:
            self._start += chunk[:4096]
        self._digest.update(chunk)
        for at in range(0, len(chunk), PIECE):
            self._stream.write(chunk[at : at + PIECE])
            self._check()

    def finish(self, *, name: str, media: str = "") -> Attachment:
        self._stream.close()
        self._check()
        put_in_place(self._sink.path, self._sink.digest.digest())
        return Attachment(
            name=clean_name(name),
            media=media_of(self._start, media),
            size=self._size,
            digest=self._digest.digest(),
            sealed_size=self._sink.size,
            sealed_digest=self._sink.digest.digest(),
            key=self._key,
            arrived=self._sink.size,
            whole_at=now(),
        )

    def abandon(self) -> None:
        """Remove what is not finished. Harmless after `finish`, and twice."""
        _drop(self._sink)
        self._stream.close()

    def _check(self) -> None:
        if self._sink.error is not None:
            self.abandon()
            raise clear(self._sink.error) from self._sink.error


class _Sink(io.RawIOBase):
    """Takes the sealed bytes from Tink. Keeps an error instead of raising it through Tink's C++ layer,
    which would turn it into a text."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.size = 0
        self.digest = hashlib.sha256()
        self.error: OSError | None = None
        self.deaf = False
        self._file = create(path)

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        if not self.deaf and self.error is None:
            try:
                write_all(self._file, data)
            except OSError as error:
                self.error = error
            self.digest.update(data)
            self.size += len(data)
        return len(data)

    def close(self) -> None:
        if self.closed:
            return
        try:
            if not self.deaf:
                os.fsync(self._file.fileno())
            self._file.close()
        except OSError as error:
            self.error = self.error or error
        super().close()


def _drop(sink: _Sink) -> None:
    sink.deaf = True
    sink.path.unlink(missing_ok=True)


class _Source(io.RawIOBase):
    """Gives the sealed bytes to Tink and keeps their digest."""

    def __init__(self, file: io.FileIO) -> None:
        super().__init__()
        self._file = file
        self.digest = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size) or b""
        self.digest.update(data)
        return data

    def close(self) -> None:
        self._file.close()
        super().close()


def _pieces(source: _Source, attachment: Attachment) -> Iterator[bytes]:
    digest = hashlib.sha256()
    with source:
        try:
            stream = _primitive(bytes(attachment.key)).new_decrypting_stream(cast(BinaryIO, source), ASSOCIATED)
            while piece := stream.read(PIECE):
                digest.update(piece)
                yield piece
        except tink.TinkError as error:
            raise Damaged(attachment.name) from error
        whole = source.digest.digest() == bytes(attachment.sealed_digest)
        if not whole or digest.digest() != bytes(attachment.digest):
            raise Damaged(attachment.name)


def _primitive(key: bytes) -> streaming_aead.StreamingAead:
    # Built from the 32 bytes and our own template, never parsed from a keyset that travelled: a sender
    # must not choose the algorithm or a segment size that eats the memory.
    if len(key) != KEY_SIZE:
        raise ValueError("an attachment's key has 32 bytes")
    form = aes_gcm_hkdf_streaming_pb2.AesGcmHkdfStreamingKeyFormat.FromString(TEMPLATE.value)
    value = aes_gcm_hkdf_streaming_pb2.AesGcmHkdfStreamingKey(version=0, params=form.params, key_value=key)
    material = tink_pb2.KeyData(
        type_url=TEMPLATE.type_url, value=value.SerializeToString(), key_material_type=tink_pb2.KeyData.SYMMETRIC
    )
    entry = tink_pb2.Keyset.Key(key_data=material, status=tink_pb2.ENABLED, key_id=1, output_prefix_type=tink_pb2.RAW)
    keyset = tink_pb2.Keyset(primary_key_id=1, key=[entry])
    handle = proto_keyset_format.parse(keyset.SerializeToString(), secret_key_access.TOKEN)
    return handle.primitive(streaming_aead.StreamingAead)


# Files: always 0600 in folders 0700, on the disk before anything says so.


def new_part() -> Path:
    return incoming() / f"{uuid.uuid4().hex}.part"


def incoming() -> Path:
    path = folder() / "incoming"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def create(path: Path) -> io.FileIO:
    """A new file for this process's owner only."""
    try:
        return io.FileIO(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb")
    except OSError as error:
        raise clear(error) from error


def write_all(file: io.FileIO, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]


def put_in_place(part: Path, sealed_digest: bytes) -> None:
    """Give a synced part its final name; after this a power loss no longer loses it."""
    place = where(sealed_digest)
    try:
        place.parent.mkdir(mode=0o700, exist_ok=True)
        part.rename(place)
        for above in (place.parent, folder()):
            sync_folder(above)
    except OSError as error:
        raise clear(error) from error


def sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def clear(error: OSError) -> Exception:
    """The error as a person should read it: a full disk is StorageFull, anything else stays what it is."""
    return StorageFull() if error.errno in OUT_OF_ROOM else error
