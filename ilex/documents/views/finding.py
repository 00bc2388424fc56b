"""The page that searches the texts of documents."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ilex.documents import queries
from ilex.documents.errors import Refused
from ilex.documents.forms import FindForm
from ilex.documents.views.page import officer_of
from ilex.units.models import Officer
from ilex.units.rules import may

READ = ("request.read", "case.read", "task.answer")  # whoever may do none of these has no document to see


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    if not any(may(officer, verb) for verb in READ):
        raise PermissionDenied
    supervising = queries.needs_reason(officer)
    if "q" not in request.GET:
        return render(request, "documents/search.html", {"form": FindForm(supervising=supervising)})
    form = FindForm(request.GET, supervising=supervising)
    found = _found(officer, form, request.GET.get("page", "")) if form.is_valid() else None
    status = 422 if form.errors else 200
    return render(request, "documents/search.html", {"form": form, "found": found}, status=status)


def _found(officer: Officer, form: FindForm, page: str) -> queries.Found | None:
    typed = form.cleaned_data
    number = int(page) if page.isdecimal() and len(page) < 4 else 1
    try:
        return queries.search(
            officer, typed["q"], tolerant=typed["tolerant"], reason=typed.get("reason", ""), page=number
        )
    except Refused as refused:
        form.add_error("q", str(refused))
        return None
