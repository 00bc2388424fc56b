"""PostgreSQL's own programs, told the database without a password on the command line."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg.conninfo import make_conninfo

from ilex.config import database
from ilex.config.node import NodeError

Settings = Mapping[str, Any]  # of django's DATABASES
EMBEDDED = 18  # major version of the programs in the wheel; they also read older servers


def dump(settings: Settings, target: Path) -> None:
    """The whole database in pg_dump's custom format, as one moment saw it."""
    with target.open("xb") as file:
        _run(settings, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", stdout=file)


def load(settings: Settings, source: Path) -> None:
    """Fill an empty database, whole or not at all."""
    words = ("--single-transaction", "--no-owner", "--no-privileges", "--exit-on-error", "--dbname")
    with source.open("rb") as file:
        _run(settings, "pg_restore", *words, str(settings["NAME"]), stdin=file)


def contents(source: Path) -> list[str]:
    """The dump's table of contents. Raises NodeError when it is not a whole dump."""
    with source.open("rb") as file:
        listed = _run({}, "pg_restore", "--list", stdin=file)
    return [line for line in listed.splitlines() if line and not line.startswith(";")]


def _run(
    settings: Settings, program: str, *words: str, stdin: IO[bytes] | None = None, stdout: IO[bytes] | None = None
) -> str:
    done = subprocess.run(  # noqa: S603 (PostgreSQL's programs)
        [_path(program, settings), *words],
        env={**os.environ, **_environment(settings)},
        stdin=stdin or subprocess.DEVNULL,
        stdout=stdout or subprocess.PIPE,
        stderr=subprocess.PIPE,
        check=False,
    )
    if done.returncode:
        last = (done.stderr.decode(errors="replace").strip() or "no message").splitlines()[-1]
        raise NodeError(f"{program} could not do it: {last}")
    return (done.stdout or b"").decode(errors="replace")


def _path(program: str, settings: Settings) -> str:
    """The embedded one, unless the server is newer than it: then the one on PATH, which came with the server."""
    if _server_version(settings) <= EMBEDDED:
        with suppress(NodeError):
            return database.tool(program)
    if found := shutil.which(program):
        return found
    raise NodeError(f"{program} was not found. Install the PostgreSQL client programs of the server's version.")


def _server_version(settings: Settings) -> int:
    if not settings:
        return 0  # no server is asked
    names = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password", "NAME": "dbname"}
    words = {word: str(settings[name]) for name, word in names.items() if settings.get(name)}
    with psycopg.connect(make_conninfo("", **words, **settings.get("OPTIONS", {}))) as connection:
        return connection.info.server_version // 10_000


def _environment(settings: Settings) -> dict[str, str]:
    names = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "NAME": "PGDATABASE"}
    told = {variable: str(settings[name]) for name, variable in names.items() if settings.get(name)}
    options = {f"PG{name.upper()}": str(value) for name, value in settings.get("OPTIONS", {}).items()}
    return {**options, **told}
