"""Factsheets on the public site: page, PDF and IATI of each are written from what the one list lets through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from ilex.exchange.papers.fields import FormError
from ilex.library.site.fields import Row, public_factsheets, shown
from ilex.programme import iati
from ilex.programme.kinds import ActionStatus, AmountRole, InvolvementRole, InvolvementState, ObjectiveLevel
from ilex.programme.papers.factsheets import factsheet_pdf
from ilex.programme.queries import sheets
from ilex.programme.queries.outward import named, names_of
from ilex.programme.queries.people import Named, Names, in_words
from ilex.programme.queries.retold import Fact, Section, fact, joined, paragraphs
from ilex.programme.queries.values import money, not_stated
from ilex.programme.rules.outward import outward
from ilex.programme.rules.themes import theme_name
from ilex.web.languages import page_languages, tag


@dataclass(frozen=True)
class Copy:
    """A kept copy, with what may be told of it."""

    row: Row
    told: Row

    @property
    def action(self) -> object:
        return self.row["action_id"]

    @property
    def language(self) -> str:
        return str(self.row["language"])

    @property
    def paper(self) -> str:
        return f"files/{self.row['id']}.pdf"

    @property
    def data(self) -> str:
        return f"files/{self.row['id']}.xml"


@dataclass(frozen=True)
class Sheet:
    name: str
    title: str
    summary: str
    language: str  # BCP 47
    status: str
    when: str
    aims: Sequence[Fact]  # in the language of the sheet
    facts: Sequence[Fact]
    footnotes: Sequence[str]
    frozen: datetime
    pdf: str
    iati: str


def copies() -> list[Copy]:
    """The newest of each action in each language."""
    newest = {
        (row["action_id"], row["language"]): row for row in shown(public_factsheets().order_by("frozen_at", "pk"))
    }
    return [Copy(row, outward(row["content"])) for row in newest.values()]


def sheets_in(language: str, found: Iterable[Copy], files: set[str]) -> Iterator[Sheet]:
    """One of each action: in this language, or else the newest. Texts are in the active language."""
    chosen: dict[object, Copy] = {}
    for copy in sorted(found, key=lambda one: (one.language == language, one.row["frozen_at"])):
        chosen[copy.action] = copy
    names = names_of((copy.told for copy in chosen.values()), language)
    read = [_sheet(copy, names, files) for copy in chosen.values()]
    yield from sorted(read, key=lambda one: (one.title, one.name))


def on_paper(copy: Copy) -> sheets.Sheet:
    """What its page says and no more, in its own language."""
    language = _page_language(copy.language)
    with override(language):
        sheet = _sheet(copy, names_of([copy.told], language), set())
        about = Section(_("About"), [*sheet.aims, *sheet.facts], paragraphs(sheet.summary))
    return sheets.Sheet(copy.language, sheets.PLAIN, "", sheet.title, [], [about], sheet.footnotes, [])


def pdf(copy: Copy, content: sheets.Sheet) -> bytes | None:
    """None when it cannot be printed."""
    try:
        return factsheet_pdf(content, copy.language, copy.row["frozen_at"])
    except FormError:
        return None


def xml(copy: Copy) -> bytes | None:
    """The copy as IATI; None for what cannot be told so."""
    try:
        made = iati.records_xml([copy.told], copy.language, copy.row["frozen_at"])
    except ValueError:
        return None
    return None if iati.validate(made) else made


def _page_language(language: str) -> str:
    return language if language in {one.code for one in page_languages()} else "en"


def _sheet(copy: Copy, names: Names, files: set[str]) -> Sheet:
    told = copy.told
    status, when = label(ActionStatus, told["status"]), _when(told, names.language)
    named_by_role = list(_involved(told, names))
    return Sheet(
        str(told["key"] or copy.row["id"]),
        str(told["title"] or ""),
        str(told["summary"] or ""),
        tag(copy.language),
        status,
        when,
        list(_aims(told)),
        list(_facts(told, status, when, named_by_role)),
        list(_footnotes(told, [one for _role, members in named_by_role for _row, one in members])),
        copy.row["frozen_at"],
        copy.paper if copy.paper in files else "",
        copy.data if copy.data in files else "",
    )


Members = Sequence[tuple[Row, Named]]


def _aims(told: Row) -> Iterator[Fact]:
    for one in told["objectives"]:
        yield from fact(label(ObjectiveLevel, one["level"]), str(one["text"] or ""))


def _facts(told: Row, status: str, when: str, involved: Iterable[tuple[str, Members]]) -> Iterator[Fact]:
    """In the order of a factsheet; what nobody states is said to be not stated."""
    yield from fact(_("Themes"), ", ".join(theme_name(str(theme)) for theme in told["themes"] or ()))
    yield from fact(_("Status"), status or not_stated())
    yield from fact(_("Time frame"), when or not_stated())
    amounts = [found for one in told["amounts"] for found in fact(label(AmountRole, one["role"]), _amount(one))]
    yield from amounts or fact(_("Budget"), not_stated())
    for role, members in involved:
        yield from fact(role, *(_member(row, one) for row, one in members))


def _amount(row: Row) -> str:
    """As it was printed, or else as we read it; with its funding line where that does not stand in it already."""
    value = money(Decimal(row["value"]), str(row["currency"])) if row["value"] is not None else ""
    line, text = str(row["funding_printed"] or ""), str(row["printed"] or "") or value or not_stated()
    return text if line in text else joined(text, line)


def _involved(told: Row, names: Names) -> Iterator[tuple[str, Members]]:
    for role in InvolvementRole:
        rows = sorted((one for one in told["involvements"] if one["role"] == role), key=lambda one: one["order"] or 0)
        if rows:
            yield str(role.label), [(one, named(one, names)) for one in rows]


def _member(row: Row, one: Named) -> str:
    mark = f" [{row['footnote_mark']}]" if row["footnote_mark"] else ""
    ours = _("our name: %(name)s") % {"name": one.ours} if one.ours else ""
    ended = str(InvolvementState.ENDED.label) if row["state"] == InvolvementState.ENDED else ""
    return joined(f"{one.shown}{'*' if one.footnote else ''}{mark}", ours, ended)


def _footnotes(told: Row, everybody: Iterable[Named]) -> Iterator[str]:
    """Those of the sheet by their marks, then our own on names; each once."""
    marked = (f"[{one['footnote_mark']}] {one['footnote']}" for one in told["involvements"] if one["footnote"])
    ours = (f"* {one.text}: {one.footnote}" for one in everybody if one.footnote)
    yield from dict.fromkeys([*marked, *ours])


def _when(told: Row, language: str) -> str:
    try:
        return in_words(str(told["when"] or ""), language) or str(told["printed"] or "")
    except ValueError:
        return str(told["printed"] or "")


def label(choices: Any, code: object) -> str:
    """Empty for a code that is none of the choices."""
    return str(choices(code).label) if code in choices.values else ""
