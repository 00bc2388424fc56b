"""The `ilex` command as an operator starts it: a process of its own, with nothing of ours in its environment."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HOUSE = Path(__file__).absolute().parents[2]
OURS = ("ILEX_", "DATABASE_URL", "DJANGO_", "PG")


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    # ILEX_TESTING: an embedded server that does not wait for the disk.
    return {**kept, "ILEX_HOME": str(home), "PYTHONPATH": str(HOUSE), "ILEX_TESTING": "1", **more}


def ilex(home: Path, *words: str, text: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-m", "ilex.config.command", *words],
        env=environment(home, **more),
        input=text,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def is_one_sentence(said: str) -> bool:
    return said.startswith("ilex: ") and said.count("\n") == 1 and "Traceback" not in said
