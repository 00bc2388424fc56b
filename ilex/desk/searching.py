"""How each room's own search is asked from the page that searches everything."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from ilex.cases import queries as cases
from ilex.desk.finders import Finder, Hit, Hits, register
from ilex.documents import queries as documents
from ilex.documents.errors import Refused
from ilex.exchange import queries as exchange
from ilex.exchange.rules import Invalid as NoRequest
from ilex.library import finding as library
from ilex.programme import finding as programme
from ilex.programme.rules.errors import Invalid as NoAction
from ilex.subjects import queries as subjects
from ilex.subjects.rules import Invalid as NoSubject
from ilex.units.models import Officer

BEST = 10  # of each room on the common page


@contextmanager
def _one_sentence() -> Iterator[None]:
    """What a room refuses, as the form of the common page can show it."""
    try:
        yield
    except (NoRequest, NoSubject, NoAction) as refused:
        raise ValidationError(list(refused.fields.values())) from refused
    except Refused as refused:
        raise ValidationError(str(refused)) from refused


def find_requests(officer: Officer, text: str, reason: str) -> Hits:
    with _one_sentence():
        found = exchange.search(officer, text, reason=reason)
    rows = [
        Hit(
            key=str(row.pk),
            url=row.url,
            caption=row.ref,
            note=_apart(row.their_ref, row.partner_name, row.subject),
            where=row.where,
            state=row.state_text,
            at=row.received_at,
        )
        for row in found.rows[:BEST]
    ]
    return Hits(rows, found.more or len(found.rows) > BEST)


def find_cases(officer: Officer, text: str, reason: str) -> Hits:
    with _one_sentence():
        found = cases.search(officer, text, reason=reason, count=BEST)
    rows = [
        Hit(
            str(row.pk), row.url, row.number, note=_apart(row.title, row.owner), state=row.state_text, at=row.changed_at
        )
        for row in found.rows
    ]
    return Hits(rows, found.more)


def find_subjects(officer: Officer, text: str, reason: str) -> Hits:
    with _one_sentence():
        found = subjects.search(officer, text, reason=reason)
    rows = [
        Hit(
            key=str(row.id),
            url=reverse("subject", args=[row.id]),
            caption=row.caption,
            language=row.language,
            note=_apart(row.kind_label, row.category_label),
            where="" if row.exact else str(_("looks alike")),
        )
        for row in found.rows[:BEST]
    ]
    return Hits(rows, found.has_next or len(found.rows) > BEST)


def find_documents(officer: Officer, text: str, reason: str) -> Hits:
    with _one_sentence():
        found = documents.search(officer, text, reason=reason)
    rows = [
        Hit(str(row.id), row.url, row.title, note=_apart(str(row.kind), row.place), where=row.excerpt, at=row.made_at)
        for row in found.rows[:BEST]
    ]
    return Hits(rows, found.has_next or len(found.rows) > BEST)


def find_actions(officer: Officer, text: str, reason: str) -> Hits:
    with _one_sentence():
        found = programme.search(officer, text, reason=reason, count=BEST)
    rows = [Hit(row.key, row.url, row.title, row.language, note=row.note, state=row.state) for row in found.rows]
    return Hits(rows, found.more)


def find_news(officer: Officer, text: str, reason: str) -> Hits:
    with _one_sentence():
        found = library.search(officer, text, reason=reason, count=BEST)
    rows = [
        Hit(row.key, row.url, row.title, row.language, note=row.note, state=row.state, at=row.at) for row in found.rows
    ]
    return Hits(rows, found.more)


def _apart(*parts: str) -> str:
    return " · ".join(filter(None, parts))


def _page(name: str, text: str) -> str:
    return f"{reverse(name)}?{urlencode({'q': text})}"


register(Finder("requests", _("Requests"), "request.read", find_requests, lambda text: _page("search", text), 10))
register(Finder("cases", _("Cases"), "case.read", find_cases, lambda text: _page("cases", text), 20))
register(
    Finder("subjects", _("Persons and things"), "subject.read", find_subjects, lambda text: _page("subjects", text), 30)
)
register(Finder("documents", _("Documents"), "request.read", find_documents, lambda text: _page("documents", text), 40))
register(
    Finder(
        "actions", _("Actions and activities"), "programme.read", find_actions, lambda text: _page("actions", text), 50
    )
)
register(Finder("news", _("News"), "programme.read", find_news, lambda text: _page("news", text), 60))
