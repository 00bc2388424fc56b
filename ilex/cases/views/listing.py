"""The list of cases, what is searched in it, and the same as a file."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from ilex.cases import queries
from ilex.cases.forms.cases import CaseFilterForm
from ilex.cases.queries.access import justified
from ilex.cases.queries.listing import PAGE, SHOWS
from ilex.duty import queries as duty
from ilex.exchange.pad import officer_of
from ilex.exchange.rules import Invalid
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.units.models import Officer
from ilex.units.rules import check, may
from ilex.web import listing as leafing

MOST_EXPORTED = 10_000


@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """With a text it is a search, which the journal keeps."""
    officer = officer_of(request)
    check(officer, "case.read")
    form = CaseFilterForm(request.GET, reason=queries.needs_reason(officer))
    chosen, show = form.chosen(), _show(request)
    filters = _filters(chosen, show)
    first, absent = leafing.first_row(request), duty.stands_in_for(officer)
    stands_in = [one.pk for one in absent]
    try:
        rows, more = _rows(officer, chosen, filters, first, stands_in)
    except Invalid as refused:
        messages.error(request, " ".join(refused.fields.values()))
        rows, more = [], False
    shown = {
        "rows": rows,
        "first": first,
        "form": form,
        "active": [(form.words(name, value), leafing.query(request, name)) for name, value in chosen.items()],
        "show": show,
        "shows": [(f"?show={name}", words, name == show) for name, words in _shows().items()],
        "leaf": leafing.leaf(request, first, PAGE, more=more),
        "absent": absent,
        "writes": may(officer, "case.write"),
        "masked": queries.needs_reason(officer),
        "query": request.GET.urlencode(),
    }
    return render(request, "cases/cases.html", shown)


def _rows(
    officer: Officer, chosen: dict[str, str], filters: queries.CaseFilter, first: int, stands_in: list[Any]
) -> tuple[list[queries.CaseRow], bool]:
    if text := chosen.get("q", ""):
        reason = chosen.get("reason", "")
        found = queries.search(officer, text, filters=filters, first=first, reason=reason, stands_in=stands_in)
        return list(found.rows), found.more
    rows = queries.case_rows(officer, filters, first=first, stands_in=stands_in)
    return rows[:PAGE], len(rows) > PAGE


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The same list as CSV: only what this officer may see. Who supervises gives his reason in the filter."""
    officer = officer_of(request)
    check(officer, "case.read")
    form = CaseFilterForm(request.GET, reason=queries.needs_reason(officer))
    chosen, show = form.chosen(), _show(request)
    try:
        why = justified(officer, chosen.get("reason", ""))
    except Invalid as refused:
        return HttpResponse(" ".join(refused.fields.values()), status=422, content_type="text/plain; charset=utf-8")
    rows: list[queries.CaseRow] = []
    with act("case.exported", Operation.DISCLOSURE, by=officer, on=("file", ""), reason=why) as this:
        while len(rows) < MOST_EXPORTED:
            page, more = _rows(officer, chosen, _filters(chosen, show), len(rows), [])
            rows += page
            if not more:
                break
        this.detail |= {"cases": [row.number for row in rows[:1_000]], "count": len(rows)}
    return _csv(rows)


def _csv(rows: list[queries.CaseRow]) -> HttpResponse:
    text = StringIO()
    out = csv.writer(text)
    out.writerow(["number", "title", "area", "state", "owner", "references", "due", "wake", "changed"])
    for row in rows:
        due, wake = row.due_at.isoformat() if row.due_at else "", row.wake_at.isoformat() if row.wake_at else ""
        cells = [row.number, row.title, row.area, row.state, row.owner, "|".join(row.references), due, wake]
        out.writerow([_plain(cell) for cell in (*cells, row.changed_at.isoformat())])
    return HttpResponse(
        text.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="cases.csv"'},
    )


def _plain(cell: str) -> str:
    """A spreadsheet must not take a text for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _filters(chosen: dict[str, str], show: str) -> queries.CaseFilter:
    owner = UUID(chosen["owner"]) if "owner" in chosen else None
    return queries.CaseFilter(show=show, state=chosen.get("state", ""), owner=owner, area=chosen.get("area", ""))


def _show(request: HttpRequest) -> str:
    """A search looks at all cases, unless a list is named."""
    wanted = request.GET.get("show", "all" if request.GET.get("q") else "open")
    return wanted if wanted in SHOWS else "open"


def _shows() -> dict[str, str]:
    return {
        "open": _("Open"),
        "mine": _("Mine"),
        "woken": _("To wake"),
        "nobody": _("Nobody's"),
        "closed": pgettext("cases", "Closed"),
        "all": _("All"),
    }
