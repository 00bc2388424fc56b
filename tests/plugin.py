"""One embedded PostgreSQL server for the whole run, unless DATABASE_URL names another; a folder for each process.

Loaded by `-p tests.plugin`, before pytest-django reads the settings.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from ilex.config import database

WORKER = "PYTEST_XDIST_WORKER" in os.environ
FOLDER = Path(tempfile.mkdtemp(prefix="ilex-tests-"))

os.environ["ILEX_TESTING"] = "1"
os.environ["ILEX_HOME"] = str(FOLDER)
os.environ["ILEX_UNIT"] = "ilecu-rs"
os.environ.setdefault("ILEX_SECRET", "tests-only")
# The workers of xdist inherit the environment of the controller, whose server serves them all.
if not os.environ.get("DATABASE_URL"):
    os.environ["DATABASE_URL"] = database.start(FOLDER, durable=False)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not WORKER:
        database.stop(FOLDER)
    shutil.rmtree(FOLDER, ignore_errors=True)
