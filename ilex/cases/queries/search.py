"""Finding cases by number, reference, title, summary and notes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from ilex.cases import index
from ilex.cases.models import Case, CaseRequest
from ilex.cases.queries.access import justified
from ilex.cases.queries.listing import CaseFilter, CaseRow, chosen, rows_of
from ilex.exchange import queries as exchange
from ilex.exchange.rules import Invalid, reference_key
from ilex.index import without
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.units.models import Officer

PAGE = 50
FARTHEST = 1_000  # nobody leafs deeper; more words find better
MOST = 500  # cases of one reference or its beginning
COMMON = 20_000  # matches; sorting fewer costs some milliseconds
LONGEST = 200
REFERENCE = re.compile(r"[A-Za-z]{2,8}[-/ .]?(?:[A-Za-z][-/ .])?[0-9]{2,4}[-/ .][0-9]{1,9}")


@dataclass(frozen=True)
class Found:
    rows: tuple[CaseRow, ...]
    more: bool


def search(
    officer: Officer,
    text: str,
    *,
    filters: CaseFilter | None = None,
    first: int = 0,
    count: int = PAGE,
    reason: str = "",
    stands_in: Sequence[UUID] = (),
) -> Found:
    """The last changed first. Every search is a consultation: what was looked for, and why, stands in the journal.

    Raises Invalid("q") for a text without a letter or digit, Invalid("reason") when a supervisor gives none.
    """
    text = text[:LONGEST]
    if not index.query(text):
        raise Invalid({"q": _("Type a word, a name, a number or a reference.")})
    why = justified(officer, reason)
    first = max(0, min(first, FARTHEST))
    among = chosen(officer, filters or CaseFilter(show="all"), stands_in=stands_in)
    with act("case.searched", Operation.CONSULTATION, by=officer, on=("search", ""), reason=why) as this:
        found = _found(officer, among, text, first, count + 1)
        this.detail |= {"text": text, "first": first, "found": [case.number for case in found[:count]]}
    return Found(tuple(rows_of(found[:count], officer)), len(found) > count)


def _found(officer: Officer, among: QuerySet[Case], text: str, first: int, count: int) -> list[Case]:
    if REFERENCE.fullmatch(text.strip()) and (referred := _referred(officer, text)):
        ordered = among.filter(pk__in=referred).order_by("-changed_at", "id")
        if pks := list(ordered.values_list("pk", flat=True)[first : first + count]):
            return _in_order(pks)
    return newest(among.filter(search__holds=index.query(text)), first, count)


def _referred(officer: Officer, text: str) -> set[UUID]:
    """Its own number begins so, it carries the reference, or one of its requests does, ours or theirs.

    Each is asked for itself, by its own index: all in one condition would be looked for in every row.
    """
    key, begun = reference_key(text), text.strip().upper()
    requests = exchange.visible_requests(officer).filter(
        Q(our_ref__startswith=begun) | Q(their_ref_key__startswith=key)
    )
    wanted = list(requests.order_by().values_list("pk", flat=True)[:MOST])
    found: list[QuerySet[Any, UUID]] = [
        Case.objects.filter(number__startswith=begun).order_by("-number").values_list("pk", flat=True),
        Case.objects.filter(reference_keys__contains=[key]).values_list("pk", flat=True),
        CaseRequest.objects.filter(request__in=wanted).values_list("case", flat=True),
    ]
    return {pk for pks in found for pk in pks[:MOST]}


def newest(found: QuerySet[Case], first: int, count: int) -> list[Case]:
    """In the caller's open transaction. See exchange.queries.search: PostgreSQL is told the way that fits the count."""
    ordered = found.order_by("-changed_at", "id").values_list("pk", flat=True)[first : first + count]
    with without("indexscan", "seqscan"):
        if found.order_by().values("pk")[:COMMON].count() < COMMON:
            return _in_order(list(ordered))
    with without("bitmapscan", "seqscan", "sort"):
        return _in_order(list(ordered))


def _in_order(pks: Sequence[UUID]) -> list[Case]:
    rows = Case.objects.select_related("owner").defer("summary", "search").in_bulk(pks)
    return [rows[pk] for pk in pks]
