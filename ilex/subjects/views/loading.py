"""What every page of this room begins with: who asks, and for what; what he may not see does not exist."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect

from ilex.subjects import queries
from ilex.subjects.models import Link, Merge, Statement, Subject
from ilex.subjects.rules import Invalid, NotNow
from ilex.units.models import Officer
from ilex.units.rules import check

CASE = re.compile(r"[A-Z]{2,8}-C-[0-9]{4}-[0-9]{1,9}", re.ASCII)


def officer_of(request: HttpRequest) -> Officer:
    """Who asks. LoginRequiredMiddleware stands before every page, so it is always an officer."""
    return cast(Officer, request.user)


def load(request: HttpRequest, id: uuid.UUID, verb: str = "subject.read") -> tuple[Officer, Subject]:
    """The officer, and the subject that stands for this id. Raises PermissionDenied when his roles lack the verb."""
    officer = officer_of(request)
    check(officer, verb)
    try:
        return officer, queries.subject_for(officer, id)
    except Subject.DoesNotExist as error:
        raise Http404 from error


def load_statement(request: HttpRequest, id: uuid.UUID) -> tuple[Officer, Statement]:
    """A live statement that this officer may write on."""
    officer = officer_of(request)
    check(officer, "subject.write")
    try:
        return officer, queries.statement_for(officer, id)
    except Statement.DoesNotExist as error:
        raise Http404 from error


def load_link(request: HttpRequest, id: uuid.UUID) -> tuple[Officer, Link]:
    officer = officer_of(request)
    check(officer, "subject.write")
    try:
        return officer, queries.link_for(officer, id)
    except Link.DoesNotExist as error:
        raise Http404 from error


def load_merge(request: HttpRequest, id: uuid.UUID) -> tuple[Officer, Merge]:
    officer = officer_of(request)
    check(officer, "subject.merge")
    found = Merge.objects.select_related("kept", "gone").filter(pk=id, undone_at=None).first()
    if found is None or not queries.visible_subjects(officer).filter(pk=found.kept_id).exists():
        raise Http404
    return officer, found


def read(request: HttpRequest, officer: Officer, *subjects: Subject) -> None:
    """A form that shows what is known of these subjects is a reading of them, once for each time it is asked for."""
    if request.method == "GET":
        for subject in subjects:
            queries.consult(officer, subject.merged_into or subject, case=case_of(request))


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent with the form; None while it is only shown."""
    return request.POST if request.method == "POST" else None


def case_of(request: HttpRequest) -> str:
    """The case from which the page was opened, for the journal; empty when none is named."""
    case = request.GET.get("case", "")
    return case if CASE.fullmatch(case) else ""


def done(request: HttpRequest, subject: uuid.UUID, verb: Callable[[], object], word: str) -> HttpResponse:
    """Run a verb and go back to the subject, with one sentence about how it went."""
    try:
        verb()
    except NotNow as late:
        messages.error(request, str(late))
    except Invalid as refused:
        messages.error(request, " ".join(refused.fields.values()))
    else:
        messages.success(request, word)
    return redirect("subject", subject)
