"""One statement that another unit gave: asking for its use, and using it in court."""

from __future__ import annotations

import uuid

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ilex.exchange import queries as exchange
from ilex.exchange.models import Entry, Way
from ilex.sharing import actions, queries
from ilex.sharing.forms import ConsentForm, CourtForm, LetterConsentForm
from ilex.sharing.models import CourtUse, Use
from ilex.sharing.queries.review import label_of
from ilex.sharing.rules import Blocked, Invalid, NotNow, Unconfirmed
from ilex.sharing.views.loading import officer_of
from ilex.subjects import queries as subjects
from ilex.subjects.models import Statement
from ilex.units import queries as units
from ilex.units.models import Officer
from ilex.units.rules import check, may


def _load(request: HttpRequest, id: uuid.UUID, verb: str) -> tuple[Officer, Statement]:
    officer = officer_of(request)
    check(officer, verb)
    try:
        return officer, subjects.statement_for(officer, id)
    except Statement.DoesNotExist as error:
        raise Http404 from error


@require_http_methods(["GET", "POST"])
def consent(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Ask the owner; or record what he said by another channel."""
    officer, statement = _load(request, id, "release.send")
    if statement.owner_id == units.here().pk:
        raise Http404
    form = ConsentForm(request.POST or None, owner=statement.owner_id)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        recorded = request.POST.get("step") == "record"
        try:
            if recorded:
                made = actions.record_consent(officer, [statement], typed["use"], typed["to"], typed["reason"])
            else:
                made = actions.ask_consent(officer, [statement], typed["use"], typed["to"], typed["reason"])
        except Invalid as refused:
            _take(form, refused)
        except NotNow as late:
            form.add_error(None, str(late))
        else:
            messages.success(request, _("Recorded.") if recorded else _("Asked."))
            return redirect("consent", made.pk)
    shown = {"statement": statement, "label": label_of(statement), "form": form}
    shown["records"] = may(officer, "consent.decide")
    return render(request, "sharing/ask.html", shown, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def court(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer, statement = _load(request, id, "case.write")
    form = CourtForm(officer, request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            actions.use_in_court(
                officer,
                statement,
                typed["court"],
                case=typed.get("case", ""),
                confirmed="confirmed" in request.POST,
            )
        except Invalid as refused:
            _take(form, refused)
        except Blocked as blocked:
            form.add_error(None, " ".join(blocked.sentences))
        except Unconfirmed:
            form.add_error(None, _("Read the owner's conditions, and say that you keep them."))
        else:
            messages.success(request, _("Recorded."))
            return redirect("statement-court", id)
    shown = {
        "statement": statement,
        "label": label_of(statement),
        "form": form,
        "forbids": queries.forbids(statement, Use.COURT.value),
        "conditions": queries.conditions(statement),
        "uses": CourtUse.objects.filter(statement=statement.pk).select_related("by").order_by("-at"),
        "foreign": statement.owner_id != units.here().pk,
    }
    return render(request, "sharing/court.html", shown, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def letter(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Ask a partner to let others have a letter of his."""
    officer = officer_of(request)
    check(officer, "release.send")
    try:
        entry = exchange.entry_for(officer, id)
    except Entry.DoesNotExist as error:
        raise Http404 from error
    if entry.way != Way.IN:
        raise Http404
    form = LetterConsentForm(request.POST or None, owner=entry.request.partner_id)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.ask_for_letter(officer, entry, form.cleaned_data["to"], form.cleaned_data["reason"])
        except Invalid as refused:
            _take(form, refused)
        except NotNow as late:
            form.add_error(None, str(late))
        else:
            messages.success(request, _("Asked."))
            return redirect("consent", made.pk)
    shown = {"entry": entry, "form": form}
    return render(request, "sharing/ask-letter.html", shown, status=422 if form.errors else 200)


def _take(form: forms.Form, refused: Invalid) -> None:
    for name, sentence in refused.fields.items():
        form.add_error(name if name in form.fields else None, sentence)
