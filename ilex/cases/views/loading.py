"""The officer, the case or task, and the way back to its page with one sentence about how it went."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from ilex.cases import queries
from ilex.cases.models import Case, Task
from ilex.cases.rules import CASE, TASK
from ilex.documents.errors import Refused
from ilex.exchange.pad import officer_of
from ilex.exchange.rules import Invalid, NotNow, Unconfirmed
from ilex.units.models import Officer
from ilex.units.rules import check
from ilex.web import reasons


def case_of(request: HttpRequest, number: str, verb: str = "") -> tuple[Officer, Case]:
    """The officer and the case, or a page that does not exist for this officer.

    `verb`: one of rules.CASE. Raises PermissionDenied when his roles do not allow it.
    """
    officer = officer_of(request)
    if verb:
        check(officer, CASE[verb].verb)
    try:
        return officer, queries.case_for(officer, number)
    except Case.DoesNotExist as error:
        raise Http404 from error


def task_of(request: HttpRequest, number: str, verb: str = "") -> tuple[Officer, Task]:
    """As case_of; also who stands on the other side of a task may not do what this side does."""
    officer = officer_of(request)
    if verb:
        check(officer, TASK[verb].verb)
    try:
        task = queries.task_for(officer, number)
    except Task.DoesNotExist as error:
        raise Http404 from error
    if verb and queries.is_theirs(officer, task) != (TASK[verb].verb == "task.answer"):
        raise PermissionDenied
    return officer, task


def reason_of(request: HttpRequest, officer: Officer) -> str | None:
    """What a supervisor typed; None while it is still to be asked."""
    reason = reasons.reason_of(request)
    return None if queries.needs_reason(officer) and not reason else reason


def tried(request: HttpRequest, verb: Callable[[], object], word: str) -> bool:
    """Run a verb; tell in one sentence how it went."""
    try:
        verb()
    except (NotNow, Refused, Unconfirmed) as late:
        messages.error(request, str(late))
    except Invalid as refused:
        messages.error(request, " ".join(refused.fields.values()))
    else:
        messages.success(request, word)
        return True
    return False


def done(request: HttpRequest, page: str, number: str, verb: Callable[[], object], word: str) -> HttpResponse:
    tried(request, verb, word)
    return redirect(page, number)


def with_form(
    request: HttpRequest, page: str, number: str, form: forms.Form, verb: Callable[[], object], word: str
) -> HttpResponse:
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(map(str, errors)))
        return redirect(page, number)
    return done(request, page, number, verb, word)
