"""Finding requests by reference, name in any script, number or word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from ilex.exchange import index
from ilex.exchange.models import Request, State, Subject, Way
from ilex.exchange.queries.access import HANDLING, SUPERVISING, visible_requests
from ilex.exchange.queries.desk import masked
from ilex.exchange.rules import Invalid, reference_key
from ilex.index import without
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.units.models import Officer, Role

PAGE = 50
PAGES = 20
READ = ("our_ref", "their_ref", "state", "received_at", "made_at", "partner__name")  # of a request that was found
COMMON = 20_000  # matches; sorting fewer costs some milliseconds
REFERENCE = re.compile(r"([A-Za-z]{2,8})[-/ .]?([0-9]{4})[-/ .]([0-9]{0,6})")
LONGEST = 200  # characters of what is looked for


@dataclass(frozen=True)
class SearchFilter:
    way: str = ""
    state: str = ""
    partner: str = ""


@dataclass(frozen=True)
class FoundRow:
    pk: UUID
    ref: str
    their_ref: str
    url: str
    partner_name: str
    subject: str
    where: str
    state_text: str
    received_at: datetime | None


@dataclass(frozen=True)
class Found:
    rows: tuple[FoundRow, ...]
    page: int
    has_next: bool

    @property
    def total(self) -> int:
        """How many are known of: more may follow when `more`."""
        return (self.page - 1) * PAGE + len(self.rows)

    @property
    def more(self) -> bool:
        return self.has_next

    @property
    def has_previous(self) -> bool:
        return self.page > 1

    @property
    def previous(self) -> int:
        return self.page - 1

    @property
    def next(self) -> int:
        return self.page + 1


def search(
    officer: Officer, text: str, filters: SearchFilter | None = None, *, reason: str = "", page: int = 1
) -> Found:
    """Newest first. Every search is a consultation: what was looked for, and why, stands in the journal.

    Raises Invalid("q") for a text without a letter or digit, Invalid("reason") when a supervisor gives none.
    """
    filters = filters or SearchFilter()
    wanted = index.query(text[:LONGEST])
    if not wanted:
        raise Invalid({"q": _("Type a word, a name, a number or a reference.")})
    why = reason.strip() or _justification(officer)
    page = max(1, min(page, PAGES))
    with act("request.searched", Operation.CONSULTATION, by=officer, on=("search", ""), reason=why) as this:
        rows = _found(officer, text[:LONGEST], filters, (page - 1) * PAGE)
        this.detail |= {"text": text[:LONGEST], "page": page, "found": [row.our_ref for row in rows[:PAGE]]}
    return Found(_rows(rows[:PAGE], text), page, len(rows) > PAGE and page < PAGES)


def _justification(officer: Officer) -> str:
    roles = set(officer.roles)
    if roles & (HANDLING | {Role.AUTHORITY}):
        return "handling"
    if roles & SUPERVISING and Role.HEAD not in roles:
        raise Invalid({"reason": _("Type a reason: your role reads requests to supervise.")})
    return "supervision"


def _found(officer: Officer, text: str, filters: SearchFilter, first: int) -> list[Request]:
    among = filtered(officer, filters)
    if referred := _by_reference(among, text, first + PAGE + 1):
        return _in_order(referred[first:])
    return _newest(among.filter(search__holds=index.query(text)), first, PAGE + 1)


def filtered(officer: Officer, filters: SearchFilter) -> QuerySet[Request]:
    found = visible_requests(officer)
    if filters.way in Way.values:
        found = found.filter(way=filters.way)
    if filters.state in State.values:
        found = found.filter(state=filters.state)
    return found.filter(partner=filters.partner) if filters.partner else found


def _newest(found: QuerySet[Request], first: int, count: int) -> list[Request]:
    """The newest matches; in the caller's open transaction.

    What some thousands hold is looked up in the index of words and sorted; what very many hold is soon met when one
    walks from the newest on. PostgreSQL cannot know which it is, its estimate for the beginning of a word being a
    constant: so we look first, and then tell it the way.
    """
    ordered = found.order_by("-made_at", "-id").values_list("pk", flat=True)[first : first + count]
    with without("indexscan", "seqscan"):
        if found.order_by().values("pk")[:COMMON].count() < COMMON:
            return _in_order(list(ordered))
    with without("bitmapscan", "seqscan", "sort"):
        return _in_order(list(ordered))


def _in_order(pks: Sequence[UUID]) -> list[Request]:
    rows = Request.objects.select_related("partner").only(*READ).in_bulk(pks)
    return [rows[pk] for pk in pks]


def _by_reference(found: QuerySet[Request], text: str, count: int) -> list[UUID]:
    """Those whose reference, or the partner's, begins so; none when the text does not look like a reference."""
    typed = REFERENCE.fullmatch(text.strip())
    if typed is None:
        return []
    ours = Q(our_ref__startswith=f"{typed[1].upper()}-{typed[2]}-{typed[3]}")
    referred = found.filter(ours | Q(their_ref_key__startswith=reference_key(text)))
    return list(referred.order_by("-our_ref").values_list("pk", flat=True)[:count])


def _rows(requests: list[Request], text: str) -> tuple[FoundRow, ...]:
    subjects = _subjects(requests)
    where = _where(requests, text, subjects)
    return tuple(
        FoundRow(
            pk=request.pk,
            ref=request.our_ref,
            their_ref=request.their_ref,
            url=reverse("request", args=[request.our_ref]),
            partner_name=request.partner.name,
            subject=masked(Counter(kind for kind, _texts in subjects.get(request.pk, ()))),
            where=where[request.pk],
            state_text=str(State(request.state).label),
            received_at=request.received_at or request.made_at,
        )
        for request in requests
    )


Subjects = dict[UUID, list[tuple[str, list[str]]]]  # of each request: kind, and the texts that name the subject


def _subjects(requests: list[Request]) -> Subjects:
    found = Subject.objects.filter(request__in=[request.pk for request in requests]).order_by()
    subjects: Subjects = {}
    for pk, kind, name, others, numbers in found.values_list("request", "kind", "name", "other_names", "numbers"):
        subjects.setdefault(pk, []).append((kind, [name, *others, *numbers]))
    return subjects


def _where(requests: list[Request], text: str, subjects: Subjects) -> dict[UUID, str]:
    """In which part the words stand, without showing it: reference, persons and things, or text."""
    wanted, key = index.words(text), reference_key(text)
    names = {pk: {word for _kind, texts in known for word in index.words(*texts)} for pk, known in subjects.items()}
    return {request.pk: _part(request, wanted, key, names.get(request.pk, set())) for request in requests}


def _part(request: Request, wanted: list[str], key: str, names: set[str]) -> str:
    if key and any(reference_key(ref).startswith(key) for ref in (request.our_ref, request.their_ref) if ref):
        return _("Reference")
    if any(name.startswith(word) for word in wanted for name in names):
        return _("Persons and things")
    return _("Text")
