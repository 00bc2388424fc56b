"""From which score on a record is shown, and called a strong lead, and how many false alerts that costs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "data" / "alerts.json"  # written by evaluation/alerts.py


@dataclass(frozen=True)
class Threshold:
    show: float
    strong: float


@dataclass(frozen=True)
class Alert:
    """Of 1,000 checks of somebody whom nobody holds, how many find a record of at least this score."""

    score: float
    by_name: float  # asked with the name alone
    with_date: float


DEFAULT = Threshold(show=0.1, strong=0.7)
# A number says nearly all about a thing: one that differs by a slip is worth a look, not more.
THING = Threshold(show=0.1, strong=0.9)
BY_KIND: Mapping[str, Threshold] = dict.fromkeys(
    ("vehicle", "vessel", "aircraft", "document", "firearm", "communication", "bank-account"), THING
)


def of(kind: str) -> Threshold:
    return BY_KIND.get(kind, DEFAULT)


def alerts(kind: str) -> tuple[Alert, ...]:
    """What was measured for this kind, by rising score; empty for a kind that was not measured.

    Everyone asked for has near misses among the records, so a usual day has fewer. By name alone the alerts grow
    nearly as fast as the holdings do.
    """
    return tuple(Alert(*row) for row in _measured().get(kind, ()))


def measured_among() -> int:
    """Among how many records it was measured."""
    return int(_measured().get("records", 0))


@cache
def _measured() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found
