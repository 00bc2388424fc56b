"""Finding subjects: by their names in any script, by numbers however they are cut, and by names that were mistyped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ilex.index import without
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.subjects import index, vocabulary
from ilex.subjects.models import STANDING, Category, Statement, Subject
from ilex.subjects.queries.access import visible_subjects
from ilex.subjects.queries.reading import justified
from ilex.subjects.rules import Invalid, name_key
from ilex.units.models import Officer
from ilex.words import kinds

PAGE = 50
PAGES = 20
MOST = PAGE * PAGES  # found ones that are looked at: who finds more types another word
NOTED = ("born", "name", "make", "country")
NOTES = 3  # values that tell it from others
LONGEST = 200  # characters of what is looked for
COMMON = 2_000  # matches; sorting fewer costs some milliseconds

COLUMNS = ("pk", "kind", "category", "caption", "language", "changed_at", "order")
Met = tuple[UUID, str, str, str, str, datetime, str]


@dataclass(frozen=True)
class FoundRow:
    id: UUID
    kind: str
    category: str
    caption: str
    language: str
    exact: bool  # its words begin as typed; else they only look like them
    changed_at: datetime
    note: str = ""  # what tells it from others of the same name: date of birth, other names

    @property
    def kind_label(self) -> str:
        return _(kinds.kind(self.kind).text)

    @property
    def category_label(self) -> str:
        return str(Category(self.category).label) if self.category else ""


@dataclass(frozen=True)
class Found:
    rows: tuple[FoundRow, ...]
    page: int = 1
    has_next: bool = False

    @property
    def has_previous(self) -> bool:
        return self.page > 1

    @property
    def previous(self) -> int:
        return self.page - 1

    @property
    def next(self) -> int:
        return self.page + 1


def listed(officer: Officer, kind: str = "", category: str = "", page: int = 1) -> Found:
    """All subjects he may see, the newest change first."""
    page = max(1, min(page, PAGES))
    among = narrowed(officer, kind, category).order_by("-changed_at", "-id")
    first = (page - 1) * PAGE
    rows = list(among.values_list(*COLUMNS)[first : first + PAGE + 1])
    return Found(_noted([_row(row, True) for row in rows[:PAGE]]), page, len(rows) > PAGE and page < PAGES)


def search(
    officer: Officer, text: str, kind: str = "", category: str = "", *, reason: str = "", page: int = 1
) -> Found:
    """Those whose words begin so, the best first; after them those that look like it, when few begin so.

    Every search is a consultation: what was looked for, and why, stands in the journal.
    Raises Invalid("q") for a text without a letter or digit, Invalid("reason") when a supervisor gives none.
    """
    wanted = index.query(text[:LONGEST])
    if not wanted:
        raise Invalid({"q": _("Type a word, a name or a number.")})
    why, page = justified(officer, reason), max(1, min(page, PAGES))
    with act("subject.searched", Operation.CONSULTATION, by=officer, on=("search", ""), reason=why) as this:
        rows = find(officer, text[:LONGEST], kind, category, limit=page * PAGE + 1)
        shown = rows[(page - 1) * PAGE : page * PAGE]
        this.detail |= {"text": text[:LONGEST], "page": page, "found": [str(row.id) for row in shown]}
    return Found(_noted(shown), page, len(rows) > page * PAGE and page < PAGES)


def find(officer: Officer, text: str, kind: str = "", category: str = "", *, limit: int = PAGE) -> list[FoundRow]:
    """As `search`, without its line: for whoever writes one of his own, in a transaction that is open already."""
    among, exact = narrowed(officer, kind, category), index.query(text)
    if not exact:
        return []
    rows = [_row(row, True) for row in _best(among, exact, text, limit)]
    if len(rows) < min(limit, PAGE) and (likely := vocabulary.neighbours(index.tokens(text))):
        seen = {row.id for row in rows}
        near = _best(among, index.query(text, likely), text, limit)
        rows += [_row(row, False) for row in near if row[0] not in seen]
    return rows[:limit]


def narrowed(officer: Officer, kind: str, category: str) -> QuerySet[Subject]:
    found = visible_subjects(officer).filter(STANDING)
    if kind:
        found = found.filter(kind=kind)
    return found.filter(category=category) if category else found


def _best(among: QuerySet[Subject], query: str, text: str, limit: int) -> list[Met]:
    """The matches in the order of their likeness. Of very many only the first met are looked at: nobody reads them."""
    key = name_key(text)
    matching = among.filter(search__holds=query).order_by()
    with without("seqscan", "indexscan"):
        rows = list(matching.values_list(*COLUMNS)[:COMMON])
    return sorted(rows, key=lambda row: (_steps(row[-1], key), row[-1], row[0]))[:limit]


def _steps(order: str, key: str) -> tuple[int, int]:
    """The same words come before more words, and these before others."""
    words, typed = set(order.split()), set(key.split())
    return -len(words & typed), len(words)


def _row(met: Met, exact: bool) -> FoundRow:
    id, kind, category, caption, language, changed_at, _order = met
    return FoundRow(id, kind, category, caption, language, exact, changed_at)


def _noted(rows: Sequence[FoundRow]) -> tuple[FoundRow, ...]:
    """The rows with their notes, in one read. Of an informant a list tells nothing but his coded name."""
    notes: dict[UUID, dict[str, None]] = {row.id: {} for row in rows if row.category != Category.INFORMANT}
    captions_of = {row.id: row.caption for row in rows}
    live = Statement.objects.filter(subject__in=notes, property__in=NOTED, withdrawn_at=None).order_by("made_at", "id")
    found = sorted(live.values_list("subject", "property", "value"), key=lambda one: NOTED.index(one[1]))
    for subject, _property, value in found:
        if value != captions_of[subject] and len(notes[subject]) < NOTES:
            notes[subject][value] = None
    return tuple(replace(row, note=" · ".join(notes.get(row.id, ()))) for row in rows)


def captions(ids: Sequence[UUID], officer: Officer) -> dict[UUID, Subject]:
    """Those of these subjects that he may see, by id: for lists of other rooms."""
    return {row.pk: row for row in visible_subjects(officer).filter(pk__in=ids).defer("search")}
