"""Handing equipment over, and the page of a hand-over with the receiver's answer."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ilex.programme.actions import handovers as verbs
from ilex.programme.actions import returning
from ilex.programme.forms.equipment import AnswerForm, HandoverForm
from ilex.programme.models import Handover
from ilex.programme.queries import equipment as queries
from ilex.programme.queries.values import money
from ilex.programme.views.equipment import form_page
from ilex.programme.views.loading import accepted, officer_of, tried
from ilex.units.models import Officer
from ilex.units.rules import check, may
from ilex.web.steps import StepForm


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    check(officer, "asset.write")
    form = HandoverForm(request.POST or None, assets=request.GET.getlist("asset"))
    if form.is_valid():
        made = accepted(form, lambda: verbs.hand_over(officer, form.delivery()))
        if made is not None:
            messages.success(request, _("The hand-over is on its way; the receiver answers for each line."))
            return redirect("handover", made.pk)
    return form_page(request, form, _("Hand equipment over"), _("Hand it over"))


@require_GET
def page(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer = officer_of(request)
    found = queries.handover_for(officer, id)
    lines = found.handover_lines.select_related("asset__need").order_by("pk")
    delivery = queries.delivery_of(found.given) or queries.delivery_of(found.taken)
    shown = {
        "handover": found,
        "delivery": delivery,
        "step_forms": list(_forms(officer, found, queries.is_lost(delivery))),
        "lines": [(line, money(line.asset.value, line.asset.currency)) for line in lines],
        "digest": bytes(found.digest).hex(),
        "answers": may(officer, "asset.write") and _waits_for_us(found),
        "out": found.way == Handover.Way.OUT,
    }
    return render(request, "programme/handover.html", shown)


def _forms(officer: Officer, row: Handover, lost: bool) -> Iterator[StepForm]:
    """What can be done where the message of our side was not delivered."""
    step = reverse("handover-step", args=[row.pk])
    out = row.way == Handover.Way.OUT
    waits = row.state == (Handover.State.SENT if out else Handover.State.ANSWERED)
    if not may(officer, "asset.write") or not waits:
        return
    if lost:
        yield StepForm("", f"{step}?step=again", _("Send it again"))
    if out and returning.never_comes(row):
        yield StepForm("", f"{step}?step=back", _("Take it back"))


@require_POST
def step(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer = officer_of(request)
    check(officer, "asset.write")
    found = queries.handover_for(officer, id)
    steps: dict[str, tuple[Callable[[], None], str]] = {
        "again": (lambda: returning.send_again(officer, found), _("It is on its way again.")),
        "back": (lambda: returning.take_back(officer, found), _("It is ours to hand over again.")),
    }
    chosen = steps.get(request.GET.get("step", ""))
    if chosen is None:
        raise Http404
    tried(request, *chosen)
    return redirect("handover", found.pk)


@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer = officer_of(request)
    check(officer, "asset.write")
    found = queries.handover_for(officer, id)
    if not _waits_for_us(found):
        raise Http404(_("This hand-over waits for no answer of ours."))
    form = AnswerForm(request.POST or None, lines=list(found.handover_lines.select_related("asset").order_by("pk")))
    if form.is_valid():
        said = form.cleaned_data["accepted_on"]
        if accepted(form, lambda: verbs.answer_handover(officer, found, said, form.refused())) is not None:
            messages.success(request, _("Answered; the giver is told."))
            return redirect("handover", found.pk)
    shown = {
        "form": form,
        "title": _("Accept what came"),
        "about": found.number,
        "note": _("Leave a line empty to accept it. Whatever you do not accept stays the giver's: write why."),
        "button": _("Answer"),
        "back": reverse("handover", args=[found.pk]),
        "back_words": found.number,
    }
    return render(request, "programme/form.html", shown, status=422 if form.errors else 200)


def _waits_for_us(row: Handover) -> bool:
    return row.way == Handover.Way.IN and row.state == Handover.State.SENT
