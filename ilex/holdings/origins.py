"""Records of higher rooms, searched without a copy: each room hands in, at start-up, how its records are read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from ilex.matching.facts import Facts
from ilex.units.models import Officer


@dataclass(frozen=True)
class Origin:
    """`prepared` gives what is known now of the records with these keys; one that is gone is not among them."""

    code: str
    title: str | Promise
    prepared: Callable[[Sequence[str]], dict[str, Facts]]
    page: Callable[[str], str]  # the address of a record's page
    may_see: Callable[[Officer, Collection[str]], set[str]]


_origins: dict[str, Origin] = {}


def register(origin: Origin) -> None:
    """Add an origin; one of the same code is replaced."""
    _origins[origin.code] = origin


def origin(code: str) -> Origin | None:
    return _origins.get(code)


def codes() -> list[str]:
    return list(_origins)
