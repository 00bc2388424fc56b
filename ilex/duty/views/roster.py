"""The plan of a week, with its gaps and overlaps."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ilex.duty import actions, queries
from ilex.duty.forms import PlanForm
from ilex.duty.models import Shift
from ilex.duty.rules import monday_of, week_name
from ilex.duty.views.common import officer_of, tried
from ilex.units.rules import check, may


@require_safe
def roster(request: HttpRequest) -> HttpResponse:
    return show(request)


@require_POST
def plan(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    check(officer, "duty.plan")
    form = PlanForm(request.POST)
    if not form.is_valid():
        return show(request, form=form, status=422)
    planned = form.cleaned_data
    week = week_name(monday_of("", timezone.localtime(planned["begins"]).date()))
    return tried(
        request,
        lambda: actions.plan(officer, planned["officer"], planned["begins"], planned["ends"]),
        _("The shift is in the plan."),
        f"{reverse('duty-roster')}?week={week}",
    )


@require_POST
def remove(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer = officer_of(request)
    check(officer, "duty.plan")
    shift = get_object_or_404(Shift, pk=id)
    week = week_name(monday_of("", timezone.localtime(shift.begins).date()))
    return tried(
        request,
        lambda: actions.remove(officer, shift),
        _("The shift is taken out of the plan."),
        f"{reverse('duty-roster')}?week={week}",
    )


def show(request: HttpRequest, *, form: PlanForm | None = None, status: int = 200) -> HttpResponse:
    officer = officer_of(request)
    check(officer, "duty.log")
    today = timezone.localdate()
    monday = monday_of(request.GET.get("week", ""), today)
    may_plan = may(officer, "duty.plan")
    shown: dict[str, Any] = {
        "week": queries.week(monday),
        "name": week_name(monday),
        "earlier": week_name(monday - timedelta(days=7)),
        "later": week_name(monday + timedelta(days=7)),
        "today": today,
        "now": timezone.now(),
        "form": (form or PlanForm()) if may_plan else None,
        "may_plan": may_plan,
    }
    return render(request, "duty/roster.html", shown, status=status)
