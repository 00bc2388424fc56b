"""The page of one case, and what is done on it at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ilex.cases import actions, queries
from ilex.cases.forms.cases import AssignForm, LinkForm, NoteForm, ReopenForm, RequestForm, WakeForm
from ilex.cases.models import Case, CaseLink, Task
from ilex.cases.queries.steps import case_allowed
from ilex.cases.views.loading import case_of, done, reason_of, with_form
from ilex.documents import queries as documents
from ilex.documents.uploading import UploadForm, kept
from ilex.exchange import queries as exchange
from ilex.exchange.models import Request
from ilex.exchange.rules import Invalid, NotNow
from ilex.subjects import queries as subjects
from ilex.subjects.models import Subject
from ilex.subjects.rules import Invalid as Unfit
from ilex.units.models import Officer, Role
from ilex.web.reasons import ask_reason
from ilex.web.steps import StepForm, StepLink
from ilex.words import casework


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, number: str) -> HttpResponse:
    """Opens a case. Whoever supervises types a reason first; everybody leaves a line in the journal."""
    officer, case = case_of(request, number)
    if case.merged_into is not None:
        return redirect("case", case.merged_into.number)
    reason = reason_of(request, officer)
    if reason is None:
        return ask_reason(request, case.number)
    queries.consult(officer, case, reason)
    return render(request, "cases/case.html", _shown(officer, case))


def _shown(officer: Officer, case: Case) -> dict[str, object]:
    requests, tasks = queries.requests_of(case, officer), queries.tasks_of(case)
    among = queries.subjects_of(case, officer)
    papers = documents.documents_on("case", case.pk, officer)
    steps = queries.case_steps(case, officer)
    return {
        "case": case,
        "area": queries.area_name(case.area),
        "outcome": actions.outcome_name(case.outcome) if case.outcome else "",
        "requests": [(one, exchange.next_step(one, officer)) for one in requests],
        "subjects": among,
        "tasks": tasks,
        "documents": papers,
        "answers": [paper for task in tasks for paper in documents.documents_on("task", task.pk, officer)],
        "checks": list(case.checks.all()),
        "first_tasks": _first_tasks(case, tasks),
        "links": _links(case, officer),
        "timeline": queries.timeline(case, officer, requests, tasks, papers),
        "next_step": queries.next_step(case, officer, requests, tasks, among),
        "steps": steps,
        "woken": queries.woken(case),
        "looks": queries.looks(case) if _may_see_looks(case, officer) else None,
        "circle": list(case.circle.officers.order_by("name")) if case.circle else [],
        "team": list(case.team.order_by("name")),
        "note": NoteForm(),
        "step_links": list(_step_links(case, steps)),
        "step_forms": list(_step_forms(case, steps)),
        "upload": UploadForm(),
    }


def _step_links(case: Case, steps: set[str]) -> Iterator[StepLink]:
    words = {
        "edit": _("Change the case"),
        "merge": _("Merge another case into this one"),
        "split": _("Split the case"),
        "circle": _("Closed circle"),
        "close": _("Close the case"),
    }
    for name, label in words.items():
        if name in steps:
            yield StepLink(label, reverse(f"case-{name}", args=[case.number]))


def _step_forms(case: Case, steps: set[str]) -> Iterator[StepForm]:
    def at(name: str) -> str:
        return reverse(f"case-{name}", args=[case.number])

    if "assign" in steps:
        form = AssignForm(initial={"to": case.owner_id})
        yield StepForm(_("Give it to somebody"), at("assign"), _("Assign"), form)
    if "wake" in steps:
        yield StepForm(_("Let it rest until a day"), at("wake"), _("Let it rest"), WakeForm())
        if case.state == Case.State.WAITING:
            yield StepForm("", at("woken"), _("Go on with it now"))
    if "gather" in steps:
        label = _("Put a request in or take it out")
        yield StepForm(label, at("request"), _("Put in"), RequestForm(), contrary=_("Take out"))
        yield StepForm(_("Link with another case"), at("link"), _("Link"), LinkForm())
    if "reopen" in steps:
        yield StepForm(_("Open it again"), at("reopen"), _("Open it again"), ReopenForm())


def _may_see_looks(case: Case, officer: Officer) -> bool:
    return case.owner_id == officer.pk or bool({Role.HEAD, Role.PROTECTION} & set(officer.roles))


def _first_tasks(case: Case, tasks: list[Task]) -> list[tuple[int, str]]:
    """Tasks that such cases mostly begin with and that were not sent yet."""
    found = next((one for one in casework.templates() if one.code == case.template), None)
    sent = {task.title for task in tasks}
    tasks_of_it = enumerate(found.tasks) if found else ()
    return [(place, _(task.title)) for place, task in tasks_of_it if not {task.title, _(task.title)} & sent]


def _links(case: Case, officer: Officer) -> list[tuple[CaseLink, Case]]:
    seen = queries.visible_cases(officer)
    rows = [(link, link.other_id) for link in case.links_from.all()] + [
        (link, link.one_id) for link in case.links_to.all()
    ]
    known = seen.in_bulk([pk for _link, pk in rows])
    return sorted(((link, known[pk]) for link, pk in rows if pk in known), key=lambda pair: pair[1].number)


@require_POST
def take(request: HttpRequest, number: str) -> HttpResponse:
    officer, case = case_of(request, number, "assign")
    return done(request, "case", number, lambda: actions.take(officer, case), _("You have taken this case."))


@require_POST
def assign(request: HttpRequest, number: str) -> HttpResponse:
    officer, case = case_of(request, number, "assign")
    form = AssignForm(request.POST)
    return with_form(
        request, "case", number, form, lambda: actions.assign(officer, case, form.cleaned_data["to"]), _("Assigned.")
    )


@require_POST
def note(request: HttpRequest, number: str) -> HttpResponse:
    officer, case = case_of(request, number, "note")
    form = NoteForm(request.POST)
    return with_form(
        request, "case", number, form, lambda: actions.note(officer, case, form.cleaned_data["text"]), _("Noted.")
    )


@require_POST
def wake(request: HttpRequest, number: str) -> HttpResponse:
    officer, case = case_of(request, number, "wake")
    form = WakeForm(request.POST)

    def rest() -> None:
        day: date = form.cleaned_data["wake_at"]
        actions.wake_on(officer, case, day, form.cleaned_data["wake_why"])

    return with_form(request, "case", number, form, rest, _("The case rests until that day."))


@require_POST
def woken(request: HttpRequest, number: str) -> HttpResponse:
    officer, case = case_of(request, number, "wake")
    return done(request, "case", number, lambda: actions.woken(officer, case), _("Done."))


@require_POST
def check(request: HttpRequest, number: str) -> HttpResponse:
    officer, case = case_of(request, number, "gather")
    line = request.POST.get("line", "")
    found = case.checks.filter(pk=int(line)).first() if line.isdecimal() and len(line) < 18 else None
    if found is None:
        raise Http404
    is_done = request.POST.get("done") == "yes"
    return done(
        request, "case", number, lambda: actions.check_off(officer, case, found, done=is_done), _("Checklist kept.")
    )


@require_POST
def put_in(request: HttpRequest, number: str) -> HttpResponse:
    """Put a request into the case, or take one out."""
    officer, case = case_of(request, number, "gather")
    form = RequestForm(request.POST)

    def change() -> None:
        found = _request(officer, form.cleaned_data["request"])
        if request.POST.get("out"):
            actions.remove_request(officer, case, found)
        else:
            actions.add_request(officer, case, found)

    return with_form(request, "case", number, form, change, _("Done."))


def _request(officer: Officer, ref: str) -> Request:
    try:
        return exchange.request_for(officer, ref.strip().upper())
    except Request.DoesNotExist:
        raise Invalid({"request": _("There is no request “%(ref)s”.") % {"ref": ref[:40]}}) from None


@require_POST
def subject(request: HttpRequest, number: str) -> HttpResponse:
    """Put a subject into the case, or take one out."""
    officer, case = case_of(request, number, "gather")
    try:
        key = UUID(request.POST.get("subject", ""))
        found = subjects.subject_for(officer, key)
    except (ValueError, Subject.DoesNotExist) as error:
        raise Http404 from error
    if request.POST.get("out"):
        return done(request, "case", number, lambda: actions.remove_subject(officer, case, found), _("Taken out."))
    role = request.POST.get("role", "")
    return done(request, "case", number, lambda: actions.add_subject(officer, case, found, role), _("Put in."))


@require_safe
def find_subject(request: HttpRequest, number: str) -> HttpResponse:
    """Look for a subject to put into the case: a search like any other, with its line in the journal."""
    officer, case = case_of(request, number, "gather")
    if not case_allowed("gather", case, officer):
        raise Http404
    text, found, refused = request.GET.get("q", "").strip()[:200], None, ""
    if text:
        try:
            found = subjects.search(officer, text)
        except Unfit as error:
            refused = " ".join(error.fields.values())
    there = {one.pk for one, _role in queries.subjects_of(case, officer)}
    shown = {"case": case, "text": text, "found": found, "refused": refused, "there": there}
    return render(request, "cases/find-subject.html", shown)


@require_POST
def link(request: HttpRequest, number: str) -> HttpResponse:
    officer, case = case_of(request, number, "gather")
    form = LinkForm(request.POST)

    def connect() -> None:
        actions.link(officer, case, other_case(officer, form.cleaned_data["other"]), form.cleaned_data["why"])

    return with_form(request, "case", number, form, connect, _("Linked."))


@require_POST
def unlink(request: HttpRequest, number: str) -> HttpResponse:
    officer, case = case_of(request, number, "gather")
    line = request.POST.get("link", "")
    if not (line.isdecimal() and len(line) < 18):
        raise Http404
    return done(request, "case", number, lambda: actions.unlink(officer, case, int(line)), _("The link is gone."))


def other_case(officer: Officer, number: str) -> Case:
    """Raises Invalid when there is none, or none for this officer. Of a merged one: the case it went into."""
    try:
        found = queries.case_for(officer, number.strip().upper())
    except Case.DoesNotExist:
        raise Invalid({"other": _("There is no case “%(number)s”.") % {"number": number[:40]}}) from None
    return found.merged_into or found


@require_POST
def add_documents(request: HttpRequest, number: str) -> HttpResponse:
    officer, case = case_of(request, number, "gather")

    def keep() -> None:
        if not case_allowed("gather", case, officer):
            raise NotNow(_("Documents are added only to an open case."))
        kept(request, ("case", case.pk), by=officer, circle=case.circle)

    return done(request, "case", number, keep, _("Kept."))


@require_POST
def reopen(request: HttpRequest, number: str) -> HttpResponse:
    officer, case = case_of(request, number, "reopen")
    form = ReopenForm(request.POST)
    return with_form(
        request,
        "case",
        number,
        form,
        lambda: actions.reopen(officer, case, form.cleaned_data["why"]),
        _("Opened again."),
    )
