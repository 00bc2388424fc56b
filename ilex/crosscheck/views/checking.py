"""Checking what is known against the holdings: the form, and what a look found."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ilex.crosscheck import actions, queries, sentences
from ilex.crosscheck.facts import of_named, of_subject
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
from ilex.exchange import queries as exchange
from ilex.exchange.models import Request
from ilex.exchange.models import Subject as Named
from ilex.matching.facts import Facts
from ilex.subjects import queries as subjects
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
    look: Look | None = None

    @property
    def letter(self) -> Request | None:
        return self.named.request if self.named else None


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """What is known is typed, or filled in from ?subject=ID, ?request=REF&named=1 or ?again=LOOK.

    To fill it in is a reading: it leaves its line, and needs a reason where the room below asks for one.
    """
    officer = officer_of(request, "crosscheck.look")
    about = _about(request, officer)
    if about and _needs_reason(officer, about) and not reason_of(request):
        return ask_reason(request)
    if about:
        _consult(officer, about, reason_of(request))
    known = first_of(about.facts) if about else {}
    if "kind" not in request.POST:  # the form itself always sends it; the page that asks for a reason does not
        first = {**known, "case": about.case} if about else {}
        return _form(request, officer, CheckForm(initial=first), about)
    form = CheckForm(request.POST, initial=known)
    if not form.is_valid():
        return _form(request, officer, form, about, 422)
    try:
        look = actions.look(
            officer,
            about.facts if about and not known.keys() & set(form.changed_data) else form.facts(),
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
        return About(of_subject(subject), subject.caption, reverse("subject", args=[subject.pk]), subject=subject)
    if ref := request.GET.get("request"):
        return _named(officer, ref, request.GET.get("named", ""))
    if key := request.GET.get("again"):
        look = look_of(officer, key_of(key))
        case = queries.seen_case(officer, look.case)
        return About(look.asked, look.caption, reverse("check-look", args=[look.pk]), case, look=look)
    return None


def _needs_reason(officer: Officer, about: About) -> bool:
    if about.letter is not None:
        return exchange.needs_reason(officer, about.letter)
    return about.subject is not None and subjects.needs_reason(officer)


def _consult(officer: Officer, about: About, reason: str) -> None:
    """The lines of the rooms below. Names in a form are no reading of a letter of which its sender should hear."""
    if about.letter is not None and exchange.needs_reason(officer, about.letter):
        exchange.consult(officer, about.letter, reason)
    elif about.letter is not None:
        exchange.preview(officer, about.letter)
    elif about.subject is not None:
        subjects.consult(officer, about.subject, reason)
    elif about.look is not None and about.look.by_id != officer.pk:
        queries.consult_look(officer, about.look, reason)


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
        "case": queries.seen_case(officer, found.case),
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
    try:
        second = actions.look(
            officer,
            _now(first, named),
            reason=first.reason,
            case=queries.seen_case(officer, first.case),
            harder=True,
            subject=first.subject,
            request_subject=named,
        )
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except Invalid as refused:
        messages.error(request, " ".join(refused.fields.values()))
        return redirect("check-look", first.pk)
    return redirect("check-look", second.pk)


def _now(first: Look, named: Named | None) -> Facts:
    """What the record says now, of which the look was; else what was typed."""
    if named is not None:
        return of_named(named)
    return of_subject(first.subject) if first.subject else first.asked


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

    try:
        tried(request, begin, _("It is watched. What is new stands on the desk."))
    except ObjectDoesNotExist as error:
        raise Http404 from error
    return redirect("check-look", found.pk)
