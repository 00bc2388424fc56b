"""All that the page of a subject shows, gathered in a number of reads that does not grow with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext

from ilex.subjects import uses
from ilex.subjects.models import Evaluated, Link, Merge, Statement, Subject
from ilex.subjects.queries.statements import links_of, members, merges_of, sharing_numbers, statements_of
from ilex.subjects.rules import country_of
from ilex.subjects.values import in_words
from ilex.units.models import Officer
from ilex.units.queries import place_names
from ilex.words import identifiers, kinds, law
from ilex.words.entries import LawError
from ilex.words.kinds import Kind, Property

SUMMARY = ("born", "nationality", "sex", "type", "make", "country", "status")
SUMMARY_LINES = 6


@dataclass(frozen=True)
class Code:
    """A code with what it means, for its title."""

    code: str
    text: str


@dataclass(frozen=True)
class Marks:
    """What goes with a statement or link: codes, owner, source."""

    row: Evaluated
    ours: bool
    handling: tuple[Code, ...]
    grades: tuple[Code, ...]
    special: str
    source: uses.Row | None  # a page, when this officer may open one

    @property
    def restricted(self) -> bool:
        return self.row.handling != "H0"


@dataclass(frozen=True)
class StatementLine:
    row: Statement
    label: str
    shown: str  # the value in words
    name_kind: str
    marks: Marks
    doubt: str  # what speaks against a number: evidence, never a filter
    long: bool  # a text of several lines


@dataclass(frozen=True)
class LinkLine:
    number: int
    row: Link
    text: str  # as read from this subject
    other: Subject
    other_kind: str
    marks: Marks


@dataclass(frozen=True)
class PropertyLines:
    property: Property
    lines: list[StatementLine]


@dataclass(frozen=True)
class GroupLines:
    title: str
    properties: list[PropertyLines]


@dataclass(frozen=True)
class SubjectPage:
    subject: Subject
    kind: Kind
    summary: list[tuple[str, list[StatementLine]]]
    groups: list[GroupLines]
    withdrawn: list[StatementLine]
    links: list[LinkLine]
    withdrawn_links: list[LinkLine]
    same_numbers: list[Statement]
    merges: list[Merge]
    uses: list[tuple[str | Promise, list[uses.Row]]]

    @property
    def strictest(self) -> str:
        """The codes of all that is shown, for the banner: H1+H2."""
        rows = [line.marks.row for group in self.groups for one in group.properties for line in one.lines]
        codes = {code for row in (*rows, *(link.row for link in self.links)) for code in row.handling.split("+")}
        return "+".join(sorted(codes - {"H0"})) or "H0"


def page_of(subject: Subject, officer: Officer) -> SubjectPage:
    kind = kinds.kind(subject.kind)
    among = members(subject)
    statements = statements_of(subject, officer, withdrawn=True, among=among)
    links = links_of(subject, officer, withdrawn=True, among=among)
    sources = _sources([*statements, *links], officer)
    countries = _countries()
    country = country_of((row.property, row.value) for row in statements if row.withdrawn_at is None)
    lines = [_statement_line(kind, row, sources, countries, country) for row in statements]
    live = [line for line in lines if line.row.withdrawn_at is None]
    ids = set(among)
    live_links = [row for row in links if row.withdrawn_at is None]
    return SubjectPage(
        subject=subject,
        kind=kind,
        summary=_summary(kind, live),
        groups=_groups(kind, live),
        withdrawn=[line for line in lines if line.row.withdrawn_at is not None],
        links=[_link_line(place, row, ids, sources) for place, row in enumerate(live_links, 1)],
        withdrawn_links=[_link_line(0, row, ids, sources) for row in links if row.withdrawn_at is not None],
        same_numbers=sharing_numbers(subject, [line.row for line in live], officer, among),
        merges=merges_of(subject, among),
        uses=uses.tables(subject, officer),
    )


def _countries() -> dict[str, str]:
    return {code: name.text for code, name in place_names(get_language() or "en").items()}


def _sources(rows: Iterable[Evaluated], officer: Officer) -> dict[tuple[str, str], uses.Row]:
    """Pages of what they came from, asked once for each kind of source."""
    keys: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row.from_key:
            keys[row.from_kind].add(row.from_key)
    return {(kind, key): row for kind, among in keys.items() for key, row in uses.sources(kind, among, officer).items()}


def marks_of(row: Evaluated, sources: dict[tuple[str, str], uses.Row]) -> Marks:
    grades = ((row.source_grade, law.source_grades()), (row.information_grade, law.information_grades()))
    return Marks(
        row,
        row.owner_id == settings.ILEX_UNIT,
        tuple(Code(code.code, gettext(code.text)) for code in _handling(row.handling)),
        tuple(Code(line.code, gettext(line.text)) for grade, lines in grades for line in lines if line.code == grade),
        next((gettext(line.text) for line in kinds.special_categories() if line.code == row.special), row.special),
        sources.get((row.from_kind, row.from_key)),
    )


def _handling(text: str) -> Sequence[law.Handling]:
    try:
        return law.handling(text)
    except LawError:  # a code of an older list: shown as it stands
        return ()


def _statement_line(
    kind: Kind, row: Statement, sources: dict[tuple[str, str], uses.Row], countries: dict[str, str], country: str
) -> StatementLine:
    one = kind.properties[row.property]
    name_kind = next((gettext(line.text) for line in kinds.name_kinds() if line.code == row.name_kind), "")
    shown = in_words(kind.code, row.property, row.value, countries)
    return StatementLine(
        row, gettext(one.text), shown, name_kind, marks_of(row, sources), _doubt(one, row, country), one.type == "long"
    )


def _doubt(one: Property, row: Statement, country: str) -> str:
    if not one.check:
        return ""
    try:
        identifiers.clean(one.check, row.value, country)
        return gettext(doubt) if (doubt := identifiers.warning(one.check, row.value, country)) else ""
    except identifiers.Wrong as wrong:
        return gettext(str(wrong))


def _summary(kind: Kind, lines: Sequence[StatementLine]) -> list[tuple[str, list[StatementLine]]]:
    names = [*kind.caption, *(name for name in SUMMARY if name in kind.properties and name not in kind.caption)]
    by_property = _by_property(lines)
    filled = [(gettext(kind.properties[name].text), by_property[name]) for name in names if name in by_property]
    return filled[:SUMMARY_LINES]


def _by_property(lines: Iterable[StatementLine]) -> dict[str, list[StatementLine]]:
    found: dict[str, list[StatementLine]] = defaultdict(list)
    for line in lines:
        found[line.row.property].append(line)
    return dict(found)


def _groups(kind: Kind, lines: Sequence[StatementLine]) -> list[GroupLines]:
    by_property = _by_property(lines)
    groups = []
    for group in kind.groups:
        among = [one for one in kind.properties.values() if one.group == group.code and one.code in by_property]
        if among:
            shown = [PropertyLines(one, by_property[one.code]) for one in among]
            groups.append(GroupLines(gettext(group.text), shown))
    return groups


def _link_line(number: int, row: Link, ids: set[UUID], sources: dict[tuple[str, str], uses.Row]) -> LinkLine:
    outwards = row.one_id in ids
    end = row.other if outwards else row.one
    other = end.merged_into or end
    kind = kinds.link_kind(row.kind)
    return LinkLine(
        number,
        row,
        gettext(kind.text if outwards else kind.reverse),
        other,
        gettext(kinds.kind(other.kind).text),
        marks_of(row, sources),
    )
