"""The ledger on a page, and as a file that carries its handling codes."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import datetime
from io import StringIO
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.sharing import queries
from ilex.sharing.forms import LedgerForm
from ilex.sharing.models import CourtUse, Disclosure
from ilex.sharing.queries.ledger import texts
from ilex.sharing.queries.review import label_of, value_of
from ilex.sharing.views.loading import asks_reason, officer_of
from ilex.subjects import queries as subjects
from ilex.subjects.models import Link, Statement, Subject
from ilex.units.models import Officer
from ilex.units.rules import check
from ilex.web.reasons import reason_of
from ilex.words import uses

PAGE = 100
MOST = 20_000  # lines of one file


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, form: str = "") -> HttpResponse:
    """Who received which statement under which code: of a subject, a case, a unit, or all."""
    officer = officer_of(request)
    check(officer, "subject.read")
    if (asked := asks_reason(request, officer)) is not None:
        return asked
    filters = LedgerForm(request.GET)
    if not filters.is_valid():
        return render(request, "sharing/ledger.html", {"form": filters, "rows": []}, status=422)
    typed = filters.cleaned_data
    subject = _subject(officer, typed["subject"])
    found = queries.ledger(
        officer,
        subject=subject,
        case=typed["case"],
        unit=typed["unit"],
        statement=typed["statement"],
        open_recalls=typed["recalls"] == "open",
    )
    if typed["subject"] and subject is None:
        found = found.none()
    if form == "csv":
        return _file(officer, found, reason_of(request))
    queries.consult(officer, "ledger", str(subject.pk if subject else ""), reason_of(request), typed["case"])
    leaf = Paginator(found, PAGE).get_page(request.GET.get("page"))
    known = texts(officer, leaf)
    shown = {
        "form": filters,
        "leaf": leaf,
        "subject": subject,
        "rows": [(row, *_words(known, row)) for row in leaf],
        "court_uses": _court_uses(subject, typed["statement"]),
    }
    return render(request, "sharing/ledger.html", shown)


def _subject(officer: Officer, id: UUID | None) -> Subject | None:
    try:
        return subjects.subject_for(officer, id) if id else None
    except Subject.DoesNotExist:
        return None


def _court_uses(subject: Subject | None, statement: UUID | None) -> QuerySet[CourtUse]:
    """Where statements of this subject were used in court; of closed circles the subject is None for others."""
    if subject is None:
        return CourtUse.objects.none()
    found = CourtUse.objects.filter(subject__in=subjects.members(subject)).select_related("owner", "by")
    return found.filter(statement=statement) if statement else found.order_by("-at")


def _words(known: Mapping[UUID, Statement | Link], row: Disclosure) -> tuple[str, str]:
    item = known.get(row.statement)
    return (label_of(item), value_of(item)) if item is not None else (row.what, _("no longer here"))


# --- as a file ---


def _file(officer: Officer, found: QuerySet[Disclosure], reason: str) -> HttpResponse:
    rows = list(found[:MOST])
    marking = uses.strictest(row.handling for row in rows)
    with act(
        "ledger.exported", Operation.DISCLOSURE, by=officer, on=("ledger", ""), reason=reason or "handling"
    ) as this:
        this.detail |= {"lines": len(rows), "handling": marking}
        text = StringIO()
        writer = csv.writer(text)
        writer.writerow([_("Handling code"), marking, _("Made"), f"{now():%Y-%m-%d %H:%M}Z"])
        writer.writerow(_heads())
        known = texts(officer, rows)
        writer.writerows(_cells(row, *_words(known, row)) for row in rows)
    name = f"ledger-{marking}-{now():%Y%m%d}.csv"
    return HttpResponse(
        text.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Ilex-Handling": marking},
    )


def _heads() -> list[str]:
    words = (_("Release"), _("Case"), _("Subject"), _("Field"), _("Value"), _("Handling code"))
    sides = (pgettext("of information", "Owner"), _("Unit"))
    moments = (_("Released"), _("Stored"), _("Taken in"), _("Recalled"), _("Recall applied"))
    return [*words, *sides, _("Consent"), *moments, _("Refused")]


def _cells(row: Disclosure, label: str, value: str) -> Iterable[str]:
    moments = (row.at, row.stored_at, row.processed_at, row.recalled_at, row.recall_applied_at)
    words = (
        row.release.title,
        row.release.case,
        row.subject.caption if row.subject else "",
        label,
        value,
        row.handling,
        row.owner_id,
        row.to_id,
        str(row.consent.number) if row.consent else "",
    )
    return [*map(_harmless, words), *map(_moment, moments), row.refused]


def _harmless(text: str) -> str:
    """A cell that a spreadsheet does not take for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}Z" if at else ""
