"""The page of what waits for a second person."""

from __future__ import annotations

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from ilex.approvals import queries
from ilex.units.models import Officer
from ilex.units.rules import may


@require_safe
def approvals(request: HttpRequest) -> HttpResponse:
    officer = cast(Officer, request.user)
    if not may(officer, "approval.give") and not may(officer, "note.write"):
        raise PermissionDenied
    shown = {
        "to_approve": queries.with_recipients(queries.to_approve(officer)),
        "to_note": queries.with_recipients(queries.to_note(officer)),
        "mine": queries.with_recipients(queries.asked_by(officer)),
        "may_approve": may(officer, "approval.give"),
        "now": now(),
    }
    return render(request, "approvals/approvals.html", shown)
