"""The door to case files, which stand above this room: who opens it tells what an officer may choose and put there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from ilex.subjects.models import Subject
from ilex.units.models import Officer


@dataclass(frozen=True)
class CaseDoor:
    open_cases: Callable[[Officer], Iterable[tuple[str, str]]]  # number and title of those he may work on
    may_see: Callable[[Officer, str], bool]
    subjects: Callable[[Officer, str], Iterable[Subject]]
    attach: Callable[[Officer, str, Collection[Subject]], None]  # puts subjects into the case, in one transaction
    page: Callable[[str], str]


_door: list[CaseDoor] = []


def register(door: CaseDoor) -> None:
    _door[:] = [door]


def open_cases(officer: Officer) -> list[tuple[str, str]]:
    return list(_door[0].open_cases(officer)) if _door else []


def may_see(officer: Officer, number: str) -> bool:
    return bool(_door) and _door[0].may_see(officer, number)


def subjects(officer: Officer, number: str) -> list[Subject]:
    return list(_door[0].subjects(officer, number)) if may_see(officer, number) else []


def attach(officer: Officer, number: str, subjects: Collection[Subject]) -> None:
    """Raises LookupError when the case does not exist for this officer."""
    if not may_see(officer, number):
        raise LookupError(number)
    _door[0].attach(officer, number, subjects)


def page(officer: Officer, number: str) -> str:
    """Address of the case; empty when it does not exist for this officer."""
    return _door[0].page(number) if may_see(officer, number) else ""
