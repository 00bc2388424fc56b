"""The duty officer's desk: what waits, soonest legal deadline first, and the one next step of each."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from ilex.desk.forms import DeskFilter
from ilex.desk.shows import SHOWS, answers_tasks_only, show_of, waits_in_the_programme
from ilex.desk.tiles import tiles
from ilex.exchange import queries
from ilex.exchange.models import Request
from ilex.exchange.rules import Invalid
from ilex.units.models import Officer
from ilex.units.rules import may
from ilex.web import listing, navigation

ROWS = 50
EVENTS = 4  # of the newest, in the preview


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """The first page. Who reads no requests finds what waits in the programme, or is led to the first page that is
    his; an authority is led to its tasks."""
    officer = _officer(request)
    if not may(officer, "request.read"):
        return _of_the_programme(request, officer) if may(officer, "programme.read") else _first_page(officer)
    if answers_tasks_only(officer):
        return redirect("tasks")
    return render(request, "desk/desk.html", _shown(request, officer))


@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """What waits in the programme, for those who have a desk of requests as well."""
    officer = _officer(request)
    if not may(officer, "programme.read"):
        raise PermissionDenied
    return _of_the_programme(request, officer)


@require_safe
def rows(request: HttpRequest) -> HttpResponse:
    """Only the rows and the tiles, for the page that renews itself."""
    officer = _officer(request)
    if not may(officer, "request.read"):
        raise PermissionDenied
    return render(request, "desk/renewed.html", _shown(request, officer))


@require_safe
def preview(request: HttpRequest, ref: str) -> HttpResponse:
    """One request beside the list. Without the list around it (no JavaScript, an old link) its own page opens."""
    officer = _officer(request)
    if not request.headers.get("HX-Request"):
        return redirect("request", ref)
    try:
        found = queries.request_for(officer, ref)
    except Request.DoesNotExist as error:
        raise Http404 from error
    try:
        queries.preview(officer, found)
    except Invalid as refused:
        return render(request, "desk/closed.html", {"asked": found, "sentence": " ".join(refused.fields.values())})
    at = now()
    row = queries.desk_row(found, officer, at)
    shown = {"asked": found, "row": row, "events": queries.timeline(found)[-EVENTS:], "now": at}
    return render(request, "desk/preview.html", shown)


def _shown(request: HttpRequest, officer: Officer) -> dict[str, Any]:
    at = now()
    form = DeskFilter(request.GET, officer=officer)
    chosen = form.chosen()
    show = show_of(request.GET.get("show", ""))
    first = listing.first_row(request)
    found = queries.desk_rows(officer, show=show.name, first=first, count=ROWS, at=at, **chosen)
    return {
        "show": show,
        "shows": SHOWS,
        "tiles": [(tile, tile.name == show.name) for tile in tiles(officer)],
        "form": form,
        "active": [(form.words(name, value), listing.query(request, name)) for name, value in chosen.items()],
        "rows": found[:ROWS],
        "first": first,
        "leaf": listing.leaf(request, first, ROWS, more=len(found) > ROWS),
        "query": request.GET.urlencode(),
        "now": at,
    }


def _of_the_programme(request: HttpRequest, officer: Officer) -> HttpResponse:
    """The desk of coordinators and editors: numbers of requests and cases are not for them."""
    found = [(tile, False) for tile in waits_in_the_programme(officer)]
    return render(request, "desk/waiting.html", {"tiles": found})


def _first_page(officer: Officer) -> HttpResponse:
    for entry in navigation.entries(officer, "/"):
        if entry.url != "/":
            return redirect(entry.url)
    return redirect("settings")


def _officer(request: HttpRequest) -> Officer:
    if not isinstance(request.user, Officer):
        raise PermissionDenied
    return request.user
