"""The list of subjects and the search among them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from ilex.subjects import queries
from ilex.subjects.forms.judging import FindForm
from ilex.subjects.rules import Invalid
from ilex.subjects.views.loading import officer_of
from ilex.units.rules import check, may


@require_GET
def subjects(request: HttpRequest) -> HttpResponse:
    """All subjects this officer may see, or those that he looks for. A search is journalled, with its reason."""
    officer = officer_of(request)
    check(officer, "subject.read")
    supervises = queries.needs_reason(officer)
    form = FindForm(request.GET)
    shown = {
        "form": form,
        "writes": may(officer, "subject.write"),
        "imports": may(officer, "subject.import"),
    }
    if not form.is_valid():
        return render(request, "subjects/subjects.html", shown, status=422)
    typed = form.cleaned_data
    narrow, page = {"kind": typed["kind"], "category": typed["category"]}, typed["page"] or 1
    if not typed["q"].strip():
        # Whoever supervises reads nothing without having said what he looks for, and why.
        found = None if supervises else queries.listed(officer, **narrow, page=page)
        return render(request, "subjects/subjects.html", shown | {"found": found})
    try:
        found = queries.search(officer, typed["q"], **narrow, reason=typed["reason"], page=page)
    except Invalid as refused:
        for name, sentence in refused.fields.items():
            form.add_error(name if name in form.fields else None, sentence)
        return render(request, "subjects/subjects.html", shown, status=422)
    return render(request, "subjects/subjects.html", shown | {"found": found, "searched": True})
