"""Proposing people, choosing them, sending the chosen, and the page of one nomination."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ilex.programme.actions import attending
from ilex.programme.actions import nominating as verbs
from ilex.programme.actions.reading import open_nomination
from ilex.programme.forms.nominations import QUESTION_WORDS, EvaluationForm, JourneyForm, NomineeForm, ReasonForm
from ilex.programme.models import Evaluation, Invitation, Nomination
from ilex.programme.queries import nominations as queries
from ilex.programme.queries.people import in_words
from ilex.programme.queries.values import language
from ilex.programme.rules.nominations import QUESTIONS
from ilex.programme.views.loading import accepted, officer_of, tried
from ilex.units import queries as units
from ilex.units.models import Officer
from ilex.units.rules import check, may
from ilex.web.steps import StepForm, StepLink

State = Nomination.State


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer = officer_of(request)
    invitation = queries.invitation_for(officer, id)
    own = officer.organisation.name if queries.only_own(officer) else ""
    form = NomineeForm(request.POST or None, own=own)
    if form.is_valid():
        made = accepted(form, lambda: verbs.propose(officer, invitation, form.nominee()))
        if made is not None:
            messages.success(request, _("Proposed. The name stays at home until the coordinator chooses it."))
            return redirect("invitation", invitation.pk)
    shown = {
        "form": form,
        "title": _("Propose somebody"),
        "about": invitation.activity.title,
        "button": _("Propose"),
        "note": _("The name stays at home. Only if it is chosen it is sent to %(unit)s, with all that stands here.")
        % {"unit": invitation.organiser.name},
        "back": reverse("invitation", args=[id]),
        "back_words": invitation.activity.title,
    }
    return render(request, "programme/form.html", shown, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def send(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Before names leave: who gets which of them, with which fields."""
    officer = officer_of(request)
    check(officer, "nomination.choose")
    invitation = queries.invitation_for(officer, id)
    if request.method == "POST":
        sent = partial(verbs.send_nominations, officer, invitation, request.POST.getlist("person"))
        tried(request, sent, _("Nominated. The names are on their way."))
        return redirect("invitation", invitation.pk)
    rows = [row for row in queries.ours_of(officer, invitation) if row.state == State.CHOSEN]
    shown = {"invitation": invitation, "rows": rows, "own": invitation.organiser_id == units.here().pk}
    return render(request, "programme/nominations-send.html", shown)


@require_POST
def decline(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer = officer_of(request)
    check(officer, "nomination.choose")
    invitation = queries.invitation_for(officer, id)
    why = request.POST.get("reason", "")
    tried(request, lambda: verbs.decline_invitation(officer, invitation, why), _("The organiser is told."))
    return redirect("invitation", invitation.pk)


@require_GET
def page(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer = officer_of(request)
    found = queries.nomination_for(officer, id)
    open_nomination(officer, found)
    ours = found.unit_id == units.here().pk
    # What a participant says reached the organiser without a name: it stands on the page of the invitation.
    evaluation, certificate = getattr(found, "evaluation", None) if ours else None, getattr(found, "certificate", None)
    shown = {
        "nomination": found,
        "when": in_words(found.invitation.activity.when, language()),
        "history": found.steps.select_related("by").order_by("at", "pk"),
        "travel": getattr(found, "travel", None),
        "evaluation": evaluation,
        "marks": _marks(evaluation) if evaluation else [],
        "certificate": certificate,
        "ours": ours,
        "chooses": may(officer, "nomination.choose"),
        "step_links": list(_links(officer, found)),
        "step_forms": list(_forms(officer, found)),
    }
    return render(request, "programme/nomination.html", shown)


def _marks(evaluation: Evaluation) -> list[tuple[str, int]]:
    """In the order of the form."""
    return [(str(QUESTION_WORDS[one]), evaluation.marks[one]) for one in QUESTIONS if one in evaluation.marks]


def _links(officer: Officer, row: Nomination) -> Iterator[StepLink]:
    ours = row.unit_id == units.here().pk
    if queries.expected(row):
        yield StepLink(_("Confirmation as a letter (PDF)"), reverse("nomination-letter", args=[row.pk]))
    if ours and _may_travel(officer, row):
        yield StepLink(_("Travel data"), reverse("nomination-travel", args=[row.pk]))
    if ours and row.state == State.ATTENDED and not hasattr(row, "evaluation"):
        yield StepLink(_("Say how it was"), reverse("nomination-evaluate", args=[row.pk]))


def _may_travel(officer: Officer, row: Nomination) -> bool:
    wanted = row.invitation.travel_wanted and row.state == State.CONFIRMED and queries.expected(row)
    return wanted and may(officer, "nomination.choose")


def _forms(officer: Officer, row: Nomination) -> Iterator[StepForm]:
    if not may(officer, "nomination.choose"):
        return
    step, ours = reverse("nomination-step", args=[row.pk]), row.unit_id == units.here().pk
    if ours and row.state in (State.SENT, State.WAITING, State.CONFIRMED):
        form = ReasonForm(auto_id="withdraw_%s")
        yield StepForm(_("Withdraw"), f"{step}?step=withdraw", _("Withdraw the nomination"), form)
    certificate = getattr(row, "certificate", None)
    if certificate and not certificate.revoked_at and row.invitation.way == Invitation.Way.OUT:
        revoke = reverse("certificate-revoke", args=[certificate.number])
        form = ReasonForm(auto_id="revoke_%s")
        yield StepForm(_("Revoke the certificate"), revoke, _("Revoke it"), form)


@require_POST
def step(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Choose, drop or withdraw; from the invitation's page one comes back to it."""
    officer = officer_of(request)
    check(officer, "nomination.choose")
    found = queries.nomination_for(officer, id)
    text = request.POST.get("reason", "")
    match request.GET.get("step"):
        case "choose":
            tried(request, lambda: verbs.choose(officer, found), _("Chosen."))
        case "drop":
            tried(request, lambda: verbs.drop(officer, found, text), _("Not chosen; the name stays at home."))
        case "withdraw":
            tried(request, lambda: verbs.withdraw(officer, found, text), _("Withdrawn; the organiser is told."))
            return redirect("nomination", found.pk)
        case _unknown:
            raise Http404
    return redirect("invitation", found.invitation_id)


@require_http_methods(["GET", "POST"])
def travel(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer = officer_of(request)
    check(officer, "nomination.choose")
    found = _own(officer, id)
    if not _may_travel(officer, found):
        raise Http404(_("Travel data are sent of people who are confirmed."))
    form = JourneyForm(request.POST) if request.POST else JourneyForm.of(found)
    if form.is_valid():
        verb = partial(verbs.send_travel, officer, found.invitation, {found: form.journey()})
        if accepted(form, verb) is not None:
            messages.success(request, _("The organiser has the travel data."))
            return redirect("nomination", found.pk)
    unit = found.invitation.organiser.name
    note = _("It is sent to %(unit)s at once, and erased with the name.") % {"unit": unit}
    return _form(request, form, found, _("Travel data"), _("Send them"), note)


@require_http_methods(["GET", "POST"])
def evaluate(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer = officer_of(request)
    found = _own(officer, id)
    form = EvaluationForm(request.POST or None)
    if form.is_valid():
        verb = partial(attending.evaluate, officer, found, form.marks(), form.cleaned_data["text"])
        if accepted(form, verb) is not None:
            messages.success(request, _("Thank you. The organiser has it."))
            return redirect("nomination", found.pk)
    note = _("What the participant says. It goes to the organiser without the name.")
    return _form(request, form, found, _("How was it?"), _("Send it"), note)


def _own(officer: Officer, id: uuid.UUID) -> Nomination:
    found = queries.nomination_for(officer, id)
    if found.unit_id != units.here().pk:
        raise Http404
    return found


def _form(
    request: HttpRequest, form: JourneyForm | EvaluationForm, row: Nomination, title: str, button: str, note: str
) -> HttpResponse:
    shown = {
        "form": form,
        "title": title,
        "about": row.invitation.activity.title,
        "button": button,
        "note": note,
        "back": reverse("nomination", args=[row.pk]),
        "back_words": row.name or _("Nomination"),
    }
    return render(request, "programme/form.html", shown, status=422 if form.errors else 200)
