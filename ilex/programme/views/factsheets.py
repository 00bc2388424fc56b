"""The factsheet of an action: on the screen, on paper, as IATI, and its kept copies."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from ilex.exchange.papers.fields import FormError
from ilex.gate.store import StoreError
from ilex.programme import iati
from ilex.programme.actions.factsheets import freeze as keep
from ilex.programme.actions.factsheets import hand_out, kept_pdf, show_publicly
from ilex.programme.models import Action, Factsheet
from ilex.programme.papers.factsheets import factsheet_pdf
from ilex.programme.queries.access import action_for
from ilex.programme.queries.outward import told
from ilex.programme.queries.sheets import languages_of, sheet_of
from ilex.programme.queries.values import language as page_language
from ilex.programme.views.loading import officer_of, tried
from ilex.units.rules import check, may
from ilex.web.languages import page_languages

KEPT = 50  # copies on one page


@require_safe
def page(request: HttpRequest, key: str) -> HttpResponse:
    officer = officer_of(request)
    action = action_for(officer, key)
    language = _language(request, action)
    spoken = {one.code: one.name for one in page_languages()}
    kept = action.factsheets.select_related("frozen_by").defer("content", "iati").order_by("-frozen_at")[:KEPT]
    shown = {
        "action": action,
        "sheet": sheet_of(action, officer, language),
        "languages": [(one, spoken.get(one, one), one == language) for one in languages_of(action)],
        "language": language,
        "kept": [(one, spoken.get(one.language, one.language)) for one in kept],
        "why_no_iati": iati.why_not(told(action)),
        "writes": may(officer, "programme.write"),
        "publishes": may(officer, "news.publish"),
    }
    return render(request, "programme/factsheet.html", shown)


@require_GET
def paper(request: HttpRequest, key: str) -> HttpResponse:
    """As it is today."""
    officer = officer_of(request)
    action = action_for(officer, key)
    language = _language(request, action)
    try:
        made = factsheet_pdf(sheet_of(action, officer, language), language)
    except FormError as error:
        messages.error(request, str(error))
        return redirect("factsheet", action.key)
    hand_out(officer, action, "pdf")
    return _file(made, "application/pdf", f"{action.key}-{language}.pdf")


@require_GET
def xml(request: HttpRequest, key: str) -> HttpResponse:
    """As it is today."""
    officer = officer_of(request)
    action = action_for(officer, key)
    try:
        made = iati.activities_xml([action], page_language())
    except ValueError:
        raise Http404 from None
    hand_out(officer, action, "iati")
    return _file(made, "application/xml", f"{action.key}.xml")


@require_POST
def freeze(request: HttpRequest, key: str) -> HttpResponse:
    officer = officer_of(request)
    check(officer, "programme.write")
    action = action_for(officer, key)
    language = request.POST.get("language", "")[:12]
    tried(request, lambda: keep(officer, action, language), _("A copy of the factsheet is kept."))
    return redirect(f"{reverse('factsheet', args=[action.key])}?language={_known(action, language)}")


@require_GET
def kept_paper(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    found = _kept(request, id)
    try:
        kept = kept_pdf(found)
    except StoreError as error:
        messages.error(request, str(error))
        return redirect("factsheet", found.action.key)
    if kept is None:
        raise Http404
    paper, content = kept
    hand_out(officer_of(request), found.action, "pdf")
    return _file(content, "application/pdf", paper.name)


@require_GET
def kept_xml(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    found = _kept(request, id)
    if not found.iati:
        raise Http404
    hand_out(officer_of(request), found.action, "iati")
    return _file(found.iati.encode(), "application/xml", f"{found.action.key}-{found.frozen_at:%Y-%m-%d}.xml")


@require_POST
def public(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer = officer_of(request)
    check(officer, "news.publish")
    found, wanted = _kept(request, id), request.POST.get("public") == "yes"
    word = _("The public site shows this copy.") if wanted else _("The public site no longer shows this copy.")
    tried(request, lambda: show_publicly(officer, found, wanted), word)
    return redirect("factsheet", found.action.key)


def _kept(request: HttpRequest, id: uuid.UUID) -> Factsheet:
    check(officer_of(request), "programme.read")
    return get_object_or_404(Factsheet.objects.select_related("action", "pdf"), pk=id)


def _language(request: HttpRequest, action: Action) -> str:
    """The one asked for; else that of the page, where the action was put into it; else its own."""
    return _known(action, request.GET.get("language") or page_language())


def _known(action: Action, language: str) -> str:
    return language if language in languages_of(action) else action.language


def _file(content: bytes, media: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=media)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
