from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """Outside of pytest's own folder: PostgreSQL's account must pass, and every start of pytest closes that again."""
    with tempfile.TemporaryDirectory(prefix="ilex-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)
