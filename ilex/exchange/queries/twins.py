"""Requests that may be the same one over two channels, or sent twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from ilex.exchange.models import Request, Subject, Twin, Way
from ilex.exchange.rules import SHORTEST_NAME, TWIN_DAYS, SubjectContent, born_agree, name_key

MOST = 20


def open_twins(request: Request) -> list[Twin]:
    """Twins of this request that nobody has judged, with the other request in `other`, whichever came first."""
    found = Twin.objects.filter(judgement=Twin.Judgement.NONE).select_related("request__partner", "other__partner")
    later = list(found.filter(request=request))
    for twin in found.filter(other=request):
        twin.request, twin.other = twin.other, twin.request
        later.append(twin)
    return later


def likely_twins(request: Request, subjects: Sequence[SubjectContent]) -> list[Twin]:
    """Unsaved twins of a request that has just come: the same reference, or the same subject from the same side."""
    if request.copy_withheld:
        return []
    found: dict[object, Twin] = {}
    for known in _same_reference(request):
        found[known] = Twin(request=request, other_id=known, likeness="reference", note=request.their_ref[:300])
    for other, name in _same_subject(request, subjects):
        found.setdefault(other.pk, Twin(request=request, other=other, likeness="subject", note=name))
    return list(found.values())[:MOST]


# Two statements in SQL: each message asks them, and building them anew costs more than answering them.
REGISTERED = "SELECT 1 FROM exchange_request WHERE inquiry = %s AND partner_id = %s AND way = %s"
SAME_REFERENCE = """
    SELECT id FROM exchange_request
    WHERE partner_id = %s AND their_ref_key = %s AND way = %s AND kind = %s AND copy_withheld = '' AND inquiry <> %s
    ORDER BY made_at DESC LIMIT %s
"""


def is_registered(inquiry: UUID, partner: str) -> bool:
    """Whether a letter of this partner has begun this conversation already."""
    with connection.cursor() as cursor:
        cursor.execute(REGISTERED, [inquiry, partner, Way.IN.value])
        return cursor.fetchone() is not None


def _others(request: Request) -> QuerySet[Request]:
    same_way = Request.objects.filter(way=request.way, kind=request.kind, copy_withheld="")
    return same_way.exclude(inquiry=request.inquiry)


def _same_reference(request: Request) -> list[UUID]:
    if not request.their_ref_key:
        return []
    asked = (request.partner_id, request.their_ref_key, request.way, request.kind, request.inquiry, MOST)
    with connection.cursor() as cursor:
        cursor.execute(SAME_REFERENCE, asked)
        return [pk for (pk,) in cursor.fetchall()]


def _same_subject(request: Request, subjects: Sequence[SubjectContent]) -> Iterable[tuple[Request, str]]:
    keys = {name_key(subject.name): subject for subject in subjects}
    named = {key: subject for key, subject in keys.items() if len(key) >= SHORTEST_NAME}
    if not named:
        return
    same_side = Q(partner=request.partner_id)
    if request.requesting_place_id:
        same_side |= Q(requesting_place=request.requesting_place_id)
    since = request.made_at - timedelta(days=TWIN_DAYS)
    others = _others(request).filter(same_side, made_at__gte=since)
    found = Subject.objects.filter(folded__in=named, request__in=others).select_related("request")
    for subject in found.order_by("-request__made_at")[:MOST]:
        ours = named[subject.folded]
        if subject.kind == ours.kind and born_agree(subject.born, ours.born):
            yield subject.request, ours.name[:300]
