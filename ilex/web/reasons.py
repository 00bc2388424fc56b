"""Why a supervisor reads: typed before a page opens, and kept by the room in its journal line."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

LONGEST = 200


def reason_of(request: HttpRequest) -> str:
    """What was typed on the page of `ask_reason`; empty when nothing was."""
    return request.POST.get("reason", "").strip()[:LONGEST]


def ask_reason(request: HttpRequest, number: str = "") -> HttpResponse:
    """The page that asks. `number` names the thing without telling what it holds."""
    refused = request.method == "POST"
    return render(request, "web/reason.html", {"number": number, "refused": refused}, status=422 if refused else 200)
