"""Files: attachments opened from the sealed store, forms A and B, the statement of exchange."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from ilex.documents.actions import record_given
from ilex.documents.queries import opening_of
from ilex.documents.views.page import closed
from ilex.exchange import queries
from ilex.exchange.models import Entry
from ilex.exchange.pad import officer_of
from ilex.exchange.papers.forms import FormError, form_a, form_b, to_pdf
from ilex.exchange.papers.statement import receipt_statement
from ilex.exchange.queries.access import justification
from ilex.exchange.views.page import load
from ilex.gate.downloads import download
from ilex.gate.models import Attachment
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.units.models import Officer


@require_GET
def paper(request: HttpRequest, id: uuid.UUID) -> HttpResponseBase:
    """The plain bytes of an attachment, opened piece by piece; always a download, never shown by the browser.

    What waits for the scanner, and what it found something in, is a page that says so.
    """
    officer = officer_of(request)
    try:
        found = queries.paper_for(officer, id)
    except Attachment.DoesNotExist as error:
        raise Http404 from error
    if found.whole_at is None:
        raise Http404(_("This attachment has not arrived yet."))
    opening = opening_of(found)
    if not opening.may:
        return closed(request, opening.words, found.name)
    entry = found.entries.select_related("request").first()
    reason = justification(officer, entry.request) if entry else _why_a_draft(officer, found)
    with act("paper.opened", Operation.CONSULTATION, by=officer, on=("attachment", str(found.id)), reason=reason):
        record_given(officer, found)
        return download(found)


def _why_a_draft(officer: Officer, paper: Attachment) -> str:
    return "own draft" if paper.drafts.filter(officer=officer).exists() else "second person"


@require_GET
def request_form(request: HttpRequest, ref: str) -> HttpResponse:
    officer, found = load(request, ref)
    why = justification(officer, found)
    with act("request.printed", Operation.CONSULTATION, by=officer, on=("request", str(found.id)), reason=why):
        return printed(lambda: to_pdf(form_b(found), found.language), f"{found.our_ref} form B.pdf")


@require_GET
def answer_form(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer = officer_of(request)
    try:
        entry = queries.entry_for(officer, id)
    except Entry.DoesNotExist as error:
        raise Http404 from error
    why = justification(officer, entry.request)
    with act("entry.printed", Operation.CONSULTATION, by=officer, on=("entry", str(entry.id)), reason=why):
        return printed(lambda: to_pdf(form_a(entry), entry.language), f"{entry.request.our_ref} form A.pdf")


@require_GET
def statement(request: HttpRequest, ref: str) -> HttpResponse:
    officer, found = load(request, ref)
    why = justification(officer, found)
    with act("request.stated", Operation.CONSULTATION, by=officer, on=("request", str(found.id)), reason=why):
        return printed(lambda: receipt_statement(found), f"{found.our_ref} statement.pdf")


def printed(paper: Callable[[], bytes], name: str) -> HttpResponse:
    """The paper as a download. One that cannot be printed says why, and nothing was printed."""
    try:
        content = paper()
    except FormError as refused:
        raise Http404(str(refused)) from refused
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )
