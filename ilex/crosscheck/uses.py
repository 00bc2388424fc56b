"""What this room shows on the pages of the rooms below: what was found for a request or a subject, and what to do."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ilex.crosscheck import queries
from ilex.crosscheck.models import Hit, Judgement
from ilex.crosscheck.sentences import score_words
from ilex.exchange import uses as exchange
from ilex.exchange.models import Request
from ilex.subjects import uses as subjects
from ilex.subjects.models import Subject
from ilex.units.models import Officer
from ilex.units.rules import may

MOST = 20  # rows of one table


def register_uses() -> None:
    title = gettext_lazy("Cross-check")
    exchange.register("hits", exchange.Use(title, _of_request, _steps_of_request, _notices_of_request))
    subjects.register(subjects.Use(title, _of_subject, order=15))
    subjects.register_step(subjects.Step(gettext_lazy("Check against the holdings"), "crosscheck.look", _check_subject))


# --- requests ---


def _of_request(request: Request, officer: Officer) -> Iterable[exchange.Row]:
    if not may(officer, "holding.read"):
        return
    found = list(queries.hits_of(officer, request=request))
    for hit in _shown(found):
        caption = hit.held_caption if hit.request_id == request.pk else hit.asked_caption
        yield exchange.Row(caption, _page(hit, request=request.our_ref), told(hit))
    if len(found) > MOST or (found and not _shown(found)):
        yield exchange.Row(_("All hits"), _list(request=request.our_ref), _judged(found))
    look = request.looks.order_by("-at").first()
    if look is not None:
        label = _("Checked") if found else _("Checked: nothing found")
        yield exchange.Row(label, reverse("check-look", args=[look.pk]), at=look.at)


def _steps_of_request(request: Request, officer: Officer) -> Iterable[exchange.Row]:
    if may(officer, "crosscheck.look") and request.subjects.exists():
        yield exchange.Row(
            _("Check against the holdings"), f"{reverse('check')}?{urlencode({'request': request.our_ref})}"
        )


def _notices_of_request(request: Request, officer: Officer) -> Iterable[exchange.Notice]:
    """What was found, where nobody can overlook it: a match belongs to the answer (Directive (EU) 2023/977 Art. 16)."""
    if not may(officer, "crosscheck.judge"):
        return
    waiting = list(queries.waiting_hits(officer, request=request)[: MOST + 1])
    if waiting:
        words = ngettext("%(n)d lead waits for your judgement.", "%(n)d leads wait for your judgement.", len(waiting))
        best = score_words(waiting[0].score, strong=waiting[0].strong)
        yield exchange.Notice(
            title=_("Perhaps held by your unit"),
            text=_("%(leads)s The best: %(best)s. A lead is no finding: look at both.")
            % {"leads": words % {"n": len(waiting)}, "best": best},
            url=_review(request=request.our_ref),
            label=_("Judge them one by one"),
        )
    elif queries.may_draft(officer, request):
        yield exchange.Notice(
            title=_("Hits are confirmed"),
            text=_("An answer can be drafted from them. You edit it; nothing leaves before you release it."),
            url=reverse("hits-draft", args=[request.our_ref]),
            label=_("Draft an answer from confirmed hits"),
            method="post",
            tone="good",
        )


# --- subjects ---


def _of_subject(subject: Subject, officer: Officer) -> Iterable[subjects.Row]:
    if not may(officer, "holding.read"):
        return
    found = list(queries.hits_of(officer, subject=subject))
    for hit in _shown(found):
        caption = hit.held_caption if hit.subject_id == subject.pk else hit.asked_caption
        yield subjects.Row(caption, _page(hit, subject=str(subject.pk)), told(hit))
    if len(found) > MOST or (found and not _shown(found)):
        yield subjects.Row(_("All hits"), _list(subject=str(subject.pk)), _judged(found))
    look = subject.looks.order_by("-at").first()
    if look is not None and not found:
        yield subjects.Row(_("Checked: nothing found"), reverse("check-look", args=[look.pk]))


def _check_subject(subject: Subject) -> str:
    return f"{reverse('check')}?{urlencode({'subject': str(subject.pk)})}"


# --- both ---


def _shown(found: list[Hit]) -> list[Hit]:
    """What was said to be another one is in nobody's way."""
    return [hit for hit in found if hit.judgement != Judgement.DIFFERENT][:MOST]


def told(hit: Hit) -> str:
    """How good the lead is while nobody has judged it; then the judgement."""
    if hit.judgement == Judgement.NONE:
        waits = _("to judge")
        return f"{score_words(hit.score, strong=hit.strong)} · {waits}"
    return str(hit.get_judgement_display())


def _judged(found: list[Hit]) -> str:
    return ngettext("%(n)d hit", "%(n)d hits", len(found)) % {"n": len(found)}


def _page(hit: Hit, **about: str) -> str:
    return f"{reverse('hit', args=[hit.pk])}?{urlencode(about)}"


def _review(**about: str) -> str:
    return f"{reverse('hits')}?{urlencode(about)}"


def _list(**about: str) -> str:
    return f"{reverse('hits-list')}?{urlencode(about)}"
