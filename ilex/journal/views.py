"""The pages of auditors: lines, the proof of one line, heads and witnesses.

Nobody reads a line here without having typed why. Each reading is an act with a line of its own, written before
anything is shown: when it cannot be written, nothing is read.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ilex.journal import queries
from ilex.journal.actions import Act, act, explain
from ilex.journal.forms import Explanation, Filter, Reason
from ilex.journal.models import Line, Operation
from ilex.journal.records import moment
from ilex.journal.tree import TreeError
from ilex.units.models import Officer
from ilex.units.rules import check, may

PAGE = 50
OWN_HEADS = 20
REASON = "journal_reason"  # in the session
REASON_HOLDS = timedelta(hours=1)  # then it is asked again

Page = Callable[..., HttpResponse]


def _reader(request: HttpRequest) -> Officer:
    check(request.user, "journal.read")
    return _officer(request)


def _watcher(request: HttpRequest) -> Officer:
    """Who reads the journal may see the heads, and so may who pairs partners and must ask them about an alarm."""
    if not may(request.user, "peer.pair"):
        check(request.user, "journal.read")
    return _officer(request)


def _officer(request: HttpRequest) -> Officer:
    if not isinstance(request.user, Officer):
        raise TypeError("A page for officers was reached without a sign-in; LoginRequiredMiddleware is missing.")
    return request.user


def with_reason(page: Page) -> Page:
    """Show the page only to who may read the journal and has said why; else ask."""

    @wraps(page)
    def asked_first(request: HttpRequest, **rest: Any) -> HttpResponse:
        _reader(request)
        if _reason(request) is None:
            return _ask(request, Reason(), request.get_full_path())
        return page(request, **rest)

    return asked_first


@require_safe
@with_reason
def lines(request: HttpRequest) -> HttpResponse:
    form = Filter(request.GET)
    if not form.is_valid():
        return _list(request, form, [], status=422)
    with _reading(request, "journal.read", on=("journal", "")) as this:
        found = queries.newest_lines(form.choice(), before=form.cleaned_data["before"], limit=PAGE + 1)
        this.detail |= {"chosen": form.chosen(), "lines": min(len(found), PAGE)}
    return _list(request, form, found)


@require_safe
@with_reason
def line(request: HttpRequest, key: int) -> HttpResponse:
    with _reading(request, "journal.line-read", on=("journal-line", str(key))):
        found = _line(key)
    shown = {
        "title": _("Line %d of the journal") % found.pk,
        "line": found,
        "who": queries.names_of([found]).get(found.by, found.by),
        "exact": moment(found.at),
        "detail": [(name, _words(value)) for name, value in found.detail.items()],
        "inclusion": _inclusion(found),
        "faults": queries.faults_of(found),
        "proof": _proof(found),
        "reason": _reason(request),
    }
    return render(request, "journal/line.html", shown)


@require_safe
@with_reason
def proof(request: HttpRequest, key: int) -> HttpResponse:
    """The proof as a file: with it alone, anybody can check the line against a head that a partner holds."""
    with _reading(request, "journal.proof-taken", Operation.DISCLOSURE, on=("journal-line", str(key))):
        found = _line(key)
    name = f'attachment; filename="line-{key}.json"'
    return HttpResponse(_proof(found), content_type="application/json", headers={"Content-Disposition": name})


@require_POST
def reason(request: HttpRequest) -> HttpResponse:
    _reader(request)
    onward = _onward(request)
    form = Reason(request.POST)
    if not form.is_valid():
        return _ask(request, form, onward, status=422)
    until = now() + REASON_HOLDS
    request.session[REASON] = {**form.cleaned_data, "until": until.isoformat()}
    return redirect(onward)


@require_safe
def heads(request: HttpRequest) -> HttpResponse:
    officer = _watcher(request)
    return _heads(request, officer)


@require_POST
def explain_heads(request: HttpRequest) -> HttpResponse:
    check(request.user, "peer.pair")
    officer = _officer(request)
    form = Explanation(request.POST)
    if form.is_valid():
        try:
            explain(form.cleaned_data["origin"], by=officer, reason=form.cleaned_data["reason"])
        except ValueError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The alarm is explained. The log is watched from its newest head on."))
            return redirect("journal-heads")
    return _heads(request, officer, form, status=422)


def _reading(
    request: HttpRequest, name: str, op: Operation = Operation.CONSULTATION, *, on: tuple[str, str]
) -> AbstractContextManager[Act]:
    said = _reason(request) or {}
    return act(name, op, by=_reader(request), on=on, reason=said["reason"], purpose=said["purpose"])


def _reason(request: HttpRequest) -> dict[str, str] | None:
    said: dict[str, str] | None = request.session.get(REASON)
    return said if said and datetime.fromisoformat(said["until"]) > now() else None


def _ask(request: HttpRequest, form: Reason, onward: str, status: int = 200) -> HttpResponse:
    return render(request, "journal/reason.html", {"form": form, "next": onward}, status=status)


def _onward(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    start = reverse("journal")
    ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith(start)
    return wanted if ours else start


def _line(key: int) -> Line:
    found = Line.objects.filter(pk=key).first() if key < 2**63 else None
    if found is None:
        raise Http404
    return found


def _words(value: object) -> str:
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return ", ".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _inclusion(found: Line) -> queries.Inclusion | None:
    """None while the line waits for its position, and when the tree is too broken to prove anything."""
    try:
        return queries.inclusion(found)
    except TreeError:
        return None


def _proof(found: Line) -> str:
    """As JSON: without record and salt once the line is erased, without the way up as long as there is none."""
    said = {"record": found.record, "salt": bytes(found.salt).hex()} if found.salt else {}
    inclusion = _inclusion(found)
    way = inclusion.as_json() if inclusion else {"leaf": bytes(found.leaf).hex()}
    return json.dumps({**said, **way}, ensure_ascii=False, indent=2)


def _list(request: HttpRequest, form: Filter, found: list[Line], status: int = 200) -> HttpResponse:
    shown = found[:PAGE]
    names = queries.names_of(shown)
    context = {
        "form": form,
        "active": _active(request, form) if form.is_valid() else [],
        "lines": [(one, names.get(one.by, one.by)) for one in shown],
        "older": _query(request, before=str(shown[-1].pk)) if len(found) > PAGE else "",
        "newest": _query(request) if request.GET.get("before") else "",
        "reason": _reason(request),
    }
    return render(request, "journal/lines.html", context, status=status)


def _active(request: HttpRequest, form: Filter) -> list[tuple[str, str]]:
    """Each chosen value with the query that takes it off again."""
    return [
        (f"{form.fields[name].label}: {value}", _query(request, **{name: ""})) for name, value in form.chosen().items()
    ]


def _query(request: HttpRequest, **changes: str) -> str:
    query: QueryDict = request.GET.copy()
    query.pop("before", None)
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return f"?{query.urlencode()}"


def _heads(request: HttpRequest, officer: Officer, form: Explanation | None = None, status: int = 200) -> HttpResponse:
    explains = may(officer, "peer.pair")
    logs = [(log, _explanation(log.origin, form) if explains else None) for log in queries.watched()]
    context = {
        "own": queries.newest_heads(OWN_HEADS),
        "keys": queries.verifier_keys(),
        "waiting": queries.waiting(),
        "logs": logs,
        "form": form,
    }
    return render(request, "journal/heads.html", context, status=status)


def _explanation(origin: str, sent: Explanation | None) -> Explanation:
    if sent and sent.data.get("origin") == origin:
        return sent
    return Explanation(initial={"origin": origin}, auto_id=f"{origin}-%s")
