"""A new subject: first what it is, then its fields; or both at once from a machine-readable zone."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ilex.subjects import actions, queries, uses
from ilex.subjects.forms.mrz import DOCUMENT, PERSON, MrzForm, ReadForm
from ilex.subjects.forms.writing import StartForm, SubjectForm
from ilex.subjects.models import Subject
from ilex.subjects.rules import Invalid
from ilex.subjects.views.loading import case_of, officer_of, posted
from ilex.units.models import Officer
from ilex.units.rules import check
from ilex.words import kinds


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The kind and category stand in the address, so that the page has the fields the law allows and no others."""
    officer = officer_of(request)
    check(officer, "subject.write")
    start = StartForm(request.GET if "kind" in request.GET else None)
    if not start.is_valid():
        shown = {"form": start, "case": case_of(request)}
        return render(request, "subjects/start.html", shown, status=422 if start.is_bound else 200)
    kind, category = kinds.kind(start.cleaned_data["kind"]), start.cleaned_data["category"]
    case = case_of(request)
    form = SubjectForm(
        officer, kind, category, posted(request), in_case=bool(case), origins=uses.origins(officer, case)
    )
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        try:
            made = actions.add_subject(officer, kind.code, form.statements(), category, typed.get("circle"))
        except Invalid as refused:
            form.take_errors(refused.fields)
        else:
            return written_down(request, officer, made, _("Written down."), typed.get("role_in_case", ""))
    role = next((_(line.text) for line in kinds.categories() if line.code == category), "")
    shown = {"form": form, "kind": kind, "category": role, "case": case}
    return render(request, "subjects/new.html", shown, status=422 if form.is_bound else 200)


def written_down(request: HttpRequest, officer: Officer, subject: Subject, said: str, role: str = "") -> HttpResponse:
    """To its page; or, when it was begun at a case, into that case, in its role there, and back."""
    case = uses.into_case(officer, case_of(request), subject, role)
    there = _("It is in the case.")
    messages.success(request, f"{said} {there}" if case else said)
    return redirect(case or reverse("subject", args=[subject.pk]))


@require_http_methods(["GET", "POST"])
def mrz(request: HttpRequest) -> HttpResponse:
    """Paste a machine-readable zone, look at what it says, and keep the document, its holder, and their link.

    Nothing is kept before the officer has seen what was read, and which check digits fail.
    """
    officer = officer_of(request)
    check(officer, "subject.write")
    holder = holder_of(request, officer)
    if "number" in request.POST:
        return keep(request, officer, holder)
    paste = MrzForm(posted(request))
    if not paste.is_bound or not paste.is_valid():
        status = 422 if paste.is_bound else 200
        return render(request, "subjects/mrz.html", {"form": paste, "holder": holder}, status=status)
    read = paste.cleaned_data["zone"]
    case = case_of(request)
    origins = uses.origins(officer, case, holder)
    form = ReadForm(holder, initial=ReadForm.as_read(read), in_case=bool(case), origins=origins)
    shown = {"form": form, "wrong": form.doubts(read), "holder": holder, "case": case}
    return render(request, "subjects/mrz-read.html", shown)


def keep(request: HttpRequest, officer: Officer, holder: Subject | None) -> HttpResponse:
    case = case_of(request)
    form = ReadForm(holder, request.POST, in_case=bool(case), origins=uses.origins(officer, case, holder))
    if form.is_valid():
        try:
            person = keep_both(officer, form, holder)
        except Invalid as refused:
            form.take_errors(refused.fields)
        else:
            said = _("The document and its holder are written down and linked.")
            return written_down(request, officer, person, said, form.cleaned_data.get("role_in_case", ""))
    return render(request, "subjects/mrz-read.html", {"form": form, "holder": holder, "case": case}, status=422)


@transaction.atomic
def keep_both(officer: Officer, form: ReadForm, holder: Subject | None) -> Subject:
    try:
        document = actions.add_subject(officer, "document", form.of_document())
    except Invalid as refused:
        raise Invalid(form.named(DOCUMENT, refused.fields)) from refused
    try:
        holder = holder or actions.add_subject(officer, "person", form.of_person(), form.cleaned_data["category"])
    except Invalid as refused:
        raise Invalid(form.named(PERSON, refused.fields)) from refused
    actions.link(officer, holder, document, form.LINK, evaluation=form.evaluation())
    return holder


def holder_of(request: HttpRequest, officer: Officer) -> Subject | None:
    """The person named in the address, when the document is of one who is known."""
    named = request.GET.get("holder", "")
    if not named:
        return None
    try:
        found = queries.subject_for(officer, uuid.UUID(named))
    except (ValueError, Subject.DoesNotExist) as error:
        raise Http404 from error
    if found.kind != "person":
        raise Http404
    return found
