"""The rooms that papers belong to: each hands in, when the node starts, who may see what of its own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from ilex.units.models import Officer


def _no_case(id: UUID) -> str:
    return ""


@dataclass(frozen=True)
class Owner:
    """Of documents with `on_kind == kind`. Its officers, and nobody else, see them."""

    kind: str  # case, request, task, release
    label: object  # for people, translated when it is shown
    may_see: Callable[[Officer, Collection[UUID]], set[UUID]]  # those of these objects that the officer may see
    page: Callable[[UUID], str]  # the address of the object's page
    name: Callable[[UUID], str] = str  # its number or reference
    case: Callable[[UUID], str] = _no_case  # the case in the journal's lines


_owners: dict[str, Owner] = {}


def register(owner: Owner) -> None:
    """Add a room's kind; one of the same name is replaced."""
    _owners[owner.kind] = owner


def owner_of(kind: str) -> Owner | None:
    return _owners.get(kind)


def seen(officer: Officer, places: Iterable[tuple[str, UUID]]) -> set[tuple[str, UUID]]:
    """Those of the places that the officer may see, one question to each room. Of an unknown room: none."""
    asked: dict[str, set[UUID]] = {}
    for kind, id in places:
        asked.setdefault(kind, set()).add(id)
    return {
        (kind, id)
        for kind, ids in asked.items()
        if (owner := _owners.get(kind)) is not None
        for id in owner.may_see(officer, ids)
    }


def case_of(kind: str, id: UUID) -> str:
    owner = _owners.get(kind)
    return owner.case(id) if owner is not None else ""
