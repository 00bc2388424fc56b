"""Facts and comparisons as they are kept with a hit: plain JSON out, the same objects back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

from ilex.matching.facts import Facts
from ilex.matching.reasons import PartPair, Reason


def frozen_facts(facts: Facts) -> dict[str, Any]:
    """Without what is empty."""
    return {name: value for name, value in asdict(facts).items() if value}


def thawed_facts(kept: Mapping[str, Any]) -> Facts:
    """What a later version no longer knows is left out."""
    known = {field.name for field in fields(Facts)}
    return Facts(**{name: _tuples(value) for name, value in kept.items() if name in known})


def frozen(reasons: Iterable[Reason]) -> list[dict[str, Any]]:
    return [asdict(reason) for reason in reasons]


def thawed(kept: Sequence[Mapping[str, Any]]) -> tuple[Reason, ...]:
    return tuple(_reason(one) for one in kept)


def _reason(kept: Mapping[str, Any]) -> Reason:
    known = {field.name for field in fields(Reason)} - {"parts"}
    pairs = {field.name for field in fields(PartPair)}
    parts = tuple(
        PartPair(**{name: value for name, value in part.items() if name in pairs}) for part in kept.get("parts", ())
    )
    return Reason(**{name: value for name, value in kept.items() if name in known}, parts=parts)


def _tuples(value: Any) -> Any:
    return tuple(_tuples(part) for part in value) if isinstance(value, list | tuple) else value
