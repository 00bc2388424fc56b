"""What is watched: asked again by itself whenever the holdings change."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ilex.crosscheck import actions, queries
from ilex.crosscheck.models import Watch
from ilex.crosscheck.views.loading import officer_of, tried
from ilex.crosscheck.views.tabs import tabs


@require_safe
def watches(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request, "crosscheck.look")
    found = queries.watches_of(officer).order_by("until", "pk")
    found = found.select_related("request__partner", "subject", "by")
    return render(request, "crosscheck/watches.html", {"watches": found[:500], "tabs": tabs(request, officer)})


@require_POST
def stop(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer = officer_of(request, "crosscheck.look")
    try:
        found = queries.watch_for(officer, id)
    except Watch.DoesNotExist as error:
        raise Http404 from error
    tried(request, lambda: actions.unwatch(officer, found), _("It is no longer watched."))
    return redirect("watches")
