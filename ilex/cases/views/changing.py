"""Pages that change a case as a whole: opening, editing, merging, splitting, its closed circle, closing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ilex.cases import actions, queries
from ilex.cases.forms.cases import (
    CircleForm,
    CloseForm,
    EditCaseForm,
    ErrorsOfVerbs,
    MergeForm,
    NewCaseForm,
    SplitForm,
)
from ilex.cases.models import Case, Step
from ilex.cases.queries.steps import case_allowed
from ilex.cases.views.loading import case_of
from ilex.cases.views.page import other_case
from ilex.documents import queries as documents
from ilex.exchange import queries as exchange
from ilex.exchange.models import OPEN, Request
from ilex.exchange.pad import officer_of
from ilex.exchange.rules import Invalid, NotNow
from ilex.subjects import queries as subjects
from ilex.subjects.models import Subject
from ilex.units.models import Officer
from ilex.units.rules import check
from ilex.words import casework, law

MOST = 50  # requests or subjects with which a case is opened


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Open a case by hand, or from what the address names: ?request=RS-2026-000001&subject=ID."""
    officer = officer_of(request)
    check(officer, "case.write")
    asked, known = _named(request, officer)
    if request.method == "GET":
        form = NewCaseForm(initial=_first(asked, request.GET.get("template", "")))
        return _new(request, form, asked, known)
    form = NewCaseForm(request.POST)
    if not form.is_valid():
        return _new(request, form, asked, known, status=422)
    try:
        case = actions.open_case(officer, requests=asked, subjects=known, **form.cleaned_data)
    except Invalid as refused:
        form.take_errors(refused.fields)
        return _new(request, form, asked, known, status=422)
    messages.success(request, _("%(number)s is open.") % {"number": case.number})
    return redirect("case", case.number)


def _named(request: HttpRequest, officer: Officer) -> tuple[list[Request], list[Subject]]:
    try:
        asked = [exchange.request_for(officer, ref) for ref in request.GET.getlist("request")[:MOST]]
        known = [subjects.subject_for(officer, UUID(key)) for key in request.GET.getlist("subject")[:MOST]]
    except (Request.DoesNotExist, Subject.DoesNotExist, ValueError) as error:
        raise Http404 from error
    return asked, known


def _first(asked: Sequence[Request], code: str) -> dict[str, str]:
    """What the form begins with: the title pattern of the template, and the offence of the first request."""
    found = next((one for one in casework.templates() if one.code == code), None)
    first = asked[0] if asked else None
    listed = {offence.code for offence in law.offences()}
    area = next((code for code in first.offences if code in listed), "") if first else ""
    place, ref = (first.partner.place_id or first.partner.name, first.our_ref) if first else ("", "")
    title = casework.title(found, partner=place, reference=ref) if found else f"{place} {ref}".strip()
    return {"template": found.code if found else "", "area": (found.area if found else "") or area, "title": title}


def _new(
    request: HttpRequest, form: NewCaseForm, asked: list[Request], known: list[Subject], status: int = 200
) -> HttpResponse:
    shown = {"form": form, "requests": asked, "subjects": known, "query": request.GET.urlencode()}
    return render(request, "cases/new.html", shown, status=status)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, number: str) -> HttpResponse:
    officer, case = _for(request, number, "edit")
    first = {
        "title": case.title,
        "summary": case.summary,
        "area": case.area,
        "references": "\n".join(case.references),
        "team": list(case.team.all()),
    }
    form = EditCaseForm(request.POST or None, initial=first)
    if form.is_valid() and _done(form, lambda: actions.edit(officer, case, **form.cleaned_data)):
        return redirect("case", case.number)
    return _form(request, case, form, _("Change the case"), _("Keep the changes"))


@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, number: str) -> HttpResponse:
    """First the form, then what would come along, then it is done."""
    officer, case = _for(request, number, "merge")
    form = MergeForm(request.POST or None)
    other = None
    if form.is_valid():
        try:
            other = other_case(officer, form.cleaned_data["other"])
            if request.POST.get("confirmed"):
                actions.merge(officer, case, other, form.cleaned_data["reason"])
                messages.success(request, _("%(number)s is part of this case now.") % {"number": other.number})
                return redirect("case", case.number)
        except (Invalid, NotNow) as refused:
            form.take_errors(refused.fields if isinstance(refused, Invalid) else {"other": str(refused)})
            other = None
    shown = {"case": case, "form": form, "other": other, "comes": _comes(other, officer) if other else []}
    return render(request, "cases/merge.html", shown, status=422 if form.errors else 200)


def _comes(case: Case, officer: Officer) -> list[tuple[str, list[str]]]:
    """What of this case would come along, by kind."""
    return [
        (_("Requests"), [one.our_ref for one in queries.requests_of(case, officer)]),
        (_("Subjects"), [one.caption for one, _role in queries.subjects_of(case, officer)]),
        (_("Tasks"), [f"{one.number} · {one.authority}" for one in queries.tasks_of(case)]),
        (_("Documents"), [one.title for one in documents.documents_on("case", case.pk, officer)]),
        (_("Notes"), [one.text[:80] for one in case.steps.filter(kind=Step.Kind.NOTE)]),
    ]


@require_http_methods(["GET", "POST"])
def split(request: HttpRequest, number: str) -> HttpResponse:
    officer, case = _for(request, number, "split")
    form = SplitForm(request.POST or None, offers=_offers(case, officer))
    if form.is_valid():
        typed = form.cleaned_data
        made: list[Case] = []

        def chosen(name: str) -> list[UUID]:
            return [UUID(key) for key in typed.get(name, [])]

        def part() -> None:
            new = actions.split(
                officer,
                case,
                title=typed["title"],
                reason=typed["reason"],
                requests=chosen("requests"),
                subjects=chosen("subjects"),
                tasks=chosen("tasks"),
                documents=chosen("documents"),
                notes=[int(key) for key in typed.get("notes", [])],
            )
            made.append(new)

        if _done(form, part):
            messages.success(request, _("%(number)s is open.") % {"number": made[0].number})
            return redirect("case", made[0].number)
    return _form(request, case, form, _("Split the case"), _("Open the new case"))


def _offers(case: Case, officer: Officer) -> dict[str, list[tuple[str, str]]]:
    return {
        "requests": [
            (str(one.pk), f"{one.our_ref} · {one.partner.name}") for one in queries.requests_of(case, officer)
        ],
        "subjects": [(str(one.pk), one.caption) for one, _role in queries.subjects_of(case, officer)],
        "tasks": [(str(one.pk), f"{one.number} · {one.title}") for one in queries.tasks_of(case)],
        "documents": [
            (str(one.pk), one.title)
            for one in documents.documents_on("case", case.pk, officer)
            if one.part_of_id is None
        ],
        "notes": [(str(one.pk), one.text[:80]) for one in case.steps.filter(kind=Step.Kind.NOTE)],
    }


@require_http_methods(["GET", "POST"])
def circle(request: HttpRequest, number: str) -> HttpResponse:
    """Close, change or open the circle; the page says what becomes of subjects and documents before it is done."""
    officer, case = _for(request, number, "circle")
    offers = {} if case.circle else _loose(case, officer)
    inside = list(case.circle.officers.all()) if case.circle else [one for one in (officer, case.owner) if one]
    first = {"officers": inside, **{name: [key for key, _words in rows] for name, rows in offers.items()}}
    form = CircleForm(request.POST or None, initial=first, offers=offers)
    if form.is_valid():
        typed = form.cleaned_data
        opens = request.POST.get("step") == "open"

        def change() -> None:
            if case.circle is None:
                actions.close_circle(
                    officer,
                    case,
                    officers=typed["officers"],
                    reason=typed["reason"],
                    subjects=[UUID(key) for key in typed.get("subjects", [])],
                    documents=[UUID(key) for key in typed.get("documents", [])],
                )
            elif opens:
                actions.open_circle(officer, case, reason=typed["reason"])
            else:
                actions.change_circle(officer, case, officers=typed["officers"], reason=typed["reason"])

        if _done(form, change):
            messages.success(request, _("Done."))
            return redirect("case", case.number)
    leaving = [one for one, _role in queries.subjects_of(case, officer) if case.circle_id and one.circle_id]
    shown = {"case": case, "form": form, "leaving": leaving, "elsewhere": _elsewhere(case, officer)}
    return render(request, "cases/circle.html", shown, status=422 if form.errors else 200)


def _loose(case: Case, officer: Officer) -> dict[str, list[tuple[str, str]]]:
    papers = documents.documents_on("case", case.pk, officer)
    return {
        "subjects": [
            (str(one.pk), one.caption) for one, _role in queries.subjects_of(case, officer) if one.circle_id is None
        ],
        "documents": [(str(one.pk), one.title) for one in papers if one.circle_id is None],
    }


def _elsewhere(case: Case, officer: Officer) -> list[tuple[Subject, list[str]]]:
    """Subjects that stand in other cases too: a circle would take them away from these."""
    found = []
    for subject, _role in queries.subjects_of(case, officer):
        others = queries.visible_cases(officer).filter(case_subjects__subject=subject).exclude(pk=case.pk)
        numbers = list(others.order_by("number").values_list("number", flat=True)[:5])
        if numbers:
            found.append((subject, numbers))
    return found


@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, number: str) -> HttpResponse:
    officer, case = _for(request, number, "close")
    form = CloseForm(request.POST or None)
    if form.is_valid() and _done(form, lambda: actions.close(officer, case, **form.cleaned_data)):
        messages.success(request, _("The case is closed."))
        return redirect("case", case.number)
    waiting = [one.our_ref for one in queries.requests_of(case, officer) if one.state in OPEN]
    note = _("Still open, and not closed with the case: %(refs)s.") % {"refs": ", ".join(waiting)} if waiting else ""
    return _form(request, case, form, _("Close the case"), _("Close the case"), note)


def _for(request: HttpRequest, number: str, verb: str) -> tuple[Officer, Case]:
    """For pages of a verb: without it, or in a state that forbids it, they do not exist."""
    officer, case = case_of(request, number, verb)
    if not case_allowed(verb, case, officer):
        raise Http404
    return officer, case


def _done(form: ErrorsOfVerbs, verb: Callable[[], object]) -> bool:
    try:
        verb()
    except Invalid as refused:
        form.take_errors(refused.fields)
    except NotNow as late:
        form.add_error(None, str(late))
    else:
        return True
    return False


def _form(
    request: HttpRequest, case: Case, form: ErrorsOfVerbs, title: str, button: str, note: str = ""
) -> HttpResponse:
    shown = {"case": case, "form": form, "title": title, "button": button, "note": note}
    shown["back"] = reverse("case", args=[case.number])
    return render(request, "cases/form.html", shown, status=422 if form.errors else 200)
