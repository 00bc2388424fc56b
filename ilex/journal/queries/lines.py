"""Lines as an auditor, a timeline or an export wants them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from ilex.journal.models import Line
from ilex.units.models import Officer

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Choice:
    """Which lines are asked for; what is empty does not limit."""

    by: str = ""  # an officer's id
    act: str = ""  # or its beginning: "request." is every act on requests
    op: str = ""
    kind: str = ""
    id: str = ""
    since: datetime | None = None
    until: datetime | None = None  # exclusive

    def condition(self) -> Q:
        equal = {"by": self.by, "op": self.op, "object_kind": self.kind, "object_id": self.id}
        found = Q(**{name: value for name, value in equal.items() if value})
        if self.act:
            found &= Q(act__startswith=self.act)
        if self.since:
            found &= Q(at__gte=self.since)
        if self.until:
            found &= Q(at__lt=self.until)
        return found


def lines_for(kind: str, id: str) -> QuerySet[Line]:
    """What was done to one thing, oldest first."""
    return Line.objects.filter(object_kind=kind, object_id=id).order_by("id")


def newest_lines(choice: Choice, *, before: int | None = None, limit: int = 50) -> list[Line]:
    """The chosen lines, newest first; `before` is the id of the last line of the page before."""
    found = Line.objects.filter(choice.condition())
    if before is not None:
        found = found.filter(id__lt=before)
    return list(found.order_by("-id")[:limit])


def names_of(lines: Iterable[Line]) -> dict[str, str]:
    """The officers' names by the id that stands in the lines."""
    ids = {line.by for line in lines if _UUID.fullmatch(line.by)}
    return {str(pk): name for pk, name in Officer.objects.filter(pk__in=ids).values_list("pk", "name")}


def waiting() -> int:
    return Line.objects.filter(position=None).count()


def by_position(after: int = -1, batch: int = 2000) -> Iterator[Line]:
    """All lines that have a position, in the order of the tree, in bounded memory."""
    while page := list(Line.objects.filter(position__gt=after).order_by("position")[:batch]):
        yield from page
        after = page[-1].position or 0


def by_id(found: QuerySet[Line], batch: int = 2000) -> Iterator[Line]:
    after = 0
    while page := list(found.filter(id__gt=after).order_by("id")[:batch]):
        yield from page
        after = page[-1].id
