"""Agreements on the exchange of staff: the list, both copies side by side, and the steps."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ilex.programme.actions import agreements as verbs
from ilex.programme.forms.agreements import TERM_WORDS, TermsForm
from ilex.programme.forms.nominations import ReasonForm
from ilex.programme.models import ExchangeAgreement
from ilex.programme.queries import equipment as queries
from ilex.programme.queries.people import in_words
from ilex.programme.queries.values import duration, language
from ilex.programme.rules.agreements import differences, digest_of, whole
from ilex.programme.views.equipment import PAGE, shows
from ilex.programme.views.loading import accepted, officer_of, tried
from ilex.units.models import Officer, Organisation
from ilex.units.rules import check, may
from ilex.web.steps import StepForm, StepLink

State = ExchangeAgreement.State
DAYS = ("since", "until")
CHANGED = (State.DRAFT, State.PROPOSED, State.ASKED, State.AGREED, State.DIFFERS)


@require_GET
def agreements(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    leaf = Paginator(queries.visible_agreements(officer), PAGE).get_page(request.GET.get("page"))
    signs = may(officer, "agreement.sign")
    rows = [(row, *(_day(row.terms.get(name)) for name in DAYS)) for row in leaf.object_list]
    shown = {"leaf": leaf, "rows": rows, "shows": shows("agreements"), "signs": signs}
    return render(request, "programme/agreements.html", shown)


@require_GET
def page(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer = officer_of(request)
    found = queries.agreement_for(officer, id)
    theirs = found.their_terms if found.state == State.DIFFERS else None
    last = queries.last_word(found)
    delivery = queries.delivery_of(last)
    shown = {
        "agreement": found,
        "delivery": delivery,
        "terms": _side_by_side(found.terms, theirs),
        "theirs": theirs,
        "digest": bytes(found.digest).hex(),
        "their_digest": bytes(found.their_digest).hex() if found.their_digest is not None else "",
        "history": found.steps.select_related("by"),
        "signs": may(officer, "agreement.sign"),
        "seen": digest_of(theirs).hex() if theirs else bytes(found.digest).hex(),
        "step_links": list(_links(officer, found)),
        "step_forms": list(_forms(officer, found, queries.is_lost(delivery))),
    }
    return render(request, "programme/agreement.html", shown)


def _side_by_side(ours: Mapping[str, Any], theirs: Mapping[str, Any] | None) -> list[tuple[str, str, str, bool]]:
    """Each term in words, ours and theirs, and whether they differ."""
    apart = differences(ours, theirs) if theirs is not None else []
    one, other = _in_words(ours), _in_words(theirs or {})
    return [(str(words), one.get(name, ""), other.get(name, ""), name in apart) for name, words in TERM_WORDS.items()]


def _in_words(terms: Mapping[str, Any]) -> dict[str, str]:
    """As people read them; damaged ones as they stand."""
    said = {name: str(value) for name, value in terms.items()}
    if read := whole(terms):
        named = dict(Organisation.objects.filter(pk__in=[*read.sends, *read.hosts]).values_list("pk", "name"))
        said |= {
            "sends": ", ".join(named.get(unit, unit) for unit in read.sends),
            "hosts": ", ".join(named.get(unit, unit) for unit in read.hosts),
            "since": _day(read.since),
            "until": _day(read.until),
            "stay": duration(read.stay),
        }
    return said


def _day(text: object) -> str:
    """As it stands where somebody damaged it."""
    with suppress(ValueError):
        return in_words(str(text or ""), language())
    return str(text)


def _links(officer: Officer, row: ExchangeAgreement) -> Iterator[StepLink]:
    if may(officer, "agreement.sign") and row.state in CHANGED:
        words = _("Propose other terms") if row.state == State.ASKED else _("Change the terms")
        yield StepLink(words, reverse("agreement-edit", args=[row.pk]))


def _forms(officer: Officer, row: ExchangeAgreement, lost: bool) -> Iterator[StepForm]:
    step = reverse("agreement-step", args=[row.pk])
    if not may(officer, "agreement.sign"):
        return
    if lost and row.state != State.DRAFT:
        yield StepForm("", f"{step}?step=again", _("Send it again"))
    if row.state == State.ASKED:
        yield StepForm(_("Decline"), f"{step}?step=decline", _("Decline it"), ReasonForm(auto_id="decline_%s"))
    if row.state in (State.DRAFT, State.PROPOSED, State.AGREED, State.DIFFERS):
        yield StepForm(_("End it"), f"{step}?step=end", _("End the agreement"), ReasonForm(auto_id="end_%s"))


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    check(officer, "agreement.sign")
    form = TermsForm(request.POST or None)
    if form.is_valid():
        made = accepted(form, lambda: verbs.draft_agreement(officer, form.unit, form.terms()))
        if made is not None:
            messages.success(request, _("The draft is kept. Look at it, then propose it."))
            return redirect("agreement", made.pk)
    shown = {
        "form": form,
        "title": _("Draft an agreement on staff exchange"),
        "button": _("Keep the draft"),
        "note": _("Nothing is sent yet."),
        "back": reverse("agreements"),
        "back_words": _("Agreements on staff exchange"),
    }
    return render(request, "programme/form.html", shown, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer = officer_of(request)
    check(officer, "agreement.sign")
    found = queries.agreement_for(officer, id)
    if found.state not in CHANGED:
        raise Http404(_("The terms of this agreement are no longer changed."))
    form = TermsForm(request.POST or None, agreement=found)
    if form.is_valid() and accepted(form, lambda: _changed(officer, found, form)):
        messages.success(request, _("The terms are changed."))
        return redirect("agreement", found.pk)
    draft = found.state == State.DRAFT
    told = _("%(unit)s gets the new terms at once, and has to agree.") % {"unit": found.partner.name}
    shown = {
        "form": form,
        "title": _("Change the terms"),
        "button": _("Keep the draft") if draft else _("Change and send them"),
        "note": "" if draft else told,
        "about": found.terms["title"],
        "back": reverse("agreement", args=[id]),
        "back_words": found.terms["title"],
    }
    return render(request, "programme/form.html", shown, status=422 if form.errors else 200)


def _changed(officer: Officer, row: ExchangeAgreement, form: TermsForm) -> bool:
    verbs.change_agreement(officer, row, form.terms(), form.cleaned_data["seen"])
    return True


@require_POST
def step(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer = officer_of(request)
    check(officer, "agreement.sign")
    found = queries.agreement_for(officer, id)
    why, seen = request.POST.get("reason", ""), request.POST.get("seen", "")
    steps: dict[str, tuple[Callable[[], None], str]] = {
        "propose": (lambda: verbs.propose_agreement(officer, found), _("Proposed: the partner answers.")),
        "agree": (
            lambda: verbs.answer_agreement(officer, found, "agreed", seen=seen),
            _("Agreed; the partner is told."),
        ),
        "decline": (lambda: verbs.answer_agreement(officer, found, "declined", why), _("Declined; they are told.")),
        "again": (lambda: verbs.send_again(officer, found), _("It is on its way again.")),
        "end": (lambda: verbs.end_agreement(officer, found, why), _("Ended.")),
    }
    chosen = steps.get(request.GET.get("step", ""))
    if chosen is None:
        raise Http404
    tried(request, *chosen)
    return redirect("agreement", found.pk)
