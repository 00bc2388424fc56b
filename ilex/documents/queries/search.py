"""Finding documents by the words in their titles and texts, in any script, exactly or nearly."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Left
from django.urls import reverse
from django.utils.translation import gettext as _

from ilex.documents import index
from ilex.documents.errors import Refused
from ilex.documents.models import Document
from ilex.documents.owners import owner_of, seen
from ilex.documents.queries.access import in_circle, justification, needs_reason
from ilex.documents.queries.nearness import near_words
from ilex.documents.rules import kind
from ilex.index import without
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.units.models import Officer

PAGE = 50
PAGES = 20
LOOKED_AT = 4_000  # matches that are looked at for what the officer may see
COMMON = 10_000  # matches; sorting fewer costs some milliseconds
LONGEST = 200  # characters of what is looked for
AROUND = 120  # characters shown around the first hit
SHOWN_FROM = 2_000  # characters in which a hit is looked for to show it
RUN = re.compile(r"\S+")

Match = tuple[UUID, str, UUID, datetime]  # document, kind and id of its place, moment
Matches = QuerySet[Document, Match]


@dataclass(frozen=True)
class FoundRow:
    id: UUID
    url: str
    title: str
    kind: object
    place: str  # the number of the case or request it lies in
    place_url: str
    place_label: object
    excerpt: str
    handling: str
    made_at: datetime


@dataclass(frozen=True)
class Found:
    rows: tuple[FoundRow, ...]
    page: int
    has_next: bool

    @property
    def previous(self) -> int:
        return self.page - 1

    @property
    def next(self) -> int:
        return self.page + 1


def search(officer: Officer, text: str, *, tolerant: bool = False, reason: str = "", page: int = 1) -> Found:
    """Newest first, only what this officer may see. Every search is a consultation and stands in the journal.

    Raises Refused for a text without a letter or digit, and for a supervisor who gives no reason.
    """
    text = text[:LONGEST]
    if not index.query(text):
        raise Refused(_("Type a word, a name or a number."))
    if needs_reason(officer) and not reason.strip():
        raise Refused(_("Type a reason: your role reads documents to supervise."))
    page = max(1, min(page, PAGES))
    why = reason.strip() or justification(officer)
    with act("document.searched", Operation.CONSULTATION, by=officer, on=("search", ""), reason=why) as this:
        near = near_words(index.words(text)[: index.QUERY_WORDS]) if tolerant else {}
        keys = matching(officer, index.query(text, near), (page - 1) * PAGE, PAGE + 1)
        this.detail |= {"text": text, "page": page, "found": [str(key) for key in keys[:PAGE]]}
    # What else was looked for is told to nobody: those words may stand in papers that he may not see.
    wanted = {*index.words(text), *(word for words in near.values() for word in words)}
    return Found(_rows(keys[:PAGE], wanted), page, len(keys) > PAGE and page < PAGES)


def matching(officer: Officer, query: str, first: int, count: int) -> list[UUID]:
    """The newest documents that hold the query and that the officer may see. Bounded: very many that he may not see
    hide what is older.
    """
    found = Document.objects.filter(in_circle(officer), removed_at=None, search__holds=query)
    mine: list[UUID] = []
    with transaction.atomic():
        for batch in _batches(found, first + count):
            places = seen(officer, {(kind, id) for _pk, kind, id, _at in batch})
            mine += [pk for pk, kind, id, _at in batch if (kind, id) in places]
            if len(mine) >= first + count:
                break
    return mine[first : first + count]


def _batches(found: QuerySet[Document], wanted: int) -> Iterator[list[Match]]:
    """Newest first. What few hold is looked up in the index of words and sorted; what very many hold is soon met when
    one walks from the newest on. PostgreSQL guesses badly which it is, so we look first and tell it the way.
    """
    matches = found.order_by("-made_at", "-id").values_list("pk", "on_kind", "on_id", "made_at")
    met: list[Match] = []
    away = ("indexscan", "seqscan") if _are_few(found) else ("bitmapscan", "seqscan", "sort")
    while len(met) < LOOKED_AT:
        with without(*away):
            batch = list(_after(matches, met)[: 2 * wanted + len(met)])  # ever more for whoever may see few of them
        if not batch:
            return
        met += batch
        yield batch


def _are_few(found: QuerySet[Document]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '32MB'")  # to remember every match, and not only the page it stands on
    with without("indexscan", "seqscan"):
        return found.order_by().values("pk")[:COMMON].count() < COMMON


def _after(matches: Matches, met: list[Match]) -> Matches:
    """Those that are older than what was met; of the same moment those that are not met yet."""
    if not met:
        return matches
    last = met[-1][3]
    same = [pk for pk, _kind, _id, at in met if at == last]
    return matches.filter(made_at__lte=last).exclude(pk__in=same)


@contextmanager
def _without(*ways: str) -> Iterator[None]:
    """Keep the planner from these ways for a moment, with room enough to remember every match and not only its page."""
    with connection.cursor() as cursor:
        cursor.execute("; ".join(["SET LOCAL work_mem = '32MB'", *(f"SET LOCAL enable_{way} = off" for way in ways)]))
        yield
        cursor.execute(
            "; ".join(f"SET LOCAL {name} TO DEFAULT" for name in ("work_mem", *map("enable_{}".format, ways)))
        )


def _rows(keys: Sequence[UUID], wanted: set[str]) -> tuple[FoundRow, ...]:
    found = Document.objects.defer("text", "search").annotate(beginning=Left("text", SHOWN_FROM)).in_bulk(keys)
    return tuple(_row(found[key], wanted) for key in keys)


def _row(document: Document, wanted: set[str]) -> FoundRow:
    owner = owner_of(document.on_kind)
    return FoundRow(
        id=document.pk,
        url=reverse("document", args=[document.pk]),
        title=document.title,
        kind=kind(document.kind).label,
        place=owner.name(document.on_id) if owner else "",
        place_url=owner.page(document.on_id) if owner else "",
        place_label=owner.label if owner else "",
        excerpt=excerpt(document.beginning, wanted),  # type: ignore[attr-defined]  # annotated above
        handling=document.handling,
        made_at=document.made_at,
    )


def excerpt(text: str, wanted: set[str]) -> str:
    """The text around the first run that holds one of the words, in its own script; the beginning if none does."""
    begins = tuple(wanted)
    at = next((run.start() for run in RUN.finditer(text) if index.begins(run[0], begins)), 0)
    start = max(0, at - AROUND // 2)
    return ("…" if start else "") + " ".join(text[start : start + 2 * AROUND].split())
