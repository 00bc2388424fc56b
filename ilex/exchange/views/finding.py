"""Search and the yearly statistics."""

from __future__ import annotations

import csv
from io import StringIO

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from ilex.exchange import queries
from ilex.exchange.forms.finding import SearchForm, YearForm
from ilex.exchange.pad import officer_of
from ilex.exchange.rules import Invalid
from ilex.exchange.statistics import Statistics, yearly
from ilex.units.rules import check


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Find requests. What was looked for, and why, is journalled."""
    officer = officer_of(request)
    check(officer, "request.read")
    if "q" not in request.GET:
        return render(request, "exchange/search.html", {"form": SearchForm()})
    form = SearchForm(request.GET)
    if not form.is_valid():
        return render(request, "exchange/search.html", {"form": form}, status=422)
    typed = form.cleaned_data
    filters = queries.SearchFilter(way=typed["way"], state=typed["state"])
    try:
        found = queries.search(officer, typed["q"], filters, reason=typed["reason"], page=typed["page"] or 1)
    except Invalid as refused:
        for name, sentence in refused.fields.items():
            form.add_error(name if name in form.fields else None, sentence)
        return render(request, "exchange/search.html", {"form": form}, status=422)
    return render(request, "exchange/search.html", {"form": form, "found": found})


@require_GET
def statistics(request: HttpRequest, form: str = "") -> HttpResponse:
    """The figures of Art. 18 for one year, as page, CSV or JSON: the same as `ilex stats` gives."""
    officer = officer_of(request)
    check(officer, "statistics.read")
    asked = YearForm(request.GET or {"year": timezone.localtime().year})
    if not asked.is_valid():
        return render(request, "exchange/statistics.html", {"form": asked}, status=422)
    figures = yearly(asked.cleaned_data["year"])
    if form == "json":
        return JsonResponse(figures.as_dict(), json_dumps_params={"ensure_ascii": False, "indent": 1})
    if form == "csv":
        return as_csv(figures)
    return render(request, "exchange/statistics.html", {"form": asked, "figures": figures})


def as_csv(figures: Statistics) -> HttpResponse:
    text = StringIO()
    csv.writer(text).writerows(figures.rows())
    return HttpResponse(
        text.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="article-18-{figures.year}.csv"'},
    )
