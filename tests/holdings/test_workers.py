"""Processes that make keys, and what stands in the folder in which somebody starts them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ilex.holdings import workers
from ilex.holdings.files.chunks import Chunk
from ilex.holdings.making import Setting
from ilex.holdings.workers import made
from tests.holdings.files import people


def test_programs_in_the_folder_of_a_load_are_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("pickle", "ilex", "numpy"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('A stranger was run.')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(workers, "_cores", lambda: 2)  # on a single core no process is begun
    chunks = [Chunk(1 + place, json.dumps(one).encode()) for place, one in enumerate(people(3))]
    assert [len(one.lines) for one in made(Setting(1, None), chunks, 1)] == [1, 1, 1]
