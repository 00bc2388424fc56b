"""What the news tells of an action or activity: a higher room knows, and hands its question in at start-up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from ilex.programme.models import Action, Activity
from ilex.units.models import Officer


@dataclass(frozen=True)
class NewsLine:
    title: str
    url: str
    on: date | None = None
    language: str = ""


About = Callable[[Officer, Action | Activity], Iterable[NewsLine]]

_about: list[About] = []


def hand_in(about: About) -> None:
    """A later one takes the place of an earlier one."""
    _about[:] = [about]


def news_about(officer: Officer, thing: Action | Activity) -> list[NewsLine]:
    """Only what this officer may see."""
    return [line for about in _about for line in about(officer, thing)]
