"""The cross-check is measured on real holdings beside its peers."""

from __future__ import annotations

import json
from pathlib import Path

from tests.config.test_bench import bench


def test_crosscheck_is_measured_beside_its_peers(tmp_path: Path) -> None:
    sizes = ("--records", "1000", "--queries", "100", "--peers", "rapidfuzz", "pg_trgm")
    said = json.loads(bench(tmp_path, "crosscheck", *sizes, "--json"))

    figures = {figure["name"]: figure for figure in said["figures"]}
    assert figures["candidate recall at 50"]["value"] >= 97
    assert {"loaded on all cores", "index, without the records' own words", "memory while asked"} <= set(figures)
    assert {"Ilex, names only", "Ilex, with dates", "pg_trgm, with dates", "as records grow"} <= set(said["parts"])
