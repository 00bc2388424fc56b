"""PostgreSQL's own programs, told the database without a password on the command line."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from tempfile import TemporaryFile
from typing import IO, Any, cast

import psycopg
from psycopg.conninfo import make_conninfo

from ilex.config import database
from ilex.config.node import NodeError

Settings = Mapping[str, Any]  # of django's DATABASES
EMBEDDED = 18  # major version of the programs in the wheel; they also read older servers
TIMEOUTS = 17  # servers before it do not know the setting with which newer programs begin
NOBODYS = ("--no-owner", "--no-privileges")
UNKNOWN_SETTING = b"SET transaction_timeout = 0;\n"


def dump(settings: Settings, target: Path) -> None:
    """The whole database in pg_dump's custom format, as one moment saw it."""
    with target.open("xb") as file:
        _run(settings, "pg_dump", "--format=custom", *NOBODYS, stdout=file)


def load(settings: Settings, source: Path) -> None:
    """Fill an empty database, whole or not at all."""
    if _server_version(settings) < TIMEOUTS:
        load_as_script(settings, source)
        return
    words = ("--single-transaction", *NOBODYS, "--exit-on-error", "--dbname")
    with source.open("rb") as file:
        _run(settings, "pg_restore", *words, str(settings["NAME"]), stdin=file)


def load_as_script(settings: Settings, source: Path) -> None:
    """The same for a server that is older than the programs: pg_restore writes down what it would do, and psql does
    it without the setting. What cannot be read to its end is not done at all."""
    words = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--file=-")
    with (
        source.open("rb") as file,
        TemporaryFile() as faults,
        TemporaryFile() as refusals,
        _started({}, "pg_restore", *NOBODYS, "--file=-", stdin=file, stdout=PIPE, stderr=faults) as reader,
        _started(settings, "psql", *words, stdin=PIPE, stdout=DEVNULL, stderr=refusals) as writer,
    ):
        heard = _pass_on(reader, writer)
        if reader.wait() and heard:
            writer.kill()  # before its input ends: it would keep the half that it has
            raise _failed("pg_restore", faults)
        with suppress(BrokenPipeError):
            cast(IO[bytes], writer.stdin).close()
        if writer.wait():
            raise _failed("psql", refusals)


def _pass_on(reader: Popen[bytes], writer: Popen[bytes]) -> bool:
    """The whole script but for the setting, which stands once, before anything is done. False: psql has ended."""
    script, to = cast(IO[bytes], reader.stdout), cast(IO[bytes], writer.stdin)
    try:
        for line in script:
            if line == UNKNOWN_SETTING:
                break
            to.write(line)
        shutil.copyfileobj(script, to)
        to.flush()
    except BrokenPipeError:
        return False
    finally:
        script.close()
    return True


def contents(source: Path) -> list[str]:
    """The dump's table of contents. Raises NodeError when it is not a whole dump."""
    with source.open("rb") as file:
        listed = _run({}, "pg_restore", "--list", stdin=file)
    return [line for line in listed.splitlines() if line and not line.startswith(";")]


def _run(
    settings: Settings, program: str, *words: str, stdin: IO[bytes] | None = None, stdout: IO[bytes] | None = None
) -> str:
    with (
        TemporaryFile() as faults,
        _started(settings, program, *words, stdin=stdin or DEVNULL, stdout=stdout or PIPE, stderr=faults) as running,
    ):
        said = running.communicate()[0]
        if running.returncode:
            raise _failed(program, faults)
    return (said or b"").decode(errors="replace")


def _started(settings: Settings, program: str, *words: str, **streams: Any) -> Popen[bytes]:
    environment = {**os.environ, **_environment(settings)}
    return Popen([_path(program, settings), *words], env=environment, **streams)  # noqa: S603 (PostgreSQL's programs)


def _failed(program: str, faults: IO[bytes]) -> NodeError:
    faults.seek(0)
    last = (faults.read().decode(errors="replace").strip() or "no message").splitlines()[-1]
    return NodeError(f"{program} could not do it: {last}")


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
