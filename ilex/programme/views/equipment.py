"""The list of equipment, the page of an asset, and recording needs, purchases, checks and write-offs."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from ilex.programme.actions import assets as verbs
from ilex.programme.actions.needs import meet_need, record_need
from ilex.programme.forms.equipment import CONDITION_WORDS, AssetFilter, NeedForm, PurchaseForm, ReportForm
from ilex.programme.forms.saying import SettleForm
from ilex.programme.models import Asset
from ilex.programme.queries import equipment as queries
from ilex.programme.queries.values import money
from ilex.programme.rules.assets import MAY
from ilex.programme.views.loading import accepted, officer_of
from ilex.units import queries as units
from ilex.units.models import Officer
from ilex.units.rules import check, may
from ilex.web.steps import StepLink

PAGE = 50
LISTS = ("assets", "handovers", "needs")
NOT_THERE = (Asset.State.NEEDED, Asset.State.WRITTEN_OFF)


@require_GET
def equipment(request: HttpRequest) -> HttpResponse:
    """One page with three lists; the agreements have their own."""
    officer = officer_of(request)
    chosen = request.GET.get("show", "")
    show = chosen if chosen in LISTS else "assets"
    form = AssetFilter(request.GET)
    lists: dict[str, Callable[[], Any]] = {
        "assets": lambda: queries.found_assets(officer, **form.said()),
        "handovers": lambda: queries.visible_handovers(officer),
        "needs": lambda: queries.visible_needs(officer),
    }
    leaf = Paginator(lists[show](), PAGE).get_page(request.GET.get("page"))
    shown = {
        "show": show,
        "shows": shows(show),
        "form": form,
        "narrowed": any(form.said().values()),
        "leaf": leaf,
        "rows": leaf.object_list,
        "writes": may(officer, "asset.write"),
        "to_give": queries.to_hand_over().exists(),
    }
    return render(request, "programme/equipment.html", shown)


def shows(current: str) -> list[tuple[str, str, bool]]:
    address = reverse("equipment")
    return [
        (address, _("Equipment"), current == "assets"),
        (f"{address}?show=handovers", _("Hand-overs"), current == "handovers"),
        (f"{address}?show=needs", _("Needs"), current == "needs"),
        (reverse("agreements"), _("Agreements on staff exchange"), current == "agreements"),
    ]


@require_GET
def asset(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer = officer_of(request)
    found = queries.asset_for(officer, id)
    ours = found.holder_id == units.here().pk
    shown = {
        "asset": found,
        "value": money(found.value, found.currency),
        "history": [
            (step, CONDITION_WORDS.get(step.condition, step.condition))
            for step in found.steps.select_related("unit", "by").order_by("at", "pk")
        ],
        "handovers": found.handover_lines.select_related("handover__giver", "handover__receiver").order_by("pk"),
        "ours": ours,
        "buys": may(officer, "asset.write") and found.state in MAY["purchase"][0],
        "gives": may(officer, "asset.write") and ours and found.state in MAY["handover"][0],
        "checks": may(officer, "asset.write") and ours and found.state in MAY["check"][0],
        "step_links": list(_links(officer, found, ours)),
    }
    return render(request, "programme/asset.html", shown)


def _links(officer: Officer, row: Asset, ours: bool) -> Iterator[StepLink]:
    if may(officer, "asset.write") and ours and row.state in MAY["write-off"][0]:
        yield StepLink(_("Write it off"), reverse("asset-write-off", args=[row.pk]))
    if row.state not in NOT_THERE:
        yield StepLink(_("Labels (PDF)"), reverse("asset-labels", args=[row.pk]))


@require_http_methods(["GET", "POST"])
def need(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    check(officer, "asset.write")
    form = NeedForm(request.POST or None)
    if form.is_valid():
        said = form.cleaned_data
        made = accepted(
            form, lambda: record_need(officer, said["text"], said["action"], [unit.pk for unit in said["to"]])
        )
        if made is not None:
            messages.success(request, _("The need is on file."))
            return redirect(f"{reverse('equipment')}?show=needs")
    return form_page(request, form, _("Record a need"), _("Record it"))


@require_http_methods(["GET", "POST"])
def met(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer = officer_of(request)
    check(officer, "asset.write")
    found = queries.need_for(officer, id)
    form = SettleForm(request.POST or None)

    def said() -> bool:
        meet_need(officer, found, form.cleaned_data["why"])
        return True

    if form.is_valid() and accepted(form, said):
        messages.success(request, _("It is written down as met."))
        return redirect(f"{reverse('equipment')}?show=needs")
    return form_page(request, form, _("This was met"), _("Write it down"), note=found.text)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    check(officer, "asset.write")
    form = PurchaseForm(request.POST or None, need=request.GET.get("need", ""))
    if form.is_valid():
        made = accepted(form, lambda: verbs.buy(officer, form.cleaned_data["need"], form.purchase()))
        if made is not None:
            messages.success(request, _("It is on the list. Next it is handed over."))
            return redirect("asset", made.pk)
    return form_page(request, form, _("Record a purchase"), _("Record it"))


@require_http_methods(["GET", "POST"])
def bought(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """What was planned until now."""
    officer = officer_of(request)
    check(officer, "asset.write")
    found = queries.asset_for(officer, id)
    if found.state not in MAY["purchase"][0]:
        raise Http404(_("It is bought already."))
    form = PurchaseForm(request.POST or None, asset=found)
    if form.is_valid():
        made = accepted(form, lambda: verbs.buy(officer, found.need, form.purchase(), asset=found))
        if made is not None:
            messages.success(request, _("It is on the list. Next it is handed over."))
            return redirect("asset", found.pk)
    return form_page(request, form, _("Record the purchase"), _("Record it"), found)


@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, id: uuid.UUID, kind: str) -> HttpResponse:
    """A check of the use, or a write-off."""
    officer = officer_of(request)
    check(officer, "asset.write")
    found = queries.asset_for(officer, id)
    if found.holder_id != units.here().pk or found.state not in MAY[kind][0]:
        raise Http404(_("Only the unit that holds it can do this."))
    gone = kind == "write-off"
    form = ReportForm(request.POST or None, gone=gone)
    verb = verbs.write_off if gone else verbs.check
    if form.is_valid() and accepted(form, lambda: _done(verb(officer, found, **form.cleaned_data))):
        told = found.giver is not None and found.giver_id != units.here().pk
        messages.success(request, _("On file; the giver is told.") if told else _("On file."))
        return redirect("asset", found.pk)
    title = _("Write it off") if gone else _("Check its use")
    return form_page(request, form, title, _("Write it off") if gone else _("Record the check"), found)


def _done(nothing: None) -> bool:
    """`accepted` tells a verb that went well by what it gives."""
    return nothing is None


def form_page(
    request: HttpRequest, form: Any, title: str, button: str, found: Asset | None = None, note: str = ""
) -> HttpResponse:
    shown = {"form": form, "title": title, "button": button, "note": note}
    if found is not None:
        name = found.name or found.get_kind_display()
        shown |= {"about": name, "back": reverse("asset", args=[found.pk]), "back_words": name}
    else:
        shown |= {"back": reverse("equipment"), "back_words": _("Equipment")}
    return render(request, "programme/form.html", shown, status=422 if form.errors else 200)
