"""How fast the journal writes, grows, proves and verifies, in a node of its own."""

from __future__ import annotations

from pathlib import Path

from ilex.config.bench.machine import machine
from ilex.config.bench.nodes import running
from ilex.config.bench.report import Measure, Report

MICROSECONDS = ", microseconds a row"  # of the one figure that is not a number per second


def measure(folder: Path | None = None, *, lines: int = 50_000) -> Report:
    with running(["RS"], folder) as (node,):
        found: dict[str, float] = node.ask("measure_journal", lines)
        return Report(
            "journal",
            machine(node.folder, node.database),
            {"lines": f"{lines:,}"},
            [],
            [_measure(name, value) for name, value in found.items()],
        )


def _measure(name: str, value: float) -> Measure:
    if name.endswith(MICROSECONDS):
        return Measure(name.removesuffix(MICROSECONDS), value, "microseconds a row")
    return Measure(name, value, "a second")
