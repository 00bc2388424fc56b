"""The bench starts real nodes and says what it measured; how fast that is, is for the operator's machine to tell."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.config.command import environment, ilex, is_one_sentence

PATIENCE = 600  # seconds: two nodes are made, on a machine that may have other things to do


def bench(folder: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "ilex.config.command", "bench", *words, "--folder", str(folder)],
        env=environment(folder / "none"),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not list(folder.iterdir())  # the nodes are gone again
    return done.stdout


def test_exchange_tells_machine_parts_figures_and_the_ratio_to_the_limit(tmp_path: Path) -> None:
    said = bench(tmp_path, "exchange", "--messages", "12", "--size", "1KiB", "--batch", "4")

    lines = said.splitlines()
    assert lines[0] == "ilex bench exchange"
    assert {"machine", "size", "figures"} <= set(lines)
    assert any(line.split()[-4:-2] == ["fsync", "on,"] for line in lines)  # durable, whatever the tests wish
    (figure,) = (line for line in lines if "limit: at least 300; ratio" in line)
    assert "4 in a transaction" in figure
    assert any("one in a transaction" in line for line in lines[lines.index("figures") :])


def test_journal_tells_its_figures_to_a_program(tmp_path: Path) -> None:
    said = json.loads(bench(tmp_path, "journal", "--lines", "200", "--json"))

    assert said["size"] == {"lines": "200"}
    assert {figure["name"] for figure in said["figures"]} >= {"acts with a commit each", "inclusion proofs"}


def test_cases_asks_real_pages_of_a_full_register(tmp_path: Path) -> None:
    sizes = ("--subjects", "60", "--cases", "120", "--documents", "40", "--rounds", "2")
    said = json.loads(bench(tmp_path, "cases", *sizes, "--json"))

    limits = {figure["name"]: figure["limit"] for figure in said["figures"] if "limit" in figure}
    assert limits["page of a subject, p95"] == 150
    assert limits["search, all kinds, p95"] == 300
    assert {"search cases: two words", "search documents: two words", "search everything: a name"} <= set(said["parts"])


def test_programme_asks_real_pages_of_many_actions(tmp_path: Path) -> None:
    sizes = ("--actions", "120", "--activities", "240", "--involvements", "600", "--rounds", "2")
    said = json.loads(bench(tmp_path, "programme", *sizes, "--json"))

    limits = {figure["name"]: figure["limit"] for figure in said["figures"] if "limit" in figure}
    assert set(limits.values()) == {150}
    assert {"page of an activity, p95", "a month of the calendar, p95", "list of a place, p95"} <= set(limits)


@pytest.mark.parametrize(
    ("words", "status", "why"),
    [
        ([], 2, "required: exchange|attachment|desk|cases|programme|journal"),
        (["speed"], 2, "invalid choice: 'speed'"),
        (["exchange", "--messages", "0"], 2, "'0' is not a number from 1 to"),
        (["exchange", "--size", "33KiB"], 2, "'33KiB' is not a size up to 32KiB"),
        (["exchange", "--batch", "1000"], 2, "'1000' is not a number from 1 to 100"),
        (["attachment", "--size", "2 GB"], 2, "'2 GB' is not a size"),
        (["attachment", "--size", "1MiB", "--folder", "/nowhere/at/all"], 1, "cannot be used"),
        (["desk", "--lines", "5"], 2, "unrecognized arguments"),
    ],
)
def test_measurement_that_cannot_be_is_one_sentence(tmp_path: Path, words: list[str], status: int, why: str) -> None:
    done = ilex(tmp_path / "node", "bench", *words)

    assert done.returncode == status
    assert why in done.stderr
    assert is_one_sentence(done.stderr)
    assert not list(tmp_path.iterdir())
