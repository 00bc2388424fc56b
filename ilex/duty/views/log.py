"""The page of the shift: who is on duty, what was handed over, and the log."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ilex.duty import actions, queries
from ilex.duty.forms import HandoverForm, LineForm
from ilex.duty.models import Shift
from ilex.duty.views.common import officer_of, tried
from ilex.units.models import Officer
from ilex.units.rules import check


@require_safe
def duty(request: HttpRequest) -> HttpResponse:
    return show(request, officer_of(request))


@require_POST
def line(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    check(officer, "duty.log")
    form = LineForm(request.POST)
    if not form.is_valid():
        return show(request, officer, line_form=form, status=422)
    return tried(request, lambda: actions.write_line(officer, **form.cleaned_data), _("Written into the log."), "duty")


@require_POST
def hand_over(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer = officer_of(request)
    check(officer, "duty.log")
    shift = get_object_or_404(Shift, pk=id)
    form = HandoverForm(request.POST)
    if not form.is_valid():
        return show(request, officer, handover_form=form, status=422)
    return tried(
        request,
        lambda: actions.hand_over(officer, shift, form.cleaned_data["note"]),
        _("Handed over. A colleague takes it now."),
        "duty",
    )


@require_POST
def take_over(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer = officer_of(request)
    check(officer, "duty.log")
    shift = get_object_or_404(Shift, pk=id)
    return tried(request, lambda: actions.take_over(officer, shift), _("You have taken over."), "duty")


def show(
    request: HttpRequest,
    officer: Officer,
    *,
    line_form: LineForm | None = None,
    handover_form: HandoverForm | None = None,
    status: int = 200,
) -> HttpResponse:
    check(officer, "duty.log")
    present = queries.present_shift(officer)
    shown: dict[str, Any] = {
        "on_duty": queries.on_duty(),
        "present": present,
        "to_take_over": queries.to_take_over(),
        "log": queries.log(request.GET.get("page", "")),
        "stands_in_for": queries.stands_in_for(officer),
        "line_form": line_form or LineForm(),
        "handover_form": handover_form or HandoverForm(),
        "may_hand_over": present is not None and present.handed_over_at is None,
    }
    return render(request, "duty/duty.html", shown, status=status)
