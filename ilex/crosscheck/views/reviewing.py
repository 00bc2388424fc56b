"""Judging hits: one at a time with the next one ready, and the list of them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ilex.crosscheck import actions, queries
from ilex.crosscheck.models import Hit, Judgement, Judging
from ilex.crosscheck.rules import Invalid, NotNow
from ilex.crosscheck.views.beside import Beside
from ilex.crosscheck.views.loading import key_of, load_hit, officer_of, request_of
from ilex.crosscheck.views.places import asked_shortly, asked_where, held_where, pages, titles
from ilex.crosscheck.views.scope import Scope
from ilex.crosscheck.views.tabs import tabs
from ilex.units.models import Officer
from ilex.units.rules import check, may
from ilex.web.reasons import ask_reason, reason_of

PAGE = 25
KEYS = ((Judgement.SAME, "y"), (Judgement.DIFFERENT, "n"), (Judgement.UNSURE, "u"))
SHOWS = ("waiting", "unsure", "same", "different")


@dataclass(frozen=True)
class Answer:
    value: str
    words: str
    key: str
    needs_why: bool


@dataclass(frozen=True)
class Card:
    """One hit as it is judged: where both ends stand, its place in the queue, what comes after it."""

    hit: Hit
    beside: Beside
    waits: bool
    place: int
    all: int
    next: uuid.UUID | None
    answers: tuple[Answer, ...]
    asked_where: str
    asked_page: str
    held_where: str
    held_page: str
    gone: bool
    second: str

    @property
    def asks_why(self) -> bool:
        return any(answer.needs_why for answer in self.answers)


class Queue:
    """The hits of a scope that this officer has still to judge, in their order."""

    def __init__(self, officer: Officer, scope: Scope) -> None:
        self.officer, self.scope = officer, scope
        self.waiting: list[uuid.UUID] = list(
            queries.waiting_hits(officer, **scope.about).values_list("pk", flat=True)  # type: ignore[arg-type]
        )
        mine = Judging.objects.filter(by=officer, at__gte=scope.since, undone_at=None)
        self.done = mine.values("hit").distinct().count()
        seen = queries.standing_hits(officer).values("pk")
        self.last = mine.filter(hit__in=seen).select_related("hit").order_by("-at", "-pk").first()

    def first(self) -> Hit | None:
        return self.hit(self.waiting[0]) if self.waiting else None

    def hit(self, id: uuid.UUID) -> Hit:
        return self.scope.facing(queries.hit_for(self.officer, id))

    def after(self, id: uuid.UUID) -> uuid.UUID | None:
        """The one that comes after this one; after the last comes the first again."""
        others = [one for one in self.waiting if one != id]
        if id not in self.waiting:
            return others[0] if others else None
        place = self.waiting.index(id)
        return others[place % len(others)] if others else None

    def card(self, hit: Hit, known: dict[str, str] | None = None) -> Card:
        waits = hit.pk in self.waiting
        place = self.done + self.waiting.index(hit.pk) + 1 if waits else 0
        asked, held = pages(hit, self.officer)
        return Card(
            hit=hit,
            beside=Beside(hit),
            waits=waits,
            place=place,
            all=self.done + len(self.waiting),
            next=self.after(hit.pk),
            answers=tuple(self._answer(hit, judgement, key) for judgement, key in KEYS),
            asked_where=asked_where(hit),
            asked_page=asked,
            held_where=held_where(hit, titles() if known is None else known),
            held_page=held,
            gone=queries.held_now(hit) is None,
            second=_second(hit),
        )

    def _answer(self, hit: Hit, judgement: Judgement, key: str) -> Answer:
        words = {"same": _("The same"), "different": _("Different"), "unsure": _("Not sure")}[judgement.value]
        return Answer(judgement.value, words, key, queries.why_needed(self.officer, hit, judgement.value))


def _second(hit: Hit) -> str:
    if not queries.second_needed(hit):
        return ""
    if hit.half_judged:
        return _("A colleague has judged it already. The rules ask for two who agree: judge it by yourself.")
    return _("The rules ask for two officers who agree: a colleague judges it after you.")


@require_http_methods(["GET", "POST"])
def hits(request: HttpRequest) -> HttpResponse:
    """The review: the first hit that waits, with the next one ready."""
    officer = officer_of(request, "crosscheck.judge")
    queue = Queue(officer, Scope.of(request.GET, officer))
    return _review(request, queue, queue.first())


@require_http_methods(["GET", "POST"])
def hit(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The review at one hit, also at one that is judged already. Whoever supervises types a reason first."""
    officer, found = load_hit(request, id)
    reason = reason_of(request)
    if queries.needs_reason(officer) and not reason:
        return ask_reason(request)
    scope = Scope.of(request.GET, officer)
    return _review(request, Queue(officer, scope), scope.facing(found), reason)


def _review(request: HttpRequest, queue: Queue, found: Hit | None, reason: str = "") -> HttpResponse:
    known = titles()
    after = queue.after(found.pk) if found and may(queue.officer, "crosscheck.judge") else None
    cards = [queue.card(one, known) for one in (found, queue.hit(after) if after else None) if one]
    for card in cards:
        queries.consult(queue.officer, card.hit, reason)
    context = {
        **_context(queue),
        "shown": cards[0] if cards else None,
        "after": cards[1] if len(cards) > 1 else None,
        "done": queue.done,
        "history": _history(found) if found and not found.half_judged else [],
        "tabs": tabs(request, queue.officer),
    }
    return render(request, "crosscheck/review.html", context)


def _context(queue: Queue) -> dict[str, object]:
    return {"scope": queue.scope, "last": queue.last, "may_judge": may(queue.officer, "crosscheck.judge")}


def _history(hit: Hit) -> list[dict[str, object]]:
    """Every judgement but the one that stands alone: that is said above already."""
    found = list(hit.judgings.select_related("by").order_by("-at", "-pk"))
    return [
        {
            "at": one.at,
            "why": one.why,
            "undone_at": one.undone_at,
            "by_name": one.by.name if one.by else "",
            "get_judgement_display": one.get_judgement_display(),
        }
        for one in found
    ]


@require_POST
def judge(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """One judgement. A script gets the candidate to keep ready; without one the review goes on by itself."""
    officer, found = load_hit(request, id, "crosscheck.judge")
    scope = Scope.of(request.POST, officer)
    try:
        said = [request.POST.get(name, "") for name in ("judgement", "why")]
        actions.judge(officer, found, *said, seen=request.POST.get("seen", ""))
    except (NotNow, Invalid) as refused:
        return _refused(request, found, scope, refused)
    if not _is_part(request):
        return redirect(scope.url)
    queue = Queue(officer, scope)
    shown = request.POST.get("shown", "")
    ready = queue.after(key_of(shown)) if shown else None
    return _part(request, queue, queue.hit(ready) if ready else None)


@require_POST
def undo(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer, found = load_hit(request, id, "crosscheck.judge")
    scope = Scope.of(request.POST, officer)
    try:
        actions.undo(officer, found)
    except (NotNow, Invalid) as refused:
        return _refused(request, found, scope, refused)
    if not _is_part(request):
        messages.success(request, _("Taken back. It is to be judged again."))
        return redirect(reverse("hit", args=[found.pk]) + scope.query)
    queue = Queue(officer, scope)
    return _part(request, queue, queue.hit(found.pk))


def _is_part(request: HttpRequest) -> bool:
    return request.headers.get("X-Part") == "card"


def _part(request: HttpRequest, queue: Queue, found: Hit | None) -> HttpResponse:
    if found is not None:
        queries.consult(queue.officer, found)
    shown = queue.card(found) if found else None
    return render(request, "crosscheck/answer.html", {**_context(queue), "shown": shown})


def _refused(request: HttpRequest, found: Hit, scope: Scope, refused: NotNow | Invalid) -> HttpResponse:
    sentence = " ".join(refused.fields.values()) if isinstance(refused, Invalid) else str(refused)
    if _is_part(request):
        return HttpResponse(sentence, status=409, content_type="text/plain; charset=utf-8")
    messages.error(request, sentence)
    return redirect(reverse("hit", args=[found.pk]) + scope.query)


@require_http_methods(["GET", "POST"])
def listed(request: HttpRequest) -> HttpResponse:
    """The hits as a list: of everything, or of a request, subject or case. Who supervises types a reason first."""
    officer = officer_of(request, "holding.read")
    reason = reason_of(request)
    if queries.needs_reason(officer) and not reason:
        return ask_reason(request)
    scope = Scope.of(request.GET, officer)
    show = request.GET.get("show", "")
    show = show if show in SHOWS else ""
    found = queries.hits_of(officer, **scope.about)  # type: ignore[arg-type]
    if show:
        found = found.filter(judgement="none" if show == "waiting" else show)
    leaf = Paginator(found, PAGE).get_page(request.GET.get("page"))
    queries.consult_list(officer, leaf.object_list, scope.on, reason, scope.case.number if scope.case else "")
    known = titles()
    judges = may(officer, "crosscheck.judge")
    context = {
        "scope": scope,
        "leaf": leaf,
        "rows": _rows([scope.facing(hit) for hit in leaf.object_list], known),
        "shows": [(_address(scope, name), words, name == show) for name, words in _shows().items()],
        "waiting": queries.waiting_hits(officer, **scope.about).count() if judges else 0,  # type: ignore[arg-type]
        "draft": scope.request is not None and queries.may_draft(officer, scope.request),
        "tabs": tabs(request, officer),
    }
    return render(request, "crosscheck/hits.html", context)


def _rows(hits: Sequence[Hit], known: dict[str, str]) -> list[Beside]:
    return [Beside(hit, source=held_where(hit, known), asked_where=asked_shortly(hit)) for hit in hits]


def _shows() -> dict[str, str]:
    return {
        "": _("All"),
        "waiting": _("To judge"),
        "unsure": _("Not sure"),
        "same": _("The same"),
        "different": _("Different"),
    }


def _address(scope: Scope, show: str) -> str:
    return scope.address("hits-list", show=show)


@require_POST
def draft(request: HttpRequest, ref: str) -> HttpResponse:
    """An answer from what was confirmed; it opens as the officer's own draft."""
    officer = officer_of(request, "request.answer")
    asked = request_of(officer, ref)
    check(officer, "holding.read")
    for hit, sentence in queries.told(officer, asked).withheld:
        messages.warning(
            request, _("Not in the draft: %(what)s. %(why)s") % {"what": hit.held_caption, "why": sentence}
        )
    try:
        actions.draft_from_hits(officer, asked)
    except (NotNow, Invalid) as refused:
        messages.error(request, " ".join(refused.fields.values()) if isinstance(refused, Invalid) else str(refused))
        return redirect("request", ref)
    messages.info(request, _("Drafted from the confirmed hits. Read every line before it leaves."))
    return redirect("letter", ref, "answer")
