"""What can be found: each room brings its own search, which shows an officer nothing that he may not see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from ilex.units.models import Officer
from ilex.units.rules import may


@dataclass(frozen=True)
class Hit:
    """One thing that was found, as any room would show it in a list."""

    key: str  # stays the same for the same thing: by it a saved search knows what is new
    url: str
    caption: str
    language: str = ""  # of the caption
    note: str = ""  # what tells it from others of the same caption
    where: str = ""  # in which part the words stand
    state: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Hits:
    rows: Sequence[Hit] = ()
    more: bool = False


@dataclass(frozen=True)
class Finder:
    """`find` gets the officer, the text and his reason, writes the line of the consultation, and gives the best hits.

    It raises ValidationError with a sentence when the text or the reason does not do.
    """

    name: str
    label: str | Promise
    verb: str
    find: Callable[[Officer, str, str], Hits]
    everything: Callable[[str], str]  # the page of the room with all hits and its own filters
    order: int = 50


_finders: dict[str, Finder] = {}


def register(finder: Finder) -> None:
    """Add a room's search; one of the same name is replaced."""
    _finders[finder.name] = finder


def of(officer: Officer) -> list[Finder]:
    """The searches that this officer may use, in their order."""
    return [one for one in sorted(_finders.values(), key=lambda one: one.order) if may(officer, one.verb)]
