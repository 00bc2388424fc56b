"""What this room hands to the rooms below it at start-up: our own records as holdings, and hits in a case's story."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ilex.cases import moments
from ilex.cases.models import Case
from ilex.cases.moments import Moment
from ilex.crosscheck import facts, queries
from ilex.crosscheck.actions import indexing
from ilex.crosscheck.models import Judging, Look
from ilex.crosscheck.queries.cases import in_case
from ilex.crosscheck.rules import NONE, REQUESTS, SUBJECTS
from ilex.exchange import changes as of_requests
from ilex.exchange import queries as exchange
from ilex.exchange.models import Subject as Named
from ilex.holdings import origins
from ilex.subjects import changes as of_subjects
from ilex.subjects import queries as subjects
from ilex.units.models import Officer
from ilex.units.rules import may

MOST = 200  # moments of each sort in one case


def hand_in() -> None:
    origins.register(
        origins.Origin(SUBJECTS, gettext_lazy("Subjects of cases"), facts.of_subjects, subject_page, may_see_subjects)
    )
    origins.register(
        origins.Origin(
            REQUESTS, gettext_lazy("Requests and information"), facts.of_letters, letter_page, may_see_letters
        )
    )
    of_requests.register(indexing.requests_registered, indexing.request_recalled)
    of_subjects.register_renewed(indexing.subjects_renewed, indexing.subjects_imported)
    moments.register(moments.Source("crosscheck", story))


# --- our own records ---


def subject_page(key: str) -> str:
    return reverse("subject", args=[key])


def letter_page(key: str) -> str:
    row = Named.objects.filter(pk=int(key)).values_list("request__our_ref", flat=True).first()
    return reverse("request", args=[row]) if row else ""


def may_see_subjects(officer: Officer, keys: Collection[str]) -> set[str]:
    if not may(officer, "subject.read"):
        return set()
    found = subjects.visible_subjects(officer).filter(pk__in=[UUID(key) for key in keys])
    return {str(pk) for pk in found.values_list("pk", flat=True)}


def may_see_letters(officer: Officer, keys: Collection[str]) -> set[str]:
    if not may(officer, "request.read"):
        return set()
    found = Named.objects.filter(exchange.visible(officer, "request__"), pk__in=[int(key) for key in keys])
    return {str(pk) for pk in found.values_list("pk", flat=True)}


# --- the story of a case ---


def story(case: Case, officer: Officer) -> Iterator[Moment]:
    """When somebody looked, and what was judged; both only of what this officer may see."""
    if not may(officer, "holding.read"):
        return
    requests, among = in_case(case)
    yield from _looks(officer, requests, among)
    yield from _judgements(officer, case)


def _looks(officer: Officer, requests: list[UUID], among: list[UUID]) -> Iterator[Moment]:
    seen = queries.visible_looks(officer)
    found = seen.filter(request__in=requests) | seen.filter(subject__in=among)
    for look in found.select_related("by", "request").order_by("-at")[:MOST]:
        about = look.request.our_ref if look.request else look.caption
        url = reverse("check-look", args=[look.pk])
        yield Moment(look.at, "look", _said(look), look.caption, look.by.name if look.by else "", about, url)


def _said(look: Look) -> str:
    if look.why == Look.Why.ARRIVAL:
        return _("Looked up on arrival")
    return _("Looked up again: the holdings changed") if look.why == Look.Why.WATCH else _("Looked up in the holdings")


def _judgements(officer: Officer, case: Case) -> Iterator[Moment]:
    hits = queries.hits_of(officer, case=case).values("pk")
    half = Q(hit__judgement=NONE, hit__opinions__gt=0)  # a second one is to judge by himself
    found = Judging.objects.filter(hit__in=hits).exclude(half).select_related("hit", "by").order_by("-at")
    for one in found[:MOST]:
        judged = _("Hit judged: %(judgement)s") % {"judgement": one.get_judgement_display()}
        title = _("%(judged)s (taken back)") % {"judged": judged} if one.undone_at else judged
        about = f"{one.hit.asked_caption} · {one.hit.held_caption}"
        yield Moment(
            one.at, "hit", title, one.why, one.by.name if one.by else "", about, reverse("hit", args=[one.hit.pk])
        )
