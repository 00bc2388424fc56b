"""The calendar: a month, a list, what has no date; and the file that calendar programs read."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ilex.programme.actions import subscriptions as verbs
from ilex.programme.forms.calendar import CalendarFilterForm, SubscribeForm, filter_of
from ilex.programme.ics import calendar_text
from ilex.programme.models import Action, Activity, CalendarKey
from ilex.programme.queries import calendar as reads
from ilex.programme.queries.calendar import FIRST_YEAR, LAST_YEAR, CalendarFilter
from ilex.programme.views.loading import accepted, officer_of, tried
from ilex.units.models import Officer
from ilex.units.rules import check, may
from ilex.web import listing as leafing

MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])", re.ASCII)
SHOWS = ("month", "list", "undated")
BACK, MOST = timedelta(days=366), 2_000  # what a calendar program is given
SERIES = 50


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    check(officer, "programme.read")
    form = CalendarFilterForm(request.GET)
    chosen = form.chosen()
    show = _show(request, chosen)
    filters = filter_of(chosen)
    shown = {
        "form": form,
        "show": show,
        "active": [(form.words(name, value), leafing.query(request, name)) for name, value in chosen.items()],
        "shows": _shows(request, show),
        "writes": may(officer, "programme.write"),
        "query": leafing.query(request, "show", "month", "year"),
        **_of_action(chosen.get("action", "")),
        **(_month(request, officer, filters) if show == "month" else _list(request, officer, filters, show)),
    }
    return render(request, "programme/calendar.html", shown)


def _of_action(key: str) -> dict[str, Any]:
    """The series of the action to which the calendar is narrowed down."""
    key = key.replace("\0", "")
    action = Action.objects.filter(key=key).first() if key else None
    series = action.series.order_by("made_at", "pk")[:SERIES] if action else []
    return {"action": key, "plans": action is not None, "series": series}


def _show(request: HttpRequest, chosen: dict[str, Any]) -> str:
    """A month, unless something else is asked for; of one action all its activities."""
    asked = request.GET.get("show", "")
    if asked in SHOWS:
        return asked
    return "list" if "action" in chosen and "month" not in request.GET else "month"


def _shows(request: HttpRequest, show: str) -> list[tuple[str, str, bool]]:
    words = {"month": _("Month"), "list": _("List"), "undated": _("Without a date")}
    asked = request.GET.copy()
    for name in ("first", "show"):
        asked.pop(name, None)
    lists = []
    for name, label in words.items():
        asked["show"] = name
        lists.append((f"?{asked.urlencode()}", label, name == show))
    return lists


def _month(request: HttpRequest, officer: Officer, filters: CalendarFilter) -> dict[str, Any]:
    today = localdate()
    first = _asked_month(request) or today.replace(day=1)
    month = reads.month_of(officer, first, filters, today)
    before, after = first - timedelta(days=1), first + timedelta(days=31)
    return {
        "month": month,
        "earlier": _at(request, before) if before.year >= FIRST_YEAR else "",
        "later": _at(request, after) if after.year <= LAST_YEAR else "",
        "nearest": [(day, _at(request, day)) for day in (month.earlier, month.later) if day],
        "this_month": "" if first == today.replace(day=1) else _at(request, today),
        "weekdays": [day.day for day in month.weeks[0]],
        "in_list": _in_list(request, first.year),
    }


def _in_list(request: HttpRequest, year: int) -> str:
    asked = request.GET.copy()
    for name in ("first", "month"):
        asked.pop(name, None)
    asked["show"], asked["year"] = "list", str(year)
    return f"?{asked.urlencode()}"


def _asked_month(request: HttpRequest) -> date | None:
    found = MONTH.fullmatch(request.GET.get("month", ""))
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        return None
    return date(int(found[1]), int(found[2]), 1)


def _at(request: HttpRequest, day: date) -> str:
    asked = request.GET.copy()
    asked.pop("first", None)
    asked["show"], asked["month"] = "month", f"{day:%Y-%m}"
    return f"?{asked.urlencode()}"


def _list(request: HttpRequest, officer: Officer, filters: CalendarFilter, show: str) -> dict[str, Any]:
    start = leafing.first_row(request)
    year = _asked_year(request)
    found = reads.list_of(officer, filters, year, start) if show == "list" else reads.undated(officer, filters, start)
    return {
        "entries": found.entries,
        "leaf": leafing.leaf(request, start, reads.LEAF, more=found.more),
        "year": year,
        "years": _years(request, found.years, year),
    }


def _asked_year(request: HttpRequest) -> int | None:
    text = request.GET.get("year", "")
    year = int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else 0
    return year if FIRST_YEAR <= year <= LAST_YEAR else None


def _years(request: HttpRequest, span: tuple[int, int] | None, year: int | None) -> list[tuple[str, str, bool]]:
    """All years in which something is, as lists to choose from."""
    if span is None:
        return []
    asked = request.GET.copy()
    for name in ("first", "year", "month"):
        asked.pop(name, None)
    asked["show"] = "list"
    lists = [(f"?{asked.urlencode()}", _("All years"), year is None)]
    for one in range(max(span[0], FIRST_YEAR), min(span[1], LAST_YEAR) + 1):
        asked["year"] = str(one)
        lists.append((f"?{asked.urlencode()}", str(one), year == one))
    return lists


@require_http_methods(["GET", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """One's own subscriptions. The address of a new one is shown this once."""
    officer = officer_of(request)
    check(officer, "programme.read")
    narrowed = CalendarFilterForm(request.GET)
    chosen = narrowed.chosen()
    form = SubscribeForm(request.POST or None)
    address = ""
    if form.is_valid() and (secret := accepted(form, lambda: _subscribe(officer, form, chosen))):
        address = request.build_absolute_uri(reverse("calendar-file", args=[secret]))
        form = SubscribeForm()
    shown = {
        "form": form,
        "address": address,
        "words": [narrowed.words(name, value) for name, value in chosen.items()],
        "rows": [(row, _words(narrowed, row)) for row in _standing_keys(officer)],
    }
    answer = render(request, "programme/calendar-keys.html", shown, status=422 if form.errors else 200)
    add_never_cache_headers(answer)
    return answer


def _subscribe(officer: Officer, form: SubscribeForm, chosen: dict[str, Any]) -> str:
    filters = {name: "yes" if value is True else str(value) for name, value in chosen.items()}
    return verbs.subscribe(officer, form.cleaned_data["name"], filters)


def _standing_keys(officer: Officer) -> QuerySet[CalendarKey]:
    return officer.calendar_keys.filter(ended_at=None).order_by("-made_at", "pk")


def _words(form: CalendarFilterForm, row: CalendarKey) -> list[str]:
    return [form.words(name, value) for name, value in row.filters.items() if name in form.fields]


@require_POST
def end(request: HttpRequest, id: int) -> HttpResponse:
    officer = officer_of(request)
    check(officer, "programme.read")
    row = officer.calendar_keys.filter(pk=id).first()
    if row is None:
        raise Http404
    ended = _("This address opens nothing any more.")
    tried(request, lambda: verbs.end_subscription(officer, row), ended)
    return redirect("calendar-keys")


@login_not_required
@require_safe
def file(request: HttpRequest, secret: str) -> HttpResponse:
    """What the address of a subscription gives: no session, and nothing of what its officer may not read now."""
    key = verbs.opened_by(secret)
    if key is None or not may(key.officer, "programme.read"):
        raise Http404
    if not verbs.spend(key):
        answer = HttpResponse(_("This was read a moment ago."), status=429, content_type="text/plain; charset=utf-8")
        answer.headers["Retry-After"] = str(int(verbs.PAUSE.total_seconds()))
        return answer
    try:
        rows = reads.to_fetch(key.officer, filter_of(key.filters), localdate() - BACK, MOST)
    except PermissionDenied:
        raise Http404 from None

    def address(activity: Activity) -> str:
        return request.build_absolute_uri(reverse("activity", args=[activity.key]))

    language = key.officer.page_language or "en"
    with override(language):
        name = _("Calendar of the network")
    text = calendar_text(rows, language, name, address)
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'inline; filename="ilex.ics"'
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
