"""A series of activities: planned, spread evenly, and how fairly it stands."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ilex.programme.actions import series as verbs
from ilex.programme.forms.series import SeriesForm
from ilex.programme.queries.access import action_for
from ilex.programme.queries.series import page_of, series_for
from ilex.programme.views.loading import accepted, officer_of, tried
from ilex.units.rules import check, may


@require_safe
def page(request: HttpRequest, id: UUID) -> HttpResponse:
    officer = officer_of(request)
    found = page_of(series_for(officer, id))
    shown = {"shown": found, "series": found.series, "writes": may(officer, "programme.write")}
    return render(request, "programme/series.html", shown)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, key: str) -> HttpResponse:
    officer = officer_of(request)
    check(officer, "programme.write")
    action = action_for(officer, key)
    form = SeriesForm(request.POST or None)
    if form.is_valid() and (made := accepted(form, lambda: verbs.plan_series(officer, action, **form.cleaned_data))):
        messages.success(request, _("The series is on file. Look at whose turn it is, and make the drafts."))
        return redirect("series", made.pk)
    shown = {
        "form": form,
        "title": _("Plan a series"),
        "button": _("Plan it"),
        "note": _("Activities are spread evenly: no location hosts two more than another, and the turn goes round."),
        "about": action,
        "back": reverse("action", args=[action.key]),
        "back_words": str(action),
    }
    return render(request, "programme/form.html", shown, status=422 if form.errors else 200)


@require_POST
def spread(request: HttpRequest, id: UUID) -> HttpResponse:
    officer = officer_of(request)
    check(officer, "programme.write")
    series = series_for(officer, id)
    tried(request, lambda: verbs.spread(officer, series), _("The drafts are made. Nobody outside has been told."))
    return redirect("series", series.pk)
