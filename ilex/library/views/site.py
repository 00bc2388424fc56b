"""Switching the public site on and off."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ilex.library.actions.site import switch_site
from ilex.library.forms import SiteForm
from ilex.library.queries.feeds import site as the_site
from ilex.library.site.fields import public_activities, public_factsheets, public_items
from ilex.programme.views.loading import accepted, officer_of
from ilex.units.rules import check


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    check(officer, "site.switch")
    site = the_site()
    if request.method == "POST" and request.POST.get("step") == "off":
        switch_site(officer, False)
        messages.success(request, _("The public site is switched off. Its files are removed within a minute."))
        return redirect("public-site")
    form = SiteForm(request.POST) if request.method == "POST" else SiteForm.of(site)
    if request.method == "POST" and form.is_valid():
        on = accepted(form, lambda: switch_site(officer, True, **form.cleaned_data))
        if on is not None:
            messages.success(request, _("The public site is on. It is written within a minute."))
            return redirect("public-site")
    shown = {
        "site": site,
        "form": form,
        "items": public_items().count(),
        "sheets": public_factsheets().values("action").distinct().count(),
        "activities": public_activities().count(),
    }
    return render(request, "library/site.html", shown, status=422 if form.errors else 200)
