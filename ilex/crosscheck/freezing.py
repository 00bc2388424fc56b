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
    return [reason._asdict() | {"parts": [part._asdict() for part in reason.parts]} for reason in reasons]


def thawed(kept: Sequence[Mapping[str, Any]]) -> tuple[Reason, ...]:
    return tuple(_reason(one) for one in kept)


def _reason(kept: Mapping[str, Any]) -> Reason:
    parts = tuple(PartPair(**_known(PartPair, part)) for part in kept.get("parts", ()))
    return Reason(**(_known(Reason, kept) | {"parts": parts}))


def _known(kind: type[PartPair | Reason], kept: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in kept.items() if name in kind._fields}


def _tuples(value: Any) -> Any:
    return tuple(_tuples(part) for part in value) if isinstance(value, list | tuple) else value
