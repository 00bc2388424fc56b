"""Where activities take place."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ilex.programme.queries.calendar import CalendarFilter
from ilex.programme.queries.map import sheet, spots_of
from ilex.programme.views.loading import officer_of


@require_safe
def map_page(request: HttpRequest) -> HttpResponse:
    found = spots_of(officer_of(request), CalendarFilter())
    return render(request, "programme/map.html", {"shown": found, "sheet": sheet()})
