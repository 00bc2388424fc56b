"""Faults on whole nodes. `make faults` runs them long; the whole suite runs them with fewer messages."""

from __future__ import annotations

import os
import secrets

import pytest

# Minutes each: restore, full disk, fork, leaps of the clock, sticks beside the line. `make faults` sets ILEX_FAULTS.
LONG = ["test_fork.py", "test_leap.py", "test_parity.py", "test_restore.py", "test_start.py", "test_storage.py"]
collect_ignore = [] if os.environ.get("ILEX_FAULTS") == "long" else LONG

# Everything in this folder starts whole nodes.
MARKS = (pytest.mark.faults, pytest.mark.network)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent.name == "faults":
            for mark in MARKS:
                item.add_marker(mark)


@pytest.fixture
def long_run(request: pytest.FixtureRequest) -> bool:
    """Whether this is `make faults`."""
    return "faults" in (request.config.option.markexpr or "")


@pytest.fixture
def seed() -> int:
    """Of everything random here; say ILEX_SEED to play the same again."""
    chosen = int(os.environ.get("ILEX_SEED") or secrets.randbelow(10**6))
    print(f"ILEX_SEED={chosen}")
    return chosen
