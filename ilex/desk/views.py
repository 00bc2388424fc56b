"""The duty officer's desk: what waits, soonest legal deadline first, and the one next step of each."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from ilex.desk.forms import DeskFilter
from ilex.desk.shows import SHOWS, show_of
from ilex.desk.tiles import tiles
from ilex.exchange import queries
from ilex.exchange.models import Request
from ilex.exchange.rules import Invalid
from ilex.units.models import Officer
from ilex.units.rules import may, sees_only_its_own
from ilex.web import navigation

ROWS = 50
EVENTS = 4  # of the newest, in the preview
LAST = 10_000  # rows beyond this are found by the search, not by leafing


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """The first page. Who reads no requests is led to the first page that is his, an authority to its tasks."""
    officer = _officer(request)
    if not may(officer, "request.read"):
        return _first_page(officer)
    if sees_only_its_own(officer) and not officer.organisation.designated:
        return redirect("tasks")
    return render(request, "desk/desk.html", _shown(request, officer))


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
    first = _number(request.GET.get("first", ""))
    found = queries.desk_rows(officer, show=show.name, first=first, count=ROWS, at=at, **chosen)
    return {
        "show": show,
        "shows": SHOWS,
        "tiles": [(tile, tile.name == show.name) for tile in tiles(officer)],
        "form": form,
        "active": [(form.words(name, value), _query(request, name)) for name, value in chosen.items()],
        "rows": found[:ROWS],
        "first": first,
        "earlier": _query(request, first=max(first - ROWS, 0)) if first else "",
        "later": _query(request, first=first + ROWS) if len(found) > ROWS and first < LAST else "",
        "query": request.GET.urlencode(),
        "now": at,
    }


def _query(request: HttpRequest, *without: str, **changed: int) -> str:
    query = request.GET.copy()
    for name in (*without, "first"):
        query.pop(name, None)
    for name, value in changed.items():
        query[name] = str(value)
    return f"?{query.urlencode()}"


def _number(text: str) -> int:
    return min(int(text), LAST) if text.isdecimal() and len(text) < 7 else 0


def _first_page(officer: Officer) -> HttpResponse:
    for entry in navigation.entries(officer, "/"):
        if entry.url != "/":
            return redirect(entry.url)
    return redirect("settings")


def _officer(request: HttpRequest) -> Officer:
    if not isinstance(request.user, Officer):
        raise PermissionDenied
    return request.user
