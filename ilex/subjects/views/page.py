"""The page of one subject."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from ilex.subjects import queries, uses
from ilex.subjects.chart import chart
from ilex.subjects.forms.judging import CircleForm
from ilex.subjects.queries.categories import sayable
from ilex.subjects.views.loading import case_of, load
from ilex.units.rules import may
from ilex.web.reasons import ask_reason, reason_of


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Opens a subject. Whoever supervises types a reason first; everybody leaves a line in the journal."""
    officer, subject = load(request, id)
    reason = reason_of(request)
    if queries.needs_reason(officer) and not reason:
        return ask_reason(request)
    queries.consult(officer, subject, reason, case_of(request))
    found = queries.page_of(subject, officer)
    writes = may(officer, "subject.write")
    circles = writes and queries.circles_of(officer).exists()
    return render(
        request,
        "subjects/subject.html",
        {
            "subject": subject,
            "case": case_of(request),
            "found": found,
            "chart": chart(subject, found.links),
            "writes": writes,
            "merges": may(officer, "subject.merge"),
            "steps": uses.steps(subject, officer),
            "sayable": sayable(subject) if writes else [],
            "circle": CircleForm(officer, initial={"circle": subject.circle_id}) if circles else None,
        },
    )
