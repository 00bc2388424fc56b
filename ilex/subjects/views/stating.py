"""Adding a statement, correcting one, taking one back."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ilex.subjects import actions, uses
from ilex.subjects.forms.stating import CorrectionForm, StatementForm, WhyForm
from ilex.subjects.models import Subject
from ilex.subjects.rules import Invalid, NotNow, is_permitted
from ilex.subjects.views.loading import case_of, done, load, load_link, load_statement, posted, read
from ilex.words import kinds
from ilex.words.kinds import Property


@require_http_methods(["GET", "POST"])
def say(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Which field stands in the address: ?property=born. One that the law does not allow does not exist."""
    officer, subject = load(request, id, "subject.write")
    named = request.GET.get("property", "") or request.POST.get("property", "")
    one = property_of(subject, named)
    form = StatementForm(one, posted(request), origins=uses.origins(officer, case_of(request), subject))
    if form.is_bound and form.is_valid():
        try:
            actions.state(officer, subject, form.said())
        except Invalid as refused:
            form.take_errors(refused.fields)
        except NotNow as late:
            form.add_error(None, str(late))
        else:
            messages.success(request, _("Written down."))
            return redirect("subject", subject.pk)
    shown = {"form": form, "subject": subject, "property": one, "title": _("Add: %(field)s") % {"field": _(one.text)}}
    return render(request, "subjects/say.html", shown, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer, statement = load_statement(request, id)
    one = property_of(statement.subject, statement.property)
    form = CorrectionForm.of(statement, one, posted(request), uses.origins(officer, "", statement.subject))
    read(request, officer, statement.subject)
    if form.is_bound and form.is_valid():
        try:
            actions.correct(officer, statement, form.said(), form.cleaned_data["why"])
        except Invalid as refused:
            form.take_errors(refused.fields)
        except NotNow as late:
            form.add_error(None, str(late))
        else:
            messages.success(request, _("Corrected. What stood there before is kept, withdrawn."))
            return redirect("subject", statement.subject_id)
    shown = {
        "form": form,
        "subject": statement.subject,
        "property": one,
        "statement": statement,
        "title": _("Correct: %(field)s") % {"field": _(one.text)},
    }
    return render(request, "subjects/say.html", shown, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer, statement = load_statement(request, id)
    one = property_of(statement.subject, statement.property)
    form = WhyForm(posted(request))
    read(request, officer, statement.subject)
    if form.is_bound and form.is_valid():
        why = form.cleaned_data["why"]
        return done(request, statement.subject_id, lambda: actions.withdraw(officer, statement, why), _("Withdrawn."))
    shown = {"form": form, "subject": statement.subject, "label": _(one.text), "value": statement.value}
    return render(request, "subjects/withdraw.html", shown, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def withdraw_link(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer, link = load_link(request, id)
    read(request, officer, link.one)
    form = WhyForm(posted(request))
    if form.is_bound and form.is_valid():
        why = form.cleaned_data["why"]
        return done(request, link.one_id, lambda: actions.withdraw_link(officer, link, why), _("Withdrawn."))
    kind = kinds.link_kind(link.kind)
    shown = {"form": form, "subject": link.one, "label": _(kind.text), "value": link.other.caption}
    return render(request, "subjects/withdraw.html", shown, status=422 if form.is_bound else 200)


def property_of(subject: Subject, name: str) -> Property:
    if not is_permitted(subject.kind, subject.category, name):
        raise Http404
    return kinds.kind(subject.kind).properties[name]
