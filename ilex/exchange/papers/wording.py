"""Small things said in the same way on every paper: moments, authorities, boxes, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import cache
from textwrap import shorten
from typing import Protocol
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from django.conf import settings
from django.utils.translation import get_language, get_supported_language_variant, gettext, pgettext

from ilex.exchange.papers.fields import Agent, Authority
from ilex.exchange.papers.sheet import Banner, Option, Prose, Row, Run, Ticks
from ilex.words import law

NOTE_ON_BANNER = 120  # characters
REFERENCE_ON_FOOT = 60


class Coded(Protocol):
    """An entry of one of the law's code lists."""

    @property
    def code(self) -> str: ...
    @property
    def text(self) -> str: ...


def page_language(language: str) -> str:
    """The page language nearest to the one asked for: a letter may be in a language in which we have no page."""
    try:
        return get_supported_language_variant(language)
    except LookupError:
        return "en"


def wording(entries: Iterable[Coded], code: str) -> str:
    """The words of a code list for a code, in the active language; a code it does not know stays as it is."""
    return next((gettext(entry.text) for entry in entries if entry.code == code), code)


def missing() -> Run:
    return Run(gettext("not stated"), style="missing")


def said(text: str, language: str = "") -> Run:
    return Run(text, language) if text.strip() else missing()


def labelled(label: str, text: str, *, inline: bool = False) -> Run:
    return replace(said(text), label=label, inline=inline)


def digest(sha256: str) -> Run:
    return Run(sha256 or "—", style="small", label="SHA-256")


def row(label: str, *texts: str, number: str = "", language: str = "") -> Row:
    runs = tuple(Run(text, language) for text in texts if text.strip())
    return Row(label, runs or (missing(),), number)


def prose(label: str, text: str, language: str = "", number: str = "") -> Prose:
    return Prose(label, said(text, language), number)


def ticks(label: str, entries: Iterable[Coded], *chosen: str | None, number: str = "") -> Ticks:
    """All boxes of a list; a chosen code that the list lacks is added, so that nothing said is lost."""
    entries = tuple(entries)
    options = [Option(entry.code in chosen, gettext(entry.text)) for entry in entries]
    known = {entry.code for entry in entries}
    options += [Option(True, code) for code in chosen if code and code not in known]
    return Ticks(label, tuple(options), number)


def yes_or_no(label: str, answer: bool | None, number: str = "") -> Ticks:
    return Ticks(label, (Option(answer is True, gettext("Yes")), Option(answer is False, gettext("No"))), number)


def moment(at: datetime | None) -> str:
    """In the zone of this unit, with the distance to UTC: the partner reads it in another zone."""
    if at is None:
        return ""
    local = at.astimezone(ZoneInfo(settings.TIME_ZONE))
    return f"{format_date(local.date(), 'long', _locale())}, {local:%H:%M} ({_offset(local)})"


def instant(at: datetime | None) -> str:
    """For a statement: to the second, in the order that every country reads alike."""
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).isoformat(" ", "seconds") if at else ""


def _offset(local: datetime) -> str:
    hours = f"{local:%z}"
    return f"UTC{hours[:3]}:{hours[3:5]}"


def _locale() -> Locale:
    return _locale_of(get_language() or "en")


@cache
def _locale_of(language: str) -> Locale:
    """Babel's name for a language of ours: sr-latn is sr_Latn there. Its plain English has the dates of the USA."""
    return Locale.parse("en-gb" if language == "en" else language, sep="-")


def authority_row(label: str, authority: Authority, number: str = "") -> Row:
    state = authority.state
    where = " — ".join(filter(None, (state.name or state.code, state.footnote)))
    runs = (
        Run(authority.name, style="strong") if authority.name else missing(),
        labelled(pgettext("place", "State"), where),
        labelled(gettext("Address"), authority.address),
        labelled(gettext("Telephone"), authority.telephone),
        labelled(gettext("Fax"), authority.fax, inline=True),
        labelled(gettext("E-mail"), authority.email),
    )
    return Row(label, runs, number)


def agent_row(agent: Agent, number: str = "") -> Row:
    return row(gettext("Handling agent (optional)"), agent.function, agent.telephone, agent.email, number=number)


def banner(handling: str, note: str) -> Banner:
    """On each page there is room for the beginning of a note; the whole stands in `handling_rows`."""
    meanings = [wording(law.handling_codes(), code) for code in handling.split("+") if code]
    beginning = shorten(note, NOTE_ON_BANNER, placeholder="…")
    return Banner(gettext("Handling code"), handling or "—", "; ".join(filter(None, (*meanings, beginning))))


def handling_rows(note: str, language: str) -> tuple[Prose, ...]:
    return (prose(gettext("Handling conditions in words"), note, language),) if note.strip() else ()


def foot(name: str, reference: str) -> str:
    return " · ".join(filter(None, (name, shorten(reference, REFERENCE_ON_FOOT, placeholder="…"))))


def colophon(made_at: datetime, record: str) -> tuple[str, str]:
    """The last words of a paper, with the record attached and without."""
    made = gettext("Made on %(moment)s.") % {"moment": moment(made_at)}
    sign = gettext("A character that cannot be printed stands as � here; the record keeps it.")
    carries = gettext("This file carries the same record for machines (%(name)s).") % {"name": record}
    alone = gettext("The record is too large to be carried by this file.")
    return f"{made} {carries} {sign}", f"{made} {alone} {sign}"
