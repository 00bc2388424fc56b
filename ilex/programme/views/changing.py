"""Pages that write an action down: what it is, its texts, what it wants, what it costs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.forms import BaseFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from ilex.programme.actions import actions as verbs
from ilex.programme.forms.actions import ActionForm, AmountSet, ObjectiveSet, TextForm
from ilex.programme.models import Action, ActionText, Amount
from ilex.programme.queries.access import action_for
from ilex.programme.rules.errors import Invalid, NotNow
from ilex.programme.views.loading import accepted, officer_of, plain_of, publishes, seen_version
from ilex.units.models import Officer
from ilex.units.rules import check

SAYS: dict[str, Any] = {
    "error_messages": {"missing_management_form": gettext_lazy("The form came incomplete: load the page again.")}
}


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """?parent=KEY names the action of which it becomes a part."""
    officer = officer_of(request)
    check(officer, "programme.write")
    if request.method == "GET":
        parent = request.GET.get("parent", "")
        kind = Action.Kind.COMPONENT if parent else Action.Kind.PROJECT
        first = {"parent": parent, "kind": kind, "language": "en"}
        return _form(request, ActionForm(initial=first, publishes=publishes(officer)), None)
    form = ActionForm(request.POST, publishes=publishes(officer))
    if form.is_valid() and (made := accepted(form, lambda: verbs.add_action(officer, **form.columns()))):
        messages.success(request, _("The action is on file. Say next who takes part."))
        return redirect("action", made.key)
    return _form(request, form, None)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, key: str) -> HttpResponse:
    officer, action = _writes(request, key)
    if request.method == "GET":
        form = ActionForm(initial=ActionForm.first(action), action=action, publishes=publishes(officer))
        return _form(request, form, action)
    form = ActionForm(request.POST, action=action, publishes=publishes(officer))

    def change() -> bool:
        verbs.change_action(officer, action, version=form.cleaned_data.get("version"), **form.columns())
        return True

    if form.is_valid() and accepted(form, change):
        messages.success(request, _("The changes are kept."))
        return redirect("action", action.key)
    return _form(request, form, action)


def _form(request: HttpRequest, form: ActionForm, action: Action | None) -> HttpResponse:
    shown = {
        "form": form,
        "title": _("Change what it is") if action else _("Add an action"),
        "button": _("Keep the changes") if action else _("Add the action"),
        "about": action,
        "back": reverse("action", args=[action.key]) if action else reverse("actions"),
        "back_words": str(action) if action else _("Actions"),
    }
    return render(request, "programme/form.html", shown, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def text(request: HttpRequest, key: str) -> HttpResponse:
    """?language=sr begins with what there is in it."""
    officer, action = _writes(request, key)
    wanted = plain_of(request, "language")
    there = ActionText.objects.filter(action=action, language=wanted).first()
    first = {"language": wanted, **({"title": there.title, "summary": there.summary} if there else {})}
    form = TextForm(request.POST or None, initial=first, action=action)

    def write() -> bool:
        verbs.write_text(officer, action, **form.cleaned_data)
        return True

    if form.is_valid() and accepted(form, write):
        messages.success(request, _("The texts are kept."))
        return redirect("action", action.key)
    shown = {
        "form": form,
        "title": _("Texts in other languages"),
        "button": _("Keep the texts"),
        "about": action,
        "back": reverse("action", args=[action.key]),
        "back_words": str(action),
        "note": _("The action's own texts are in %(language)s.") % {"language": action.language},
    }
    return render(request, "programme/form.html", shown, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def amounts(request: HttpRequest, key: str) -> HttpResponse:
    officer, action = _writes(request, key)
    rows = list(Amount.objects.filter(action=action).order_by("pk"))
    formset = AmountSet(request.POST or None, initial=[_first_amount(row) for row in rows], prefix="amounts", **SAYS)
    if request.method == "POST" and formset.is_valid():
        lines = [_money(typed) for typed in _filled(formset, "role")]
        if _done(formset, lambda: verbs.set_amounts(officer, action, lines, version=seen_version(request))):
            messages.success(request, _("The amounts are kept."))
            return redirect("action", action.key)
    note = _("Empty a line to take it away. An amount without a figure says that none is stated.")
    return _set(request, action, formset, _("Budget and amounts"), note)


def _first_amount(row: Amount) -> dict[str, Any]:
    value = "" if row.value is None else f"{row.value:.2f}"
    return {
        **{name: getattr(row, name) for name in ("role", "currency", "funding_line", "printed", "note")},
        "figure": value,
    }


def _money(typed: dict[str, Any]) -> verbs.Money:
    names = ("role", "value", "currency", "funding_line", "printed", "note")
    return verbs.Money(**{name: typed[name] for name in names})


@require_http_methods(["GET", "POST"])
def objectives(request: HttpRequest, key: str) -> HttpResponse:
    officer, action = _writes(request, key)
    rows = [{"level": one.level, "text": one.text} for one in action.objectives.all()]
    formset = ObjectiveSet(request.POST or None, initial=rows, prefix="objectives", **SAYS)
    if request.method == "POST" and formset.is_valid():
        lines = [(typed["level"], typed["text"]) for typed in _filled(formset, "text")]
        if _done(formset, lambda: verbs.set_objectives(officer, action, lines, version=seen_version(request))):
            messages.success(request, _("The objectives are kept."))
            return redirect("action", action.key)
    return _set(request, action, formset, _("Objectives"), _("Empty a line to take it away."))


def _filled(formset: BaseFormSet[Any], name: str) -> Sequence[dict[str, Any]]:
    return [form.cleaned_data for form in formset if form.cleaned_data.get(name)]


def _done(formset: BaseFormSet[Any], verb: Callable[[], None]) -> bool:
    """What a verb refuses stands above the lines: which of them is meant, its sentence says."""
    try:
        verb()
    except (Invalid, NotNow) as refused:
        formset.non_form_errors().append(str(refused))
        return False
    return True


def _set(request: HttpRequest, action: Action, formset: BaseFormSet[Any], title: str, note: str) -> HttpResponse:
    wrong = request.method == "POST"
    shown = {
        "formset": formset,
        "title": title,
        "button": _("Keep the changes"),
        "note": note,
        "about": action,
        "back": reverse("action", args=[action.key]),
        "back_words": str(action),
        "wrong": wrong,
        "version": str(seen_version(request) or action.version),
    }
    return render(request, "programme/form-lines.html", shown, status=422 if wrong else 200)


def _writes(request: HttpRequest, key: str) -> tuple[Officer, Action]:
    officer = officer_of(request)
    check(officer, "programme.write")
    return officer, action_for(officer, key)
