"""The form of a stick: a ZIP whose entries are stored as they are, with the very bytes that travel on the line.

stick.jws          who sealed it, for whom, when, and which attachments have come: signed by the node's seal key
envelopes.ndjson   sealed messages, one a line
receipts.ndjson    signed receipts, one a line
blobs/<sha256>     sealed attachments
"""

from __future__ import annotations

import io
import os
import re
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Annotated, Literal

from django.utils.translation import gettext as _
from joserfc.jwk import ECKey
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ilex.gate.canonical import Malformed, canonical, strict_canonical
from ilex.gate.errors import GateError
from ilex.gate.fields import Digest, Moment, UnitId
from ilex.gate.signing import BadSignature, Signer, peek, verify
from ilex.gate.store import PIECE, SEALED_LIMIT, StorageFull, clear

TYP = "ilex-stick-1+jws"
LABEL, ENVELOPES, RECEIPTS = "stick.jws", "envelopes.ndjson", "receipts.ndjson"
MOST_FILES = 10_000
MOST_HAVE = 10_000
LONGEST_LINE = 2**20
LIMITS = {LABEL: 2**20, ENVELOPES: 2**32, RECEIPTS: 2**30}  # bytes
DIRECTORY_LIMIT = 4 * 2**20  # bytes of the ZIP's own list of files
MOMENT = (1980, 1, 1, 0, 0, 0)  # the label tells when, over a signature


class BadStick(GateError):
    """The file is not a whole stick of Ilex, or not one for this node; nothing was taken in."""


class Label(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    format: Literal["ilex-stick-1"] = "ilex-stick-1"
    sender: UnitId
    recipient: UnitId
    made: Moment
    have: Annotated[list[Digest], Field(max_length=MOST_HAVE)]  # sealed attachments that have come whole

    def signed(self, signer: Signer) -> bytes:
        return signer.sign(TYP, canonical(self.model_dump(mode="json"))).encode("ascii")


class StickWriter:
    """Writes beside `path` and puts the whole file in its place at the end, or leaves nothing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._part = path.with_name(f".{path.name}.{os.getpid()}.part")
        if path.exists():
            raise GateError(_("%(path)s exists already. Choose another name.") % {"path": path})
        try:
            self._file = self._part.open("xb")
        except OSError as error:
            raise unwritable(path, error) from error
        self._part.chmod(0o600)
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_STORED)
        self._entry: tuple[str, IO[bytes]] | None = None
        self._finished = False

    def lines(self, name: str, lines: Iterable[bytes]) -> None:
        """Append lines to an entry. An entry is finished when the next one begins."""
        entry = self._open(name)
        for line in lines:
            entry.write(line + b"\n")

    def file(self, name: str, path: Path) -> None:
        entry = self._open(name)
        with path.open("rb", buffering=0) as source:
            while piece := source.read(PIECE):
                entry.write(piece)

    def finish(self) -> None:
        self._close_entry()
        self._zip.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._part.rename(self._path)
        self._finished = True

    def abandon(self) -> None:
        """Remove what is not finished; harmless after `finish`."""
        if self._finished:
            return
        self._part.unlink(missing_ok=True)
        self._zip.fp = io.BytesIO()  # takes what the ZIP still wants to write; the disk may be full
        self._close_entry()
        self._zip.close()
        with suppress(OSError):
            self._file.close()
        self._finished = True

    def withdraw(self) -> None:
        """Remove it, finished or not."""
        self.abandon()
        self._path.unlink(missing_ok=True)

    def _open(self, name: str) -> IO[bytes]:
        if self._entry is None or self._entry[0] != name:
            self._close_entry()
            self._entry = name, self._zip.open(zipfile.ZipInfo(name, MOMENT), "w", force_zip64=True)
        return self._entry[1]

    def _close_entry(self) -> None:
        if self._entry is not None:
            self._entry[1].close()
            self._entry = None


class StickReader:
    """A stick that was found whole: every entry is of a known name and size, and its checksum holds."""

    def __init__(self, path: Path) -> None:
        try:
            self._file = _Bounded(path.open("rb"))
        except OSError as error:
            raise BadStick(_("%(path)s cannot be read: %(why)s.") % {"path": path, "why": error.strerror}) from error
        try:
            self._zip = zipfile.ZipFile(self._file)
            self._check(path.stat().st_size)
            self.text = self._zip.read(LABEL).decode("ascii").removesuffix("\n")
            self.label = Label.model_validate(peek(self.text))
        except (*NOT_A_STICK, Malformed, ValidationError, KeyError) as error:
            self._file.close()
            raise BadStick(_("%(path)s is not a whole stick file of Ilex.") % {"path": path}) from error
        except BadStick:
            self._file.close()
            raise

    def __enter__(self) -> StickReader:
        return self

    def __exit__(self, *error: object) -> None:
        self._zip.close()
        self._file.close()

    def is_signed_by(self, key: ECKey) -> bool:
        try:
            return bool(strict_canonical(verify(self.text, key, TYP)) == self.label.model_dump(mode="json"))
        except (BadSignature, Malformed):
            return False

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of an entry, none when it is not there. A line that is too long comes cut short."""
        if name in self._zip.NameToInfo:
            with self._zip.open(name) as entry:
                while line := entry.readline(LONGEST_LINE + 2):
                    if line.endswith(b"\n") or len(line) > LONGEST_LINE:
                        yield line.rstrip(b"\n")
                    while line and not line.endswith(b"\n"):
                        line = entry.readline(LONGEST_LINE)

    def blobs(self) -> list[str]:
        """The digests of the attachments on the stick."""
        return [name.removeprefix("blobs/") for name in self._zip.namelist() if name.startswith("blobs/")]

    def blob(self, digest: str, start: int) -> tuple[int, Iterator[bytes]]:
        """The size of an attachment and its bytes from `start` on."""
        info = self._zip.getinfo(f"blobs/{digest}")
        return info.file_size, self._pieces(info, start)

    def _pieces(self, info: zipfile.ZipInfo, start: int) -> Iterator[bytes]:
        with self._zip.open(info) as entry:
            entry.seek(start)
            while piece := entry.read(PIECE):
                yield piece

    def _check(self, size: int) -> None:
        entries = self._zip.infolist()
        names = {entry.filename for entry in entries}
        proper = (
            len(names) == len(entries) <= MOST_FILES
            and all(_proper(entry) for entry in entries)
            # Entries that overlap would let a small file pretend to be a large one.
            and sum(entry.file_size for entry in entries) <= size
        )
        if not proper or self._zip.testzip() is not None:
            raise zipfile.BadZipFile


NOT_A_STICK = (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError, RuntimeError, OSError)


def _proper(entry: zipfile.ZipInfo) -> bool:
    """Stored, neither packed nor encrypted, of a known name, and no larger than that may be."""
    blob = re.fullmatch(r"blobs/[0-9a-f]{64}", entry.filename)
    return (
        entry.compress_type == zipfile.ZIP_STORED
        and not entry.flag_bits & 0x1
        and entry.compress_size == entry.file_size
        and entry.file_size <= (SEALED_LIMIT if blob else LIMITS.get(entry.filename, -1))
    )


class _Bounded(io.RawIOBase):
    """A file of which no more than a few MiB are read at once, whatever a forged ZIP asks for."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__()
        self._file = file

    def read(self, size: int = -1) -> bytes:
        found = self._file.read(DIRECTORY_LIMIT + 1 if size < 0 else min(size, DIRECTORY_LIMIT + 1))
        if len(found) > DIRECTORY_LIMIT:
            raise zipfile.BadZipFile
        return found

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        self._file.close()
        super().close()


def unwritable(path: Path, error: OSError) -> GateError:
    """The sentence for a stick that could not be written."""
    if isinstance(clear(error), StorageFull):
        return GateError(_("There is no space left for %(path)s.") % {"path": path})
    return GateError(_("%(path)s cannot be written: %(why)s.") % {"path": path, "why": error.strerror})
