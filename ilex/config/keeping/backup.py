"""One file that holds a node: settings, secret, keys, database and blobs.

A tar without compression of its own (the dump is compressed, sealed blobs cannot be). The last member,
`contents.json`, tells what must be inside, with the SHA-256 of each: a file that was cut short shows it.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from django.db import connection

from ilex import __version__
from ilex.config.keeping import tools
from ilex.config.node import Node, NodeError

FORMAT = "ilex-backup-1"
CONTENTS, DUMP = "contents.json", "database.dump"
PIECE = 2**20


@dataclass(frozen=True)
class Backup:
    file: Path
    size: int
    members: int
    tables: int


def backup(node: Node, file: Path, *, blobs: bool = True) -> Backup:
    """Write the file and read it again from end to end. Raises NodeError; then there is no file."""
    file = file.resolve()
    if file.exists():
        raise NodeError(f"{file} exists already; a backup overwrites nothing.")
    part = file.with_name(file.name + ".part")
    try:
        with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as stream:
            _write(node, stream, part.parent, blobs=blobs)
            stream.flush()
            os.fsync(stream.fileno())
        found = examine(part)
        part.rename(file)
    except OSError as error:
        raise NodeError(f"the backup could not be written: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)
    return Backup(file, file.stat().st_size, len(found["members"]), found["tables"])


def _write(node: Node, stream: IO[bytes], beside: Path, *, blobs: bool) -> None:
    members: dict[str, str] = {}
    with tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        # The database first: blobs are only ever added, so that every blob it names is there when we come to them.
        with tempfile.TemporaryDirectory(dir=beside, prefix=".ilex-") as folder:
            dump = Path(folder) / DUMP
            connection.ensure_connection()
            at = datetime.now(UTC)
            tools.dump(connection.settings_dict, dump)
            members[DUMP] = _add(tar, DUMP, dump)
        for name, path in _files(node, blobs=blobs):
            with suppress(FileNotFoundError):  # a stray part of an attachment was cleared away meanwhile
                members[name] = _add(tar, name, path)
        facts = {
            "format": FORMAT,
            "version": __version__,
            "unit": node.unit,
            "at": at.isoformat(),
            "blobs": blobs,
            "members": members,
        }
        text = json.dumps(facts, indent=1).encode()
        entry = _entry(CONTENTS, len(text))
        tar.addfile(entry, io.BytesIO(text))


def _files(node: Node, *, blobs: bool) -> Iterator[tuple[str, Path]]:
    for name in ("node.toml", "secret"):
        if (node.folder / name).exists():
            yield name, node.folder / name
    for folder in ("keys", *(["blobs"] if blobs else [])):
        for path in sorted((node.folder / folder).rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(node.folder).as_posix(), path


def _add(tar: tarfile.TarFile, name: str, path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        tar.addfile(_entry(name, size), _Counted(file, digest.update))
    return digest.hexdigest()


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


class _Counted:
    """A file that shows each piece it gives to somebody else as well."""

    def __init__(self, file: IO[bytes], show: Any) -> None:
        self.file, self.show = file, show

    def read(self, size: int = -1) -> bytes:
        piece = self.file.read(size)
        self.show(piece)
        return piece


def examine(file: Path) -> dict[str, Any]:
    """What the backup says of itself, with `tables` counted. Raises NodeError when anything is not as it says."""
    seen: dict[str, str] = {}
    facts: dict[str, Any] = {}
    tables = 0
    for name, source in members(file):
        if name == CONTENTS:
            facts = _facts(source.read(), file)
        elif name == DUMP:
            with tempfile.NamedTemporaryFile(dir=file.parent, prefix=".ilex-") as dump:
                seen[name] = copy(source, dump)
                tables = sum(" TABLE DATA " in line for line in tools.contents(Path(dump.name)))
        else:
            seen[name] = copy(source, None)
    if not facts:
        raise NodeError(f"{file} is not a whole backup: its end is missing.")
    if seen != facts["members"]:
        raise NodeError(f"{file} is damaged: its content is not what was written.")
    return {**facts, "tables": tables}


def members(file: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Every file in the backup, in its order; each must be read before the next is asked for."""
    try:
        with tarfile.open(file, mode="r|") as tar:
            for entry in tar:
                if not entry.isreg() or not _plain(entry.name):
                    raise NodeError(f"{file} is not a backup of Ilex: it holds {entry.name!r}.")
                source = tar.extractfile(entry)
                if source is not None:
                    yield entry.name, source
    except (tarfile.TarError, EOFError) as error:
        raise NodeError(f"{file} is not a whole backup of Ilex: {error}.") from error
    except OSError as error:
        raise NodeError(f"{file} cannot be read: {error.strerror or error}.") from error


def _plain(name: str) -> bool:
    """A path that stays inside of the node's folder, of the kinds we write."""
    parts = name.split("/")
    known = name in {CONTENTS, DUMP, "node.toml", "secret"} or parts[0] in {"keys", "blobs"}
    return known and all(part not in {"", ".", ".."} for part in parts)


def _facts(text: bytes, file: Path) -> dict[str, Any]:
    try:
        facts: dict[str, Any] = json.loads(text)
        if facts["format"] == FORMAT and isinstance(facts["members"], dict):
            return facts
    except (ValueError, KeyError, TypeError):
        pass
    raise NodeError(f"{file} is a backup of another version, which this one cannot read.")


def copy(source: IO[bytes], target: Any) -> str:
    digest = hashlib.sha256()
    while piece := source.read(PIECE):
        digest.update(piece)
        if target is not None:
            target.write(piece)
    if target is not None:
        target.flush()
    return digest.hexdigest()
