"""Files about people that we write: for the eyes of this user only."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TextIO


def private(path: Path) -> TextIO:
    """An empty file that nobody else may read, also where one stood that others could."""
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    if stat.S_ISREG(os.fstat(number).st_mode):  # a terminal is nobody's to close
        os.fchmod(number, 0o600)
    return os.fdopen(number, "w", encoding="utf-8")
