"""The list of actions, and the page of one with all that is said of it."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ilex.programme.forms.actions import ActionFilterForm
from ilex.programme.models import Action
from ilex.programme.queries.access import action_for
from ilex.programme.queries.listing import ActionFilter, Mark, listed
from ilex.programme.queries.pages import SHOWN, ActionPage, page_of
from ilex.programme.views.loading import officer_of
from ilex.units.models import Officer
from ilex.units.rules import check, may
from ilex.web import listing as leafing
from ilex.web.steps import StepLink

ENDS = "?parts=end#involved"  # the page of the action, with a link to end each part
BACK = "?mistakes=show"  # the page, with a link to take back each word that was written down


@require_safe
def actions(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    check(officer, "programme.read")
    form = ActionFilterForm(request.GET)
    chosen = form.chosen()
    parts = request.GET.get("show") == "parts"
    after = Mark.read(request.GET.get("after", ""))
    page = listed(officer, _filter(chosen, parts=parts), after)
    shown = {
        "form": form,
        "rows": page.rows,
        "active": [(form.words(name, value), leafing.query(request, name, "after")) for name, value in chosen.items()],
        "shows": [("?", _("Actions"), not parts), ("?show=parts", _("With their parts"), parts)],
        "parts": parts,
        "first": leafing.query(request, "after") if after else "",
        "next": _behind(request, page.next) if page.next else "",
        "writes": may(officer, "programme.write"),
    }
    return render(request, "programme/actions.html", shown)


def _filter(chosen: dict[str, object], *, parts: bool) -> ActionFilter:
    words = {"words" if name == "q" else name: value for name, value in chosen.items()}
    return ActionFilter(parts=parts, **words)  # type: ignore[arg-type]  # the form has checked each


def _behind(request: HttpRequest, mark: Mark) -> str:
    asked = request.GET.copy()
    asked["after"] = str(mark)
    return f"?{asked.urlencode()}"


@require_safe
def page(request: HttpRequest, key: str) -> HttpResponse:
    officer = officer_of(request)
    action = action_for(officer, key)
    found = page_of(action, officer, shown=SHOWN)
    writes = may(officer, "programme.write")
    shown = {
        "shown": found,
        "action": action,
        "writes": writes,
        "next_step": _next_step(officer, found),
        "step_links": list(_steps(action)) if writes else [],
        "ends": writes and request.GET.get("parts") == "end",
        "back_mode": writes and request.GET.get("mistakes") == "show",
    }
    return render(request, "programme/action.html", shown)


def _next_step(officer: Officer, found: ActionPage) -> StepLink | None:
    """One: to decide where sources differ, else to go on with an activity; who only reads is shown the sheet."""
    action = found.action
    if may(officer, "programme.write"):
        if found.said.open:
            first = found.said.open[0]
            return StepLink(_("Say which source is followed"), reverse("claim-prefer", args=[first.claims[0].row.pk]))
        if address := _address("activity-new"):
            return StepLink(_("Add an activity"), f"{address}?action={action.key}")
    address = _address("factsheet", action.key)
    return StepLink(_("Factsheet"), address) if address else None


def _steps(action: Action) -> Iterator[StepLink]:
    page = reverse("action", args=[action.key])
    words = {
        "action-edit": _("Change what it is"),
        "action-involve": _("Add who takes part"),
        ENDS: _("End somebody's part"),
        "action-amounts": _("Budget and amounts"),
        "action-objectives": _("Objectives"),
        "action-claim": _("Write down what a source states"),
        "action-finding": _("Note what came out"),
        "action-remark": _("Add a remark"),
        BACK: _("Take back a mistake"),
        "action-text": _("Texts in other languages"),
    }
    for name, label in words.items():
        yield StepLink(label, f"{page}{name}" if name.startswith("?") else reverse(name, args=[action.key]))
    yield StepLink(_("Add a part of it"), f"{reverse('action-new')}?parent={action.key}")


def _address(name: str, *args: object) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
