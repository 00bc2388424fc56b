"""The machine that a figure belongs to, and how busy it was with other things."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

import psycopg


def machine(folder: Path, database: str) -> dict[str, str]:
    """Facts that change the figures. `database` is a URL of the server that was measured."""
    return {
        "when": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": f"{cores()} cores, {_processor()}",
        "memory": f"{_memory() / 2**30:.1f} GiB",
        "disk": _file_system(folder),
        "kernel": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "PostgreSQL": _postgres(database),
        "load of the minute before": f"{load():.1f}",
    }


def cores() -> int:
    return len(os.sched_getaffinity(0))


def load() -> float:
    """How many processes wanted to run in the last minute; more than there are cores means that figures are too low."""
    return os.getloadavg()[0]


def _processor() -> str:
    facts = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = [line.partition(":")[2].strip() for line in facts if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _file_system(folder: Path) -> str:
    """The kind of file system that the folder lies on: in memory (tmpfs) a commit is not durable."""
    mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines()]
    above = {str(part) for part in (folder.resolve(), *folder.resolve().parents)}
    kind = max((mount for mount in mounts if mount[0] in above), key=lambda mount: len(mount[0]))[1]
    return f"{kind}: commits are not durable here" if kind in {"tmpfs", "ramfs"} else kind


def _postgres(database: str) -> str:
    with psycopg.connect(database) as connection:
        version, fsync, commit = connection.execute(
            "SELECT current_setting('server_version'), current_setting('fsync'), current_setting('synchronous_commit')"
        ).fetchone() or ("", "", "")
    return f"{version}, fsync {fsync}, synchronous_commit {commit}"
