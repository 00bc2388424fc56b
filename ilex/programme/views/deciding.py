"""The organiser's forms on the page of an invitation: decisions, who came, certificates."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from ilex.programme.actions import attending, certificates, deciding
from ilex.programme.forms.nominations import DecisionForm
from ilex.programme.models import Invitation
from ilex.programme.queries.nominations import invitation_for, nominated_of
from ilex.programme.queries.organising import to_certify, to_record
from ilex.programme.views.invitations import shown_page, warn_of_unreached
from ilex.programme.views.loading import accepted, officer_of, tried
from ilex.units.models import Officer
from ilex.units.rules import check


@require_POST
def decide(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer, found = _organised(request, id)
    seen = [row for row in nominated_of(officer, found) if str(row.pk) in request.POST]
    form = DecisionForm(request.POST, rows=seen)
    if form.is_valid():
        decided = accepted(form, lambda: deciding.decide(officer, found, form.decisions()))
        if decided is not None:
            messages.success(request, _("The units are told."))
            warn_of_unreached(request, found)
            return redirect("invitation", found.pk)
    return shown_page(request, officer, found, form)


@require_POST
def attendance(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Whoever is ticked came; the others on the list that the officer saw did not."""
    officer, found = _organised(request, id)
    ticked, listed = (set(request.POST.getlist(name)) for name in ("came", "listed"))
    came = {row.pk: str(row.pk) in ticked for row in to_record(officer, found) if str(row.pk) in listed | ticked}
    if tried(request, lambda: attending.record_attendance(officer, found, came), _("Recorded; the units are told.")):
        warn_of_unreached(request, found)
    return redirect("invitation", found.pk)


@require_POST
def certify(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer, found = _organised(request, id)
    rows = to_certify(officer, found)
    words = ngettext("%(count)s certificate is given.", "%(count)s certificates are given.", len(rows))
    tried(request, lambda: certificates.certify(officer, found, rows), words % {"count": len(rows)})
    return redirect("invitation", found.pk)


def _organised(request: HttpRequest, id: uuid.UUID) -> tuple[Officer, Invitation]:
    officer = officer_of(request)
    check(officer, "nomination.choose")
    return officer, invitation_for(officer, id)
