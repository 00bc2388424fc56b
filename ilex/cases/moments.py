"""What higher rooms add to the timeline of a case: each says its own moments by a function registered here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from ilex.cases.models import Case
from ilex.units.models import Officer


@dataclass(frozen=True)
class Moment:
    at: datetime
    kind: str  # step, request, task, document, release, or what the registering room calls its own
    title: str  # translated
    text: str = ""
    by: str = ""
    about: str = ""  # the reference or name of what it happened to
    url: str = ""
    way: str = ""  # "in", "out", or empty for what happened in the house


@dataclass(frozen=True)
class Source:
    name: str
    moments: Callable[[Case, Officer], Iterable[Moment]]


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Add a room's moments; one of the same name is replaced. Asked once for each opening of a case."""
    _sources[source.name] = source


def others(case: Case, officer: Officer) -> list[Moment]:
    return [moment for source in _sources.values() for moment in source.moments(case, officer)]
