"""The weights of all that is compared: a file with its version and how each part of it was found."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import mul
from pathlib import Path
from typing import Any

WEIGHTS = Path(__file__).parent / "data" / "weights.json"
KINDS = ("person", "organisation", "thing")


@dataclass(frozen=True)
class Model:
    """Weights are log odds. What they mean stands beside them in the file."""

    version: str
    base: Mapping[str, float]  # by kind
    size: float  # how the odds fall as the holdings grow by e
    pairs: Mapping[str, tuple[float, tuple[float, ...]]]  # by regime: intercept and weights of pairs.FEATURES
    equivalent: float  # likeness of two words that a table calls forms of one name
    feminine: float
    initial: float
    initial_contradicts: float
    other: float  # the share of words that the same person has otherwise: second names, aliases, mistakes
    person: tuple[float, ...]  # of names.FEATURES
    organisation: tuple[float, ...]
    born: Mapping[str, float]
    country: Mapping[str, float]
    sex: Mapping[str, float]
    place: Mapping[str, float]
    kind: float
    identifiers: Mapping[str, Mapping[str, float]]

    def pair(self, regime: str, values: Sequence[float]) -> float:
        start, weights = self.pairs[regime]
        return float(start + sum(map(mul, weights, values)))

    def identifier(self, type: str, code: str) -> float:
        own = self.identifiers.get(type, {})
        return own[code] if code in own else self.identifiers[""].get(code, 0.0)


@cache
def current() -> Model:
    return of(json.loads(WEIGHTS.read_text(encoding="utf-8")))


def of(raw: Mapping[str, Any]) -> Model:
    return Model(
        version=raw["version"],
        base=raw["base"],
        size=raw["size"],
        pairs={
            regime: (start, tuple(map(float, weights.values()))) for regime, (start, weights) in raw["pairs"].items()
        },
        equivalent=raw["equivalent"],
        feminine=raw["feminine"],
        initial=raw["initial"],
        initial_contradicts=raw["initial_contradicts"],
        other=raw["other"],
        person=tuple(map(float, raw["person"].values())),
        organisation=tuple(map(float, raw["organisation"].values())),
        born=raw["born"],
        country=raw["country"],
        sex=raw["sex"],
        place=raw["place"],
        kind=raw["kind"],
        identifiers=raw["identifiers"],
    )
