"""What can wait for approval: each room hands in, at start-up, how its objects are shown, compared and released."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.functional import Promise

if TYPE_CHECKING:
    from ilex.approvals.models import Approval
    from ilex.units.models import Officer

OnDuty = Callable[[], "Collection[Officer]"]


@dataclass(frozen=True)
class ShownLine:
    label: str
    value: str
    long: bool = False


@dataclass(frozen=True)
class Editable:
    """A text to which the reviewer may propose another one."""

    name: str
    label: str
    value: str


@dataclass(frozen=True)
class ShownPaper:
    """A file, as parts/files.html lists it."""

    name: str
    media: str
    size: int
    url: str
    whole_at: bool = True
    failure: str = ""


@dataclass(frozen=True)
class Shown:
    """The plain summary: who receives which fields under which code."""

    recipients: tuple[str, ...]
    handling: str
    lines: tuple[ShownLine, ...]
    papers: Sequence[ShownPaper] = ()
    warnings: tuple[str, ...] = ()
    editable: tuple[Editable, ...] = ()
    about: str = ""  # the page of the request or case behind it
    about_title: str = ""


@dataclass(frozen=True)
class Kind:
    code: str
    title: str | Promise
    may_see: Callable[[Officer, Collection[UUID]], set[UUID]]  # those objects whose content this officer may see
    digest: Callable[[UUID], bytes]  # SHA-256 of what would be released now; empty when the object is gone
    shown: Callable[[Approval, Officer], Shown]
    perform: Callable[[Approval], str]  # releases it in the open transaction; gives the page to go to
    apply_edits: Callable[[Approval, Mapping[str, str]], None]  # the author took them
    back: Callable[[Approval], str]  # the author's own page of the object; empty when it is gone


_kinds: dict[str, Kind] = {}
_on_duty: list[OnDuty] = []


def register(kind: Kind) -> None:
    """Add a kind; one of the same code is replaced."""
    _kinds[kind.code] = kind


def kind(code: str) -> Kind:
    return _kinds[code]


def codes() -> list[str]:
    return list(_kinds)


def ask_who_is_on_duty(who: OnDuty) -> None:
    """Handed in by a room that knows the roster; without it nobody is taken to be on duty."""
    _on_duty[:] = [who]


def on_duty() -> Collection[Officer]:
    return _on_duty[0]() if _on_duty else ()


def approved(approval: Approval) -> dict[str, str]:
    """What the journal line of a release says about the second person; empty `approved_by` when there was none."""
    return {"approval": str(approval.pk), "approved_by": str(approval.reviewer_id or "")}
