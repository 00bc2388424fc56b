"""The page of absences: who is away, and who stands in."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ilex.duty import actions, queries
from ilex.duty.forms import AwayForm
from ilex.duty.models import Delegation
from ilex.duty.views.common import officer_of, tried
from ilex.units.rules import check, may


@require_http_methods(["GET", "POST"])
def away(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    check(officer, "note.write")
    form = AwayForm(request.POST if request.method == "POST" else None, officer=officer)
    if form.is_valid():
        typed = form.cleaned_data
        return tried(
            request,
            lambda: actions.delegate(
                officer, form.absent_officer(), typed["deputy"], typed["begins"], typed["ends"], typed["reason"]
            ),
            _("The deputy is named."),
            "duty-away",
        )
    shown = {
        "form": form,
        "delegations": queries.delegations(officer, everybody=may(officer, "duty.log")),
        "may_plan": may(officer, "duty.plan"),
        "officer": officer,
    }
    return render(request, "duty/away.html", shown, status=422 if form.is_bound else 200)


@require_POST
def end(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer = officer_of(request)
    check(officer, "note.write")
    delegation = Delegation.objects.filter(pk=id).first()
    if delegation is None or not (may(officer, "duty.plan") or delegation.absent_id == officer.pk):
        raise Http404
    return tried(request, lambda: actions.end_delegation(officer, delegation), _("Ended."), "duty-away")
