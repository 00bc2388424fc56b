"""The house with one page more: every part of ilex/web with its use, for tests and for whoever builds pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.utils.timezone import now

from ilex.config.urls import urlpatterns as house
from ilex.web import errors
from ilex.web.steps import StepForm, StepLink
from ilex.web.tiles import Tile

NOW = datetime(2026, 11, 21, 13, 32, tzinfo=UTC)


class Example(forms.Form):
    subject = forms.CharField(label="Subject", help_text="One line, as it will stand in the list.")
    urgency = forms.ChoiceField(
        label="Urgency", choices=[("", "not urgent"), ("U_A", "Threat to life")], widget=forms.RadioSelect
    )
    partner = forms.ChoiceField(label="Partner", choices=[("mk", "Skopje"), ("ge", "Tbilisi")], required=False)
    offences = forms.MultipleChoiceField(
        label="Offences",
        choices=[(str(n), f"Offence number {n}") for n in range(6)],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    facts = forms.CharField(label="Facts", widget=forms.Textarea, required=False)
    until = forms.DateTimeField(
        label="Expected", widget=forms.DateTimeInput(attrs={"type": "datetime-local"}), required=False
    )
    original = forms.FileField(label="Original", required=False)
    copied = forms.BooleanField(label="A copy goes to the unit", help_text="Art. 4(3) names three exceptions.")


class Filter(forms.Form):
    partner = forms.ChoiceField(label="Partner", choices=[("", "all"), ("mk", "Skopje")], required=False)
    words = forms.CharField(label="Words", required=False)


FILES = [
    SimpleNamespace(
        name="ანკეტა.pdf", media="application/pdf", size=2_345_678, sealed_size=2_345_800, arrived=2_345_800,
        whole_at=NOW, failure="", url="#",
    ),
    SimpleNamespace(
        name="recording.wav", media="audio/wav", size=900_000_000, sealed_size=900_100_000, arrived=312_000_000,
        whole_at=None, failure="", url="",
    ),
    SimpleNamespace(
        name="photo.jpg", media="image/jpeg", size=120_000, sealed_size=120_100, arrived=120_100,
        whole_at=None, failure="The file is not what its seal says", url="",
    ),
]  # fmt: skip


def parts(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        messages.success(request, "The request is sent to Skopje.")
    tiles = [
        Tile("overdue", "Overdue", 1, "#", "overdue"),
        Tile("hours", "Due in 8 h", 3, "#", "near"),
        Tile("days", "Due in 3 d", 9, "#"),
        Tile("ours", "Waiting for us", 12, "#"),
        Tile("theirs", "Waiting for them", 31, "#"),
        Tile("stopped", "Clock stands", 0, "#"),
    ]
    shown = {
        "form": Example(request.POST) if request.method == "POST" else Example(),
        "filter": Filter(auto_id="filter_%s"),
        "active": [("Partner: Skopje", "?"), ("Channel: SIENA", "?")],
        "tiles": tiles,
        "files": FILES,
        "leaf": Paginator(range(500), 20).get_page(request.GET.get("page", 7)),
        "shows": [("?show=open", "Open", True), ("?show=closed", "Closed", False)],
        "links": [StepLink("Close the case", "#")],
        "forms": [StepForm("Put a request in", "#", "Put in", Filter(auto_id="step_%s"), contrary="Take out")],
        "now": NOW,
        "far": NOW + timedelta(days=3, hours=4),
        "near": NOW + timedelta(hours=2, minutes=41),
        "past": NOW - timedelta(days=3, hours=4),
    }
    return render(request, "parts.html", shown)


def draft(request: HttpRequest) -> HttpResponse:
    return render(request, "draft.html", {"form": Example(auto_id="d_%s", initial=request.GET.dict())})


SAVED: list[dict[str, str]] = []


def save(request: HttpRequest) -> HttpResponse:
    SAVED.append(request.POST.dict())
    return JsonResponse({"saved_at": now().isoformat()})


def wrong(request: HttpRequest, what: str) -> HttpResponse:
    if what == "404":
        raise Http404("There is no request with this reference.")
    if what == "403":
        raise PermissionDenied("Only the head of the unit assigns requests.")
    if what == "413":
        raise RequestDataTooBig
    if what == "503":
        return errors.unavailable(request)
    raise RuntimeError(what)


urlpatterns = [
    path("parts", parts, name="parts"),
    path("draft", draft, name="parts-draft"),
    path("draft/save", save, name="parts-save"),
    path("wrong/<what>", wrong),
    *house,
]
handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.broken
