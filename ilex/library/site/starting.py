"""Starts the part that serves the public site: a fresh program, with nothing of the node in its memory."""

from __future__ import annotations

import os
import sys
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[3]
KEPT = ("PATH", "LANG", "LC_ALL", "TZ", "VIRTUAL_ENV", "SSL_CERT_FILE")


def environment() -> dict[str, str]:
    """What that program may know: neither where the database is, nor the node's secret, nor its folder."""
    return {**{name: os.environ[name] for name in KEPT if name in os.environ}, "PYTHONPATH": str(HOUSE)}


def become_server(folder: Path, descriptor: int) -> None:
    """This process goes on as that program; it does not return. The socket goes along, every other file is closed."""
    os.set_inheritable(descriptor, True)
    words = [sys.executable, "-P", "-m", "ilex.library.site.serving", str(folder), str(descriptor)]
    os.execve(words[0], words, environment())  # noqa: S606  # our own program, by its own words
