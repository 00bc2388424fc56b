"""The static files of the pages, gathered with hashed names into the node's folder when they have changed."""

from __future__ import annotations

import hashlib
import os

from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from ilex.config.node import Node


def collect(node: Node) -> bool:
    """False when the folder is up to date, or when the pages read the sources themselves (tests)."""
    if node.testing:
        return False
    stamp, file = _stamp(), node.folder / "static" / ".stamp"
    if file.exists() and file.read_text(encoding="ascii") == stamp:
        return False
    call_command("collectstatic", interactive=False, verbosity=0)
    file.write_text(stamp, encoding="ascii")
    return True


def _stamp() -> str:
    """Changes with every file that is added, removed or written."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            facts = os.stat(storage.path(path))
            digest.update(f"{path}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()
