"""What higher rooms show on the page of a request: the cases it stands in, its tasks, and what can be begun there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from ilex.exchange.models import Request
from ilex.units.models import Officer


@dataclass(frozen=True)
class Row:
    label: str
    url: str
    note: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Notice:
    """What nobody should overlook before he answers, with the one thing to do about it."""

    title: str
    text: str
    url: str
    label: str
    method: str = "get"
    tone: str = "near"  # of parts.card


@dataclass(frozen=True)
class Use:
    """`rows` tells where the request is used, `steps` what this officer can begin with it, `notices` what stands above
    its text; all observe what he may."""

    title: str | Promise
    rows: Callable[[Request, Officer], Iterable[Row]]
    steps: Callable[[Request, Officer], Iterable[Row]] = lambda request, officer: ()
    notices: Callable[[Request, Officer], Iterable[Notice]] = lambda request, officer: ()


_uses: dict[str, Use] = {}


def register(name: str, use: Use) -> None:
    """Told once at start-up by a higher room; one of the same name is replaced."""
    _uses[name] = use


def uses(request: Request, officer: Officer) -> list[tuple[str | Promise, list[Row]]]:
    """The titles with their rows; a use without rows is left out."""
    found = [(use.title, list(use.rows(request, officer))) for use in _uses.values()]
    return [(title, rows) for title, rows in found if rows]


def steps(request: Request, officer: Officer) -> list[Row]:
    return [row for use in _uses.values() for row in use.steps(request, officer)]


def notices(request: Request, officer: Officer) -> list[Notice]:
    return [notice for use in _uses.values() for notice in use.notices(request, officer)]
