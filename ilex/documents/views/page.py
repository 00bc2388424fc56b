"""The page of one document: what it is, who had it, what stands in it, and the file itself."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ilex.documents import actions, queries
from ilex.documents.actions.freeing import MAY
from ilex.documents.errors import Refused
from ilex.documents.forms import FreeForm
from ilex.documents.models import Document
from ilex.documents.owners import owner_of
from ilex.documents.queries.access import justification
from ilex.documents.reasons import WHY
from ilex.documents.rules import kind, lie
from ilex.units.models import Officer
from ilex.units.rules import may
from ilex.web.reasons import ask_reason, reason_of

PREVIEW = 20_000  # characters on the page; the file has the rest


def load(request: HttpRequest, id: uuid.UUID) -> tuple[Officer, Document]:
    """The officer and the document, or a page that does not exist for this officer."""
    officer = officer_of(request)
    try:
        return officer, queries.document_for(officer, id)
    except Document.DoesNotExist as error:
        raise Http404 from error


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Opens it. Whoever supervises types a reason first; everybody leaves a line in the journal."""
    officer, document = load(request, id)
    reason = reason_of(request)
    if queries.needs_reason(officer) and not reason:
        return ask_reason(request)
    actions.show(officer, document, reason or justification(officer))
    return shown_page(request, officer, document, FreeForm())


def shown_page(
    request: HttpRequest, officer: Officer, document: Document, form: FreeForm, status: int = 200
) -> HttpResponse:
    owner = owner_of(document.on_kind)
    opening = queries.opening_of(document.attachment)
    parts = queries.visible(officer, document.parts.select_related("attachment").defer("text", "search"))
    shown = {
        "document": document,
        "kind": kind(document.kind),
        "lie": lie(document.attachment.name, document.kind),
        "opening": opening,
        "can_free": opening.free and may(officer, MAY),
        "form": form,
        "place": owner,
        "place_name": owner.name(document.on_id) if owner else "",
        "place_url": owner.page(document.on_id) if owner else "",
        "preview": document.text[:PREVIEW],
        "more": len(document.text) > PREVIEW,
        "why_no_text": WHY.get(document.reading_note, ""),
        "parts": parts,
        "custody": document.custody.select_related("by").order_by("at", "id"),
        "digest": bytes(document.digest).hex(),
    }
    return render(request, "documents/document.html", shown, status=status)


@require_GET
def file(request: HttpRequest, id: uuid.UUID) -> HttpResponseBase:
    """The plain bytes, opened piece by piece; always a download, never shown by the browser."""
    officer, document = load(request, id)
    if queries.needs_reason(officer):
        raise Http404(_("Your role reads the text on the page; the file is for those who handle the case."))
    try:
        return actions.give(officer, document, justification(officer))
    except Refused as refused:
        return closed(request, str(refused), document.title)


def closed(request: HttpRequest, sentence: str, title: str) -> HttpResponse:
    """The page instead of a file that may not be opened."""
    return render(request, "documents/closed.html", {"sentence": sentence, "title_of_file": title}, status=409)


@require_POST
def free(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer, document = load(request, id)
    form = FreeForm(request.POST)
    if not form.is_valid():
        return shown_page(request, officer, document, form, status=422)
    try:
        actions.free(officer, document, form.cleaned_data["reason"])
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("It can be opened now, on your word."))
    return redirect("document", document.pk)


def officer_of(request: HttpRequest) -> Officer:
    """Who asks. LoginRequiredMiddleware stands before every page, so it is always an officer."""
    assert isinstance(request.user, Officer)  # noqa: S101
    return request.user
