"""Tasks as the unit sees them: writing one, the last look before it goes, the lists, the page, the verbs."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ilex.cases import actions, queries
from ilex.cases.forms.tasks import AnswerForm, MoveForm, QuestionForm, ReplyForm, TaskForm, WhyForm
from ilex.cases.models import Case, Task
from ilex.cases.queries.steps import case_allowed, task_allowed
from ilex.cases.queries.tasks import PAGE, SHOWS, THEIR_SHOWS
from ilex.cases.views.loading import case_of, done, reason_of, task_of, with_form
from ilex.documents import queries as documents
from ilex.documents.uploading import UploadForm, kept
from ilex.exchange import queries as exchange
from ilex.exchange.models import Request
from ilex.exchange.pad import officer_of
from ilex.exchange.rules import Invalid, NotNow, Unconfirmed, Warning
from ilex.gate.forms import AttachmentsField
from ilex.units.models import Officer
from ilex.units.rules import check, may
from ilex.web import listing
from ilex.web.reasons import ask_reason
from ilex.words import casework

FILES = AttachmentsField(required=False)


@require_http_methods(["GET", "POST"])
def new_for_case(request: HttpRequest, number: str) -> HttpResponse:
    officer, case = case_of(request, number, "task")
    if not case_allowed("task", case, officer):
        raise Http404
    return _new(request, officer, case, queries.requests_of(case, officer))


@require_http_methods(["GET", "POST"])
def new_for_request(request: HttpRequest, ref: str) -> HttpResponse:
    officer = officer_of(request)
    check(officer, "task.send")
    try:
        asked = exchange.request_for(officer, ref)
    except Request.DoesNotExist as error:
        raise Http404 from error
    return _new(request, officer, None, [asked])


def _new(request: HttpRequest, officer: Officer, case: Case | None, asked: list[Request]) -> HttpResponse:
    """The form; what the authority will read; then it goes."""
    running = next((one for one in asked if one.due_at and not one.settled_at), None)
    if request.method == "GET":
        first = {"request": running.our_ref if running else None, **_first_task(case, request.GET.get("first", ""))}
        return _write(request, officer, case, TaskForm(initial=first, requests=asked))
    form = TaskForm(request.POST, requests=asked)
    if not form.is_valid() or request.POST.get("step") == "write":
        return _write(request, officer, case, form, status=422 if form.errors else 200)
    if request.POST.get("step") != "send":
        return _look(request, officer, case, form)
    try:
        confirmed = "confirmed" in request.POST
        task = actions.send_task(officer, case=case, chosen=form.chosen(), confirmed=confirmed, **form.cleaned_data)
    except Unconfirmed as asked_first:
        return _look(request, officer, case, form, asked_first.warnings)
    except Invalid as refused:
        form.take_errors(refused.fields)
    except NotNow as late:
        form.add_error(None, str(late))
    else:
        return redirect("task", task.number)
    return _write(request, officer, case, form, status=422)


def _first_task(case: Case | None, place: str) -> dict[str, str]:
    """The text of a first task of the case's template."""
    found = next((one for one in casework.templates() if case and one.code == case.template), None)
    if found is None or not (place.isdecimal() and int(place[:3]) < len(found.tasks)):
        return {}
    task = found.tasks[int(place)]
    return {"title": _(task.title), "text": _(task.text)}


def _write(
    request: HttpRequest, officer: Officer, case: Case | None, form: TaskForm, status: int = 200
) -> HttpResponse:
    chosen = set(form.chosen()) if form.is_bound else set()
    to = form.data.get("authority", "") if form.is_bound else ""
    shown = {
        "case": case,
        "form": form,
        "offers": queries.offered(case, officer, to),
        "chosen": chosen,
        "manned": queries.authorities().exists(),
    }
    return render(request, "cases/task-write.html", shown, status=status)


def _look(
    request: HttpRequest, officer: Officer, case: Case | None, form: TaskForm, warnings: tuple[Warning, ...] = ()
) -> HttpResponse:
    """Who will read what, before it goes. What a code forbids sends the officer back to the form."""
    typed, at = form.cleaned_data, now()
    offers = queries.offered(case, officer, typed["authority"].pk)
    chosen = form.chosen()
    for _subject, row in offers:
        for offer in row:
            if offer.statement.pk in chosen and offer.forbidden:
                form.add_error(None, f"{offer.label}: {offer.forbidden}")
    if form.errors:
        return _write(request, officer, case, form, status=422)
    shown_lines = queries.lines_shown(chosen, offers)
    due = queries.due_for(typed["request"], at)
    due_at = typed["due_at"] or due.at
    if due.legal_at and at < due.legal_at < due_at and not warnings:
        late = _("The task is due after the legal deadline of the request.")
        warnings = (Warning("after-the-deadline", late),)
    codes = [line["handling"] for part in shown_lines for line in part["lines"]]
    shown = {
        "case": case,
        "form": form,
        "authority": typed["authority"],
        "lines": form.lines(),
        "shown": shown_lines,
        "handling": queries.stricter([typed["handling"], *codes]),
        "due_at": due_at,
        "due_why": queries.due_words(typed["request"], due),
        "legal_at": due.legal_at,
        "warnings": warnings,
        "typed": [
            (name, value)
            for name in request.POST
            if name in {*form.fields, "shown"}
            for value in request.POST.getlist(name)
        ],
    }
    return render(request, "cases/task-look.html", shown)


@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """Of the unit: all tasks it may see. Of an authority: its own, and nothing else."""
    officer = officer_of(request)
    theirs = not may(officer, "case.read")
    shows = THEIR_SHOWS if theirs else SHOWS
    show = request.GET.get("show", "open")
    show = show if show in shows else "open"
    first = listing.first_row(request)
    rows = queries.task_list(officer, show, first=first)
    words = {"open": _("Open"), "overdue": _("Overdue"), "for-us": _("Answers and questions"), "over": _("Done")}
    shown = {
        "rows": rows[:PAGE],
        "show": show,
        "shows": [(f"?show={name}", words[name], name == show) for name in shows],
        "now": now(),
        "theirs": theirs,
        "leaf": listing.leaf(request, first, PAGE, more=len(rows) > PAGE),
        "masked": queries.needs_reason(officer),
    }
    return render(request, "cases/authority-tasks.html" if theirs else "cases/tasks.html", shown)


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, number: str) -> HttpResponse:
    """Opens a task, with its line in the journal."""
    officer, task = task_of(request, number)
    theirs = queries.is_theirs(officer, task)
    reason = "" if theirs else reason_of(request, officer)
    if reason is None:
        return ask_reason(request, task.number)
    queries.consult_task(officer, task, reason)
    steps = queries.task_steps(task, officer)
    content = queries.content_is_shown(task, officer)
    papers = documents.documents_on("task", task.pk, officer) if content else []
    # Beside "Accept" stand the papers of the answer; else all papers stand together.
    answer_papers = queries.papers_of_answer(task, papers) if "accept" in steps else []
    shown = {
        "task": task,
        "theirs": theirs,
        "content": content,
        "now": now(),
        "steps": steps,
        "said": list(task.steps.select_related("by").order_by("at", "id")) if content else [],
        "answer_papers": answer_papers,
        "documents": [paper for paper in papers if paper not in answer_papers],
        "answer": AnswerForm(auto_id="answer_%s"),
        "question": QuestionForm(auto_id="question_%s"),
        "why": WhyForm(auto_id="why_%s"),
        "why_else": WhyForm(auto_id="withdraw_%s"),
        "reply": ReplyForm(auto_id="reply_%s"),
        "move": MoveForm(auto_id="move_%s"),
        "upload": UploadForm(auto_id="upload_%s"),
    }
    return render(request, "cases/authority-task.html" if theirs else "cases/task.html", shown)


@require_POST
def act(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """One of the verbs of rules.TASK."""
    officer, task = task_of(request, number, verb.replace("-", "_"))
    form = FORMS[verb](request.POST)
    words = {
        "take": _("You have taken this task."),
        "answer": _("The answer is given."),
        "return": _("The task is returned."),
        "ask": _("The question is asked. The due date stays."),
        "reply": _("Answered: they can go on."),
        "send-back": _("Sent back."),
        "accept": _("Accepted."),
        "move": _("The due date is changed."),
        "withdraw": _("Withdrawn."),
    }
    return with_form(request, "task", number, form, lambda: _do(request, officer, task, verb, form), words[verb])


FORMS: dict[str, type[forms.Form]] = {
    "take": forms.Form,
    "answer": AnswerForm,
    "return": WhyForm,
    "ask": QuestionForm,
    "reply": ReplyForm,
    "send-back": WhyForm,
    "accept": forms.Form,
    "move": MoveForm,
    "withdraw": WhyForm,
}


def _do(request: HttpRequest, officer: Officer, task: Task, verb: str, form: forms.Form) -> None:
    text = form.cleaned_data.get("text", "")
    match verb:
        case "take":
            actions.take_task(officer, task)
        case "answer":
            actions.answer(officer, task, text, FILES.clean(request.FILES.getlist("files")))
        case "return":
            actions.return_task(officer, task, text)
        case "ask":
            actions.ask_back(officer, task, text)
        case "reply":
            actions.reply(officer, task, text)
        case "send-back":
            actions.send_back(officer, task, text)
        case "accept":
            actions.accept(officer, task)
        case "move":
            typed = form.cleaned_data
            actions.move_due(officer, task, typed["due_at"], typed["due_why"], confirmed=typed["confirmed"])
        case "withdraw":
            actions.withdraw(officer, task, text)


@require_POST
def add_documents(request: HttpRequest, number: str) -> HttpResponse:
    """Papers for the authority to see, while it works on the task."""
    officer, task = task_of(request, number, "move")

    def keep() -> None:
        if not task_allowed("move", task, officer):
            raise NotNow(_("Documents are added only while the authority works on the task."))
        kept(request, ("task", task.pk), by=officer)

    return done(request, "task", number, keep, _("Kept: the authority sees them with the task."))
