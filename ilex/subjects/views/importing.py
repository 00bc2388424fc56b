"""Files of subjects: a file is looked at row by row, then taken in; and what was taken in before."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ilex.subjects import queries
from ilex.subjects.actions import trials
from ilex.subjects.forms.importing import FileForm, ImportForm, as_asked
from ilex.subjects.models import Trial
from ilex.subjects.rules import Invalid, NotNow
from ilex.subjects.views.loading import officer_of, posted
from ilex.units.models import Officer
from ilex.units.rules import check

PAGE = 30


@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    leaf = Paginator(queries.imports(officer), PAGE).get_page(request.GET.get("page"))
    return render(request, "subjects/imports.html", {"leaf": leaf, "trials": queries.trials(officer)})


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Whatever the file holds, nothing of it is taken in before the officer has seen what would be."""
    officer = officer_of(request)
    check(officer, "subject.import")
    form = FileForm(officer, posted(request), request.FILES or None)
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            trial = trials.try_file(officer, file, form.asked(file.name))
        except Invalid as refused:
            form.take_errors(refused.fields)
        else:
            return redirect("subject-import", trial.pk)
    return render(request, "subjects/import-new.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, id: UUID) -> HttpResponse:
    """What the look at the file found. Sent with the form, the file is looked at again as the form says."""
    officer, trial = _load(request, id)
    form = ImportForm(officer, posted(request), initial=as_asked(trials.asked_of(trial)))
    if form.is_bound and form.is_valid():
        try:
            trials.try_again(officer, trial, form.asked(trial.attachment.name))
        except Invalid as refused:
            form.take_errors(refused.fields)
        except NotNow as late:
            form.add_error(None, str(late))
        else:
            return redirect("subject-import", trial.pk)
    shown = {"form": form, "trial": trial, "report": trial.report}
    return render(request, "subjects/import.html", shown, status=422 if form.is_bound else 200)


@require_POST
def take(request: HttpRequest, id: UUID) -> HttpResponse:
    officer, trial = _load(request, id)
    try:
        report = trials.take_trial(officer, trial)
    except (NotNow, Invalid) as refused:
        messages.error(request, str(refused))
        return redirect("subject-import", trial.pk)
    messages.success(request, report.summary)
    return redirect("subject-imports")


@require_POST
def drop(request: HttpRequest, id: UUID) -> HttpResponse:
    officer, trial = _load(request, id)
    try:
        trials.drop_trial(officer, trial)
    except NotNow as late:
        messages.error(request, str(late))
    else:
        messages.success(request, _("The file is thrown away; nothing of it was taken in."))
    return redirect("subject-imports")


def _load(request: HttpRequest, id: UUID) -> tuple[Officer, Trial]:
    officer = officer_of(request)
    try:
        return officer, queries.trial_for(officer, id)
    except Trial.DoesNotExist as error:
        raise Http404 from error
