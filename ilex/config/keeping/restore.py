"""A node made again from its backup, in a folder that holds none."""

from __future__ import annotations

import json
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from ilex.config import database
from ilex.config.keeping import tools
from ilex.config.keeping.backup import CONTENTS, DUMP, copy, examine, members
from ilex.config.node import NodeError, database_settings

MARK = "restored.json"  # until the node has told its peers: ilex.config.keeping.after


def restore(file: Path, folder: Path) -> dict[str, Any]:
    """Make the node; it tells its peers at the next `ilex up`. Raises NodeError; then nothing was made."""
    folder = folder.resolve()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise NodeError(f"{folder} is not empty; a restore overwrites nothing.")
    facts = examine(file)
    part = folder.with_name(folder.name + ".part")
    if part.exists():
        raise NodeError(f"{part} is left over from a restore that was cut short; delete it first.")
    try:
        _unpack(file, part)
        _check_database_is_empty()
        folder.parent.mkdir(parents=True, exist_ok=True)
        if folder.exists():
            folder.rmdir()
        part.rename(folder)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    try:
        _fill_database(folder)
    except BaseException:
        database.stop(folder)
        shutil.rmtree(folder, ignore_errors=True)
        raise
    (folder / DUMP).unlink()
    _mark(folder, facts["at"])
    return facts


def _unpack(file: Path, target: Path) -> None:
    target.mkdir(parents=True, mode=0o700)
    for name, source in members(file):
        if name != CONTENTS:
            path = target / name
            for folder in reversed(path.relative_to(target).parents):  # mkdir(parents=True) would open those above
                (target / folder).mkdir(exist_ok=True, mode=0o700)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as written:
                copy(source, written)


def _check_database_is_empty() -> None:
    """A database of one's own, named by DATABASE_URL, must be made and empty; the embedded one we make."""
    if url := os.environ.get("DATABASE_URL"):
        query = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"
        try:
            with psycopg.connect(url, connect_timeout=10) as connection:
                (count,) = connection.execute(query).fetchone() or (0,)
        except psycopg.OperationalError as error:
            raise NodeError(f"the database does not answer: {str(error).splitlines()[0]}") from error
        if count:
            raise NodeError("the database that DATABASE_URL names is not empty; a restore overwrites nothing.")


def _fill_database(folder: Path) -> None:
    if url := os.environ.get("DATABASE_URL"):
        tools.load(database_settings(url), folder / DUMP)
        return
    with database.used(folder) as url:
        tools.load(database_settings(url), folder / DUMP)


def _mark(folder: Path, backup_at: str) -> None:
    facts = {"backup_at": backup_at, "restored_at": datetime.now(UTC).isoformat()}
    (folder / MARK).write_text(json.dumps(facts), encoding="utf-8")
