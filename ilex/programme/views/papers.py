"""Papers of this room as PDF: letters and certificates."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from ilex.exchange.papers.fields import FormError
from ilex.programme.actions.reading import print_paper
from ilex.programme.models import Certificate, Invitation, Nomination
from ilex.programme.papers.certificates import certificate_pdf
from ilex.programme.papers.letters import letter_pdf
from ilex.programme.queries.nominations import certificate_for, expected, invitation_for, nomination_for
from ilex.programme.views.loading import officer_of


@require_GET
def invitation(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    found = invitation_for(officer_of(request), id)
    return _given(request, found, f"invitation-{found.activity.key}", redirect("invitation", found.pk))


@require_GET
def nomination(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """For the border, the ministry or the visa: only of somebody who is expected."""
    found = nomination_for(officer_of(request), id)
    if not expected(found):
        raise Http404(_("There is no such letter for this nomination."))
    return _given(request, found, f"participation-{found.pk}", redirect("nomination", found.pk))


@require_GET
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    found = certificate_for(officer_of(request), number)
    if not found.signed:
        raise Http404(_("The words of this certificate are erased; its paper stays good."))
    return _given(request, found, found.number, redirect("nomination", found.nomination_id))


def _given(
    request: HttpRequest, about: Invitation | Nomination | Certificate, name: str, back: HttpResponse
) -> HttpResponse:
    print_paper(officer_of(request), about)
    try:
        made = certificate_pdf(about) if isinstance(about, Certificate) else letter_pdf(about)
    except FormError as error:
        messages.error(request, str(error))
        return back
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return answer
