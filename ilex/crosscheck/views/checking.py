"""Checking what is known against the holdings: the form, and what a look found."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ilex.crosscheck import actions, queries, sentences
from ilex.crosscheck.facts import of_named, of_subjects
from ilex.crosscheck.forms.checking import CheckForm, first_of
from ilex.crosscheck.forms.watching import WatchForm
from ilex.crosscheck.models import Look, Watch
from ilex.crosscheck.rules import Invalid
from ilex.crosscheck.views.alerts import expected
from ilex.crosscheck.views.beside import Beside, Line, lines
from ilex.crosscheck.views.loading import (
    key_of,
    load_look,
    look_of,
    officer_of,
    request_of,
    subject_of,
    tried,
)
from ilex.crosscheck.views.places import held_where, titles
from ilex.crosscheck.views.scope import Scope
from ilex.crosscheck.views.tabs import held, tabs
from ilex.exchange.models import Subject as Named
from ilex.matching.facts import Facts
from ilex.subjects.models import Subject
from ilex.units.models import Officer
from ilex.units.rules import may
from ilex.web.reasons import ask_reason, reason_of

LAST = 8  # of the officer's checks, below the form


@dataclass(frozen=True)
class About:
    """What the form is filled in from: a subject, somebody whom a request names, or an earlier look."""

    facts: Facts
    text: str
    url: str
    case: str = ""
    subject: Subject | None = None
    named: Named | None = None
    others: tuple[tuple[str, str], ...] = ()


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """What is known is typed, or filled in from ?subject=ID, ?request=REF&named=1 or ?again=LOOK."""
    officer = officer_of(request, "crosscheck.look")
    about = _about(request, officer)
    if request.method == "GET":
        first = first_of(about.facts) | {"case": about.case} if about else {}
        return _form(request, officer, CheckForm(initial=first), about)
    form = CheckForm(request.POST)
    if not form.is_valid():
        return _form(request, officer, form, about, 422)
    try:
        look = actions.look(
            officer,
            form.facts(),
            reason=form.cleaned_data["reason"],
            case=form.cleaned_data["case"],
            subject=about.subject if about else None,
            request_subject=about.named if about else None,
        )
    except Invalid as refused:
        for name, sentence in refused.fields.items():
            form.add_error(name if name in form.fields else None, sentence)
        return _form(request, officer, form, about, 422)
    return redirect("check-look", look.pk)


def _form(
    request: HttpRequest, officer: Officer, form: CheckForm, about: About | None, status: int = 200
) -> HttpResponse:
    query = request.GET.urlencode()
    shown = {
        "form": form,
        "about": about,
        "query": f"?{query}" if query else "",
        "held": held(),
        "tabs": tabs(request, officer),
        "looks": Look.objects.filter(by=officer, about=Look.About.TYPED).order_by("-at")[:LAST],
    }
    return render(request, "crosscheck/check.html", shown, status=status)


def _about(request: HttpRequest, officer: Officer) -> About | None:
    if key := request.GET.get("subject"):
        subject = subject_of(officer, key_of(key))
        facts = of_subjects([str(subject.pk)]).get(str(subject.pk), Facts())
        return About(facts, subject.caption, reverse("subject", args=[subject.pk]), subject=subject)
    if ref := request.GET.get("request"):
        return _named(officer, ref, request.GET.get("named", ""))
    if key := request.GET.get("again"):
        look = look_of(officer, key_of(key))
        return About(look.asked, look.caption, reverse("check-look", args=[look.pk]), look.case)
    return None


def _named(officer: Officer, ref: str, place: str) -> About:
    """Of those whom the request names the one at this place, or the first."""
    asked = request_of(officer, ref)
    named = list(asked.subjects.all())
    number = int(place) if place.isdecimal() and len(place) < 4 else 0
    if number >= len(named):
        raise Http404
    others = [
        (one.name, f"?{urlencode({'request': ref, 'named': str(at)})}") for at, one in enumerate(named) if at != number
    ]
    page = reverse("request", args=[ref])
    one = named[number]
    return About(of_named(one), f"{ref} · {one.name}", page, named=one, others=tuple(others))


@require_http_methods(["GET", "POST"])
def look(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """What a look found, the best first. Whoever supervises types a reason first."""
    officer, found = load_look(request, id)
    reason = reason_of(request)
    if queries.needs_reason(officer) and not reason:
        return ask_reason(request)
    if found.by_id != officer.pk:  # of his own the look itself left a line
        queries.consult_look(officer, found, reason)
    hits = list(queries.hits_in(found, officer))
    known = titles()
    shown = [
        Beside(hit, source=held_where(hit, known), page=queries.page_of_record(hit, officer, side="held"))
        for hit in hits
    ]
    scope = Scope(look=found)
    watch = _watch_of(found, officer)
    may_look = may(officer, "crosscheck.look")
    can_watch = may_look and watch is None and (found.request_id or found.subject_id)
    context = {
        "look": found,
        "asked": _asked(found.asked),
        "found": shown,
        "scope": scope,
        "waiting": sum(1 for hit in hits if hit.judgement == "none") if may(officer, "crosscheck.judge") else 0,
        "review": scope.url,
        "again": _again(found),
        "held": held(),
        "common_words": sentences.common_words(found.common),
        "expected": expected(found.asked.kind, dated=bool(found.asked.born)),
        "watch": watch,
        "watch_form": WatchForm(initial={"reason": found.reason}) if can_watch else None,
        "may_look": may_look,
        "tabs": tabs(request, officer),
    }
    return render(request, "crosscheck/look.html", context)


def _asked(facts: Facts) -> list[Line]:
    """What stands beside the name, which is the title; more names than one are told too."""
    known = [line for line in lines(facts, Facts(), ()) if line.asked]
    return [line for line in known if not line.is_name or len(line.asked) > 1]


def _again(look: Look) -> str:
    if look.subject_id:
        return f"{reverse('check')}?{urlencode({'subject': str(look.subject_id)})}"
    return f"{reverse('check')}?{urlencode({'again': str(look.pk)})}"


def _watch_of(look: Look, officer: Officer) -> Watch | None:
    if not (look.request_id or look.subject_id):
        return None
    return queries.watches_of(officer).filter(request=look.request_id, subject=look.subject_id).first()


@require_POST
def harder(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The same once more, over every single record."""
    officer, first = load_look(request, id, "crosscheck.look")
    named = first.request.subjects.filter(pk=first.key).first() if first.request and first.key.isdecimal() else None
    second = actions.look(
        officer,
        first.asked,
        reason=first.reason,
        case=first.case,
        harder=True,
        subject=first.subject,
        request_subject=named,
    )
    return redirect("check-look", second.pk)


@require_POST
def watch(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer, found = load_look(request, id, "crosscheck.look")
    if not (found.request_id or found.subject_id):
        raise Http404
    form = WatchForm(request.POST)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(map(str, errors)))
        return redirect("check-look", found.pk)
    typed = form.cleaned_data

    def begin() -> None:
        actions.watch(officer, request=found.request, subject=found.subject, **typed)

    tried(request, begin, _("It is watched. What is new stands on the desk."))
    return redirect("check-look", found.pk)
