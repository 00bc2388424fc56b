"""The page of one request, and what is done on it without a letter."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ilex.exchange import actions, queries, uses
from ilex.exchange.filling import words_of
from ilex.exchange.forms.replying import AccessForm, AssignForm, CloseForm, NoteForm, PartnerSaidForm
from ilex.exchange.letters import replies
from ilex.exchange.models import Request
from ilex.exchange.pad import officer_of
from ilex.exchange.rules import Invalid, NotNow
from ilex.exchange.views.letters import uploaded
from ilex.gate.models import Attachment
from ilex.units.models import Officer
from ilex.web.reasons import ask_reason, reason_of
from ilex.web.steps import StepForm, StepLink


def load(request: HttpRequest, ref: str) -> tuple[Officer, Request]:
    """The officer and the request, or a page that does not exist for this officer."""
    officer = officer_of(request)
    try:
        return officer, queries.request_for(officer, ref)
    except Request.DoesNotExist as error:
        raise Http404 from error


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, ref: str) -> HttpResponse:
    """Opens a request. Whoever supervises types a reason first; everybody leaves a line in the journal."""
    officer, found = load(request, ref)
    reason = reason_of(request)
    if queries.needs_reason(officer, found) and not reason:
        return ask_reason(request, found.our_ref)
    queries.consult(officer, found, reason)
    moments = queries.timeline(found)
    # Read after its letters: one that comes in this moment is never shown beside the clock and the steps of before it.
    officer, found = load(request, ref)
    can = queries.steps(found, officer)
    shown = {
        "asked": found,
        "timeline": moments,
        "next_step": queries.next_step(found, officer),
        "steps": can,
        "mendable": {step.entry.id for step in moments if step.entry and actions.mendable(step.entry, officer)},
        "twins": queries.open_twins(found),
        "siblings": queries.siblings(found, officer),
        "channel": queries.channel_name(found.channel),
        "uses": uses.uses(found, officer),
        "step_links": _step_links(found, officer, can),
        "step_forms": list(_step_forms(found, can)),
        "notices": uses.notices(found, officer),
    }
    return render(request, "exchange/request.html", shown)


def _step_links(found: Request, officer: Officer, can: set[str]) -> list[StepLink]:
    links = [StepLink(str(label), reverse("letter", args=[found.our_ref, kind])) for kind, label in replies(can)]
    links += [StepLink(row.label, row.url) for row in uses.steps(found, officer)]
    if links or can:
        links.append(StepLink(_("Form B as PDF"), reverse("form-b", args=[found.our_ref])))
        links.append(StepLink(_("Statement of exchange as PDF"), reverse("statement", args=[found.our_ref])))
    return links


def _step_forms(found: Request, can: set[str]) -> Iterator[StepForm]:
    def at(name: str) -> str:
        return reverse(f"request-{name}", args=[found.our_ref])

    if "assign" in can:
        yield StepForm(_("Assign"), at("assign"), _("Assign"), AssignForm(initial={"to": found.owner_id}))
    if "set_access" in can:
        form = AccessForm(initial={"access": found.access})
        yield StepForm(_("How accessible is it?"), at("access"), _("Compute the deadline"), form)
    if "note" in can:
        yield StepForm(_("Note"), at("note"), _("Keep the note"), NoteForm())
    if "record_entry" in can:
        said = PartnerSaidForm()
        yield StepForm(_("Record what they said"), at("said"), _("Record it"), said, files=_("The original"))
    if "close" in can:
        yield StepForm(_("Close"), at("close"), _("Close the request"), CloseForm())


@require_POST
def take(request: HttpRequest, ref: str) -> HttpResponse:
    officer, found = load(request, ref)
    return done(request, found, lambda: actions.take(officer, found), _("You have taken this request."))


@require_POST
def assign(request: HttpRequest, ref: str) -> HttpResponse:
    officer, found = load(request, ref)
    form = AssignForm(request.POST)
    return with_form(
        request, found, form, lambda: actions.assign(found, to=form.cleaned_data["to"], by=officer), _("Assigned.")
    )


@require_POST
def access(request: HttpRequest, ref: str) -> HttpResponse:
    officer, found = load(request, ref)
    form = AccessForm(request.POST)
    return with_form(
        request,
        found,
        form,
        lambda: actions.set_access(found, form.cleaned_data["access"], by=officer, reason=form.cleaned_data["reason"]),
        _("The deadline is computed anew."),
    )


@require_POST
def note(request: HttpRequest, ref: str) -> HttpResponse:
    officer, found = load(request, ref)
    form = NoteForm(request.POST)
    return with_form(request, found, form, lambda: actions.note(officer, found, form.cleaned_data["text"]), _("Noted."))


@require_POST
def close(request: HttpRequest, ref: str) -> HttpResponse:
    officer, found = load(request, ref)
    form = CloseForm(request.POST)
    return with_form(
        request,
        found,
        form,
        lambda: actions.close(found, by=officer, reason=form.cleaned_data["reason"]),
        _("Closed."),
    )


@require_POST
def said(request: HttpRequest, ref: str) -> HttpResponse:
    """The partner said something by the other channel."""
    officer, found = load(request, ref)
    form = PartnerSaidForm(request.POST)

    def keep() -> object:
        typed = form.cleaned_data
        originals = uploaded(request)
        return actions.record_entry(
            officer,
            found,
            typed["kind"],
            at=typed["at"],
            text=typed["text"] or text_of(originals, found.language),
            stage=typed["stage"],
            expected_at=typed["expected_at"],
            originals=originals,
        )

    return with_form(request, found, form, keep, _("Recorded."))


def text_of(originals: Sequence[Attachment], language: str) -> str:
    """What they said stands in the original itself."""
    if text := words_of(originals, language):
        return text
    raise Invalid({"text": _("Write down what they said, or attach it as an e-mail or a scan that can be read.")})


@require_POST
def judge_twin(request: HttpRequest, ref: str) -> HttpResponse:
    officer, found = load(request, ref)
    number = request.POST.get("twin", "")
    twin = found.twins.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 18 else None
    if twin is None:
        raise Http404
    judgement = request.POST.get("judgement", "")
    return done(request, found, lambda: actions.judge_twin(officer, twin, judgement), _("Judged."))


def with_form(
    request: HttpRequest, found: Request, form: forms.Form, verb: Callable[[], object], word: str
) -> HttpResponse:
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(map(str, errors)))
        return redirect("request", found.our_ref)
    return done(request, found, verb, word)


def done(request: HttpRequest, found: Request, verb: Callable[[], object], word: str) -> HttpResponse:
    """Run a verb and go back to the page, with one sentence about how it went."""
    try:
        verb()
    except NotNow as late:
        messages.error(request, str(late))
    except Invalid as refused:
        messages.error(request, " ".join(refused.fields.values()))
    else:
        messages.success(request, word)
    return redirect("request", found.our_ref)
