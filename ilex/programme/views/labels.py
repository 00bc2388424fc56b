"""Equipment on paper: the certificate of a hand-over, and labels to stick on."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from ilex.exchange.papers.fields import FormError
from ilex.programme.models import Asset, Handover
from ilex.programme.papers.handovers import handover_pdf
from ilex.programme.papers.labels import labels_of_asset, labels_of_handover, labels_pdf
from ilex.programme.queries import equipment as queries
from ilex.programme.queries.values import language
from ilex.programme.views.loading import officer_of


@require_GET
def certificate(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    found = queries.handover_for(officer_of(request), id)
    return _given(request, found, found.number, lambda: handover_pdf(found, language()))


@require_GET
def handover(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """One for each piece that was handed over."""
    found = queries.handover_for(officer_of(request), id)
    return _given(request, found, f"{found.number}-labels", lambda: labels_pdf(labels_of_handover(found), language()))


@require_GET
def asset(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    found = queries.asset_for(officer_of(request), id)
    return _given(request, found, f"{found.pk}-labels", lambda: labels_pdf(labels_of_asset(found), language()))


def _given(request: HttpRequest, about: Asset | Handover, name: str, made: Callable[[], bytes]) -> HttpResponse:
    try:
        answer = HttpResponse(made(), content_type="application/pdf")
    except FormError as error:
        messages.error(request, str(error))
        return redirect("asset" if isinstance(about, Asset) else "handover", about.pk)
    answer["Content-Disposition"] = f'attachment; filename="{slugify(name) or about.pk}.pdf"'  # a partner's number
    return answer
