"""What the unit holds: each list with its purpose and its loads, switched off and on; the expected false alerts."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import number_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ilex.crosscheck import actions
from ilex.crosscheck.forms.holdings import SwitchForm, ThresholdForm
from ilex.crosscheck.models import Threshold
from ilex.crosscheck.rules import Invalid
from ilex.crosscheck.views.alerts import alert_rows
from ilex.crosscheck.views.beside import kind_words
from ilex.crosscheck.views.loading import officer_of, tried
from ilex.crosscheck.views.places import titles
from ilex.crosscheck.views.tabs import held, tabs
from ilex.holdings import actions as holdings
from ilex.holdings.models import Load, Source
from ilex.matching.thresholds import measured_among
from ilex.units.rules import may

LOADS = 20  # of one list, the newest first


@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request, "holding.read")
    today = localdate()
    newest = {load.source_id: load for load in Load.objects.order_by("source", "-at").distinct("source")}
    rows = [
        {
            "source": source,
            "records": number_format(source.records, force_grouping=True),
            "load": newest.get(source.pk),
            "review_over": source.review_on is not None and source.review_on <= today,
            "ended": source.active and not source.searched(today),
        }
        for source in Source.objects.filter(origin=False).order_by("title")
    ]
    shown = {
        "rows": rows,
        "held": held(),
        "alerts": alert_rows(),
        "measured_at": number_format(measured_among(), force_grouping=True),
        "may_change": may(officer, "holding.load"),
        "tabs": tabs(request, officer),
    }
    return render(request, "crosscheck/sources.html", shown)


@require_safe
def source(request: HttpRequest, code: str) -> HttpResponse:
    officer = officer_of(request, "holding.read")
    return _page(request, _source(code), SwitchForm() if may(officer, "holding.load") else None)


def _page(request: HttpRequest, found: Source, form: SwitchForm | None, status: int = 200) -> HttpResponse:
    shown = {
        "source": found,
        "records": number_format(found.records, force_grouping=True),
        "ended": found.active and not found.searched(),
        "loads": found.loads.select_related("by").order_by("-at")[:LOADS],
        "form": form,
    }
    return render(request, "crosscheck/source.html", shown, status=status)


def _source(code: str) -> Source:
    found = Source.objects.filter(code=code, origin=False).select_related("changed_by").first()
    if found is None:
        raise Http404
    return found


@require_POST
def switch(request: HttpRequest, code: str) -> HttpResponse:
    officer = officer_of(request, "holding.load")
    found, on = _source(code), request.POST.get("active") == "yes"
    form = SwitchForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, 422)
    word = _("It is searched again.") if on else _("It is switched off: nobody finds anything in it.")
    tried(request, lambda: holdings.switch(officer, found, on, form.cleaned_data["reason"]), word)
    return redirect("source", code)


@require_http_methods(["GET", "POST"])
def thresholds(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request, "holding.load")
    form = ThresholdForm(request.POST or None)
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        given = {"show": typed["show"] / 100, "strong": typed["strong"] / 100, "reason": typed["reason"]}
        try:
            actions.set_threshold(officer, kind=typed["kind"], source=typed["source"], **given)
        except Invalid as refused:
            for name, sentence in refused.fields.items():
                form.add_error(name if name in form.fields else None, sentence)
        else:
            return redirect("thresholds")
    shown = {"form": form, "rows": _decided()}
    return render(request, "crosscheck/thresholds.html", shown, status=422 if form.is_bound else 200)


def _decided() -> list[dict[str, Any]]:
    known = titles()
    return [
        {
            "kind": kind_words(one.kind) if one.kind else _("Every kind"),
            "source": known.get(one.source, one.source) if one.source else _("Every list"),
            "threshold": one,
        }
        for one in Threshold.objects.select_related("by").order_by("source", "kind")
    ]
