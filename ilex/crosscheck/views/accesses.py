"""What other national systems may ask: their tokens, each shown once."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ilex.crosscheck import actions, queries
from ilex.crosscheck.forms.holdings import AccessForm, CloseForm
from ilex.crosscheck.models import Access
from ilex.crosscheck.rules import Invalid
from ilex.crosscheck.views.loading import officer_of, tried
from ilex.crosscheck.views.places import titles
from ilex.crosscheck.views.tabs import tabs
from ilex.units.models import Officer


@require_safe
def accesses(request: HttpRequest) -> HttpResponse:
    return _page(request, officer_of(request, "crosscheck.access"))


def _page(request: HttpRequest, officer: Officer, token: str = "", made: Access | None = None) -> HttpResponse:
    known, today = titles(), localdate()
    rows = [
        {
            "access": access,
            "sources": [known.get(code, code) for code in access.sources],
            "used": access.used if access.day == today else 0,
            "over": access.until < today,
        }
        for access in queries.accesses(officer)
    ]
    shown = {
        "rows": rows,
        "token": token,
        "made": made,
        "close": CloseForm(),
        "address": request.build_absolute_uri("/api/"),
        "tabs": tabs(request, officer),
    }
    return render(request, "crosscheck/accesses.html", shown)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The page that answers shows the token, this one time: the node keeps only its digest."""
    officer = officer_of(request, "crosscheck.access")
    form = AccessForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            access, token = actions.give_access(officer, **form.cleaned_data)
        except Invalid as refused:
            for name, sentence in refused.fields.items():
                form.add_error(name if name in form.fields else None, sentence)
        else:
            return _page(request, officer, token, access)
    shown = {"form": form, "tabs": tabs(request, officer)}
    return render(request, "crosscheck/access-new.html", shown, status=422 if form.is_bound else 200)


@require_POST
def close(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer = officer_of(request, "crosscheck.access")
    try:
        found = queries.access_for(officer, id)
    except Access.DoesNotExist as error:
        raise Http404 from error
    form = CloseForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why the access ends."))
        return redirect("accesses")
    tried(request, lambda: actions.close_access(officer, found, form.cleaned_data["why"]), _("The access is closed."))
    return redirect("accesses")
