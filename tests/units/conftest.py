from __future__ import annotations

import pytest

from ilex.units.actions import load_directory


@pytest.fixture
def directory(db: None) -> None:
    """The real directory, as it is shipped."""
    load_directory()
