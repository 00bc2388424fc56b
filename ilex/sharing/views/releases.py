"""Lists of releases, their pages, and writing one."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from ilex.approvals.queries import waiting_for
from ilex.exchange.forms.asking import first_language
from ilex.sharing import actions, cases, queries
from ilex.sharing.actions.releases import KIND
from ilex.sharing.forms import ReleaseForm, exemption
from ilex.sharing.models import Disclosure, Recall, Release
from ilex.sharing.queries.releases import links_in, statements_in
from ilex.sharing.queries.review import label_of, value_of
from ilex.sharing.queries.uses import Item
from ilex.sharing.rules import Invalid, NotNow
from ilex.sharing.views.loading import asks_reason, back_to, load, officer_of, tried
from ilex.subjects import queries as subjects
from ilex.subjects.models import Subject
from ilex.units.models import Officer, Organisation
from ilex.units.rules import check, may
from ilex.web.reasons import reason_of

PAGE = 50
FOUND = 20  # subjects that a search on the form offers

SHOWS = (
    ("", gettext_lazy("All")),
    ("unread", gettext_lazy("To read")),
    ("recalled", gettext_lazy("Recalled or corrected")),
    ("in", gettext_lazy("Received")),
    ("out", gettext_lazy("Sent")),
    ("draft", gettext_lazy("Drafts")),
)


@require_http_methods(["GET", "POST"])
def releases(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    check(officer, "subject.read")
    if (page := asks_reason(request, officer)) is not None:
        return page
    queries.consult(officer, "releases", "", reason_of(request))
    show = request.GET.get("show", "")
    found = _shown(officer, show).select_related("partner", "author").order_by("-made_at")
    leaf = Paginator(found, PAGE).get_page(request.GET.get("page"))
    names = dict(Organisation.objects.filter(pk__in={pk for row in leaf for pk in row.to}).values_list("pk", "name"))
    rows = [(row, ", ".join(names.get(pk, pk) for pk in row.to) if row.way == "out" else row.partner) for row in leaf]
    shown = {"rows": rows, "leaf": leaf, "shows": SHOWS, "show": show, "sends": may(officer, "release.send")}
    return render(request, "sharing/releases.html", shown)


def _shown(officer: Officer, show: str) -> QuerySet[Release]:
    found = queries.visible_releases(officer)
    if show == "unread":
        return found.filter(way=Release.Way.IN, read_at=None)
    if show == "recalled":
        return found.filter(pk__in=Recall.objects.filter(way=Release.Way.IN, seen_at=None).values("release"))
    if show == "draft":
        return found.filter(state=Release.State.DRAFT)
    if show in ("in", "out"):
        return found.filter(way=show).exclude(state=Release.State.DRAFT)
    return found


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Opens a release; of a received one the partner learns that it was read."""
    officer, release = load(request, id)
    if (asked := asks_reason(request, officer)) is not None:
        return asked
    actions.open_release(officer, release, reason_of(request))
    # Read before what it is about: one that comes in this moment is never told beside what seems to be valid still.
    recalls = list(release.recalls.select_related("by").order_by("-at"))
    shown = {
        "release": release,
        "units": Organisation.objects.filter(pk__in=release.to).order_by("name"),
        "parts": [(subject, list(_lines(rows))) for subject, rows in _by_subject(release)],
        "links": [(link, label_of(link)) for link in links_in(release)],
        "recalls": recalls,
        "consents": release.consents.select_related("unit").order_by("-asked_at"),
        "approval": waiting_for(KIND, release.pk),
        "mine": release.author_id == officer.pk and may(officer, "release.send"),
        "writes": may(officer, "case.write"),
        "open_cases": cases.open_cases(officer) if release.way == Release.Way.IN else [],
        "case_page": cases.page(officer, release.case) if release.case else "",
        "ledger": list(_ledger(officer, release)),
    }
    return render(request, "sharing/release.html", shown)


def _ledger(officer: Officer, release: Release) -> Iterable[tuple[Disclosure, str]]:
    """Who has it, each row with the name of its field; of what is gone the ledger still knows the code."""
    labels = {item.pk: label_of(item) for item in queries.items_in(release)}
    for row in queries.ledger(officer).filter(release=release).order_by("to__name", "at", "id"):
        yield row, labels.get(row.statement, row.what)


def _by_subject(release: Release) -> Iterable[tuple[Subject, list[Any]]]:
    return queries.by_subject(statements_in(release)).items()


def _lines(items: Iterable[Item]) -> Iterable[tuple[Item, str, str, str]]:
    for item in items:
        yield item, label_of(item), value_of(item), queries.forbids(item, "court")


# --- writing ---


@dataclass
class Offered:
    """The statements of one subject from which to pick."""

    subject: Subject
    statements: list[tuple[Item, str]]
    links: list[tuple[Item, str, str]]


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    check(officer, "release.send")
    if request.method == "POST":
        return _write(request, officer, None)
    case, ref = request.GET.get("case", ""), request.GET.get("request", "")
    initial = {
        "case": case if cases.may_see(officer, case) else "",
        "request_ref": ref[:40],
        "to": request.GET.getlist("to"),
        "language": first_language(officer),
    }
    among = [*request.GET.getlist("subject"), *(str(one.pk) for one in cases.subjects(officer, case))]
    return _form(request, officer, None, ReleaseForm(officer, initial=initial), among, set())


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer, release = load(request, id, "release.send")
    if release.way != Release.Way.OUT or release.state != Release.State.DRAFT or release.author_id != officer.pk:
        raise Http404
    if request.method == "POST":
        return _write(request, officer, release)
    items = queries.items_in(release)
    among = list(dict.fromkeys(str(queries.subject_of(item).pk) for item in items))
    picked = {str(item.pk) for item in items}
    return _form(request, officer, release, ReleaseForm.of(officer, release), among, picked)


def _write(request: HttpRequest, officer: Officer, release: Release | None) -> HttpResponse:
    typed = request.POST
    among = [*typed.getlist("subject")]
    picked = {*typed.getlist("statement"), *typed.getlist("link")}
    form = ReleaseForm(officer, typed)
    if typed.get("step") in ("find", "add"):
        unbound = ReleaseForm(officer, initial={**typed.dict(), "to": typed.getlist("to")})
        return _form(request, officer, release, unbound, among, picked, typed.get("find", ""))
    if not form.is_valid():
        return _form(request, officer, release, form, among, picked, status=422)
    items = {
        "statements": _numbers(typed.getlist("statement")),
        "links": _numbers(typed.getlist("link")),
        "to": form.cleaned_data["to"],
    }
    try:
        if release is None:
            release = actions.draft_release(officer, form.letter(), **items)
        else:
            actions.change_release(officer, release, form.letter(), **items)
    except Invalid as refused:
        for name, sentence in refused.fields.items():
            form.add_error(name if name in form.fields else None, sentence)
        return _form(request, officer, release, form, among, picked, status=422)
    except NotNow as late:
        messages.error(request, str(late))
        return redirect("release", release.pk) if release else redirect("releases")
    return redirect("release-review", release.pk)


def _form(
    request: HttpRequest,
    officer: Officer,
    release: Release | None,
    form: ReleaseForm,
    among: Iterable[str],
    picked: set[str],
    sought: str = "",
    status: int = 200,
) -> HttpResponse:
    chosen = _subjects(officer, among)
    found = []
    if sought.strip():
        rows = subjects.search(officer, sought[:200]).rows[:FOUND]
        found = [row for row in rows if row.id not in {subject.pk for subject in chosen}]
    shown = {
        "form": form,
        "release": release,
        "offered": [_offered(officer, subject) for subject in chosen],
        "picked": picked,
        "found": found,
        "sought": sought,
        "exemption": exemption(),
    }
    return render(request, "sharing/write.html", shown, status=status)


def _subjects(officer: Officer, among: Iterable[str]) -> list[Subject]:
    """Those of these that he may see, each once, in this order; of merged ones the one that stands."""
    chosen: dict[uuid.UUID, Subject] = {}
    for number in _numbers(list(among))[:100]:
        try:
            subject = subjects.subject_for(officer, number)
        except Subject.DoesNotExist:
            continue
        chosen[subject.pk] = subject
    return list(chosen.values())


def _offered(officer: Officer, subject: Subject) -> Offered:
    said = subjects.statements_of(subject, officer)
    joined = subjects.links_of(subject, officer)
    return Offered(
        subject,
        [(item, label_of(item)) for item in said],
        [(link, label_of(link), value_of(link)) for link in joined if link.one_id in subjects.members(subject)],
    )


def _numbers(typed: list[str]) -> list[uuid.UUID]:
    found = []
    for text in typed:
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


@require_POST
def drop(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer, release = load(request, id, "release.send")
    gone = tried(request, lambda: actions.drop_release(officer, release), _("The draft is thrown away."))
    return redirect("releases") if gone else back_to(id)


@require_POST
def attach(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer, release = load(request, id, "case.write")
    if release.way != Release.Way.IN:
        raise Http404
    number = request.POST.get("case", "")
    try:
        actions.attach_to_case(officer, release, number)
    except LookupError:
        messages.error(request, _("There is no such case."))
    else:
        messages.success(request, _("Its subjects stand in the case %(number)s now.") % {"number": number})
    return back_to(id)
