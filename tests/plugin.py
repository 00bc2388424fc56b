"""One embedded PostgreSQL server for the whole run, unless DATABASE_URL names another.

Loaded by `-p tests.plugin`, before pytest-django reads the settings.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

FOLDER: Path | None = None

os.environ["ILEX_TESTING"] = "1"
os.environ.setdefault("ILEX_SECRET", "tests-only")
os.environ["ILEX_UNIT"] = "ilecu-rs"


def _start() -> None:
    global FOLDER
    from ilex.config import database

    FOLDER = Path(tempfile.mkdtemp(prefix="ilex-tests-"))
    os.environ["ILEX_HOME"] = str(FOLDER)
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = database.start(FOLDER, durable=False)


# The workers of xdist inherit the environment of the controller, which started the server.
if "PYTEST_XDIST_WORKER" not in os.environ:
    _start()


def pytest_unconfigure(config: pytest.Config) -> None:
    if FOLDER is not None:
        from ilex.config import database

        database.stop(FOLDER)
        shutil.rmtree(FOLDER, ignore_errors=True)
