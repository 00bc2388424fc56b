"""Requests that may be the same one over two channels, or sent twice."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from ilex.exchange.models import Request, Subject, Twin, Way
from ilex.exchange.rules import SHORTEST_NAME, TWIN_DAYS, SubjectContent, born_agree, name_key

MOST = 20
SHOWN = ("likeness", "note", "judgement", "request__our_ref", "other__our_ref")


def open_twins(request: Request) -> list[Twin]:
    """Twins of this request that nobody has judged, with the other request in `other`, whichever came first."""
    either = Q(request=request) | Q(other=request)
    found = Twin.objects.filter(either, judgement=Twin.Judgement.NONE).select_related("request", "other")
    twins = sorted(found.only(*SHOWN), key=lambda twin: twin.other_id == request.pk)
    for twin in twins:
        if twin.other_id == request.pk:
            twin.request, twin.other = twin.other, twin.request
    return twins


def likely_twins(come: Sequence[tuple[Request, Sequence[SubjectContent]]]) -> list[Twin]:
    """Unsaved twins of requests that have just come: the same reference, or the same subject from the same side.

    They are on file already. Of two that came together, the later one is pointed out as the first one's twin.
    """
    looked_at = [(request, subjects) for request, subjects in come if not request.copy_withheld]
    references = _same_references([request for request, _subjects in looked_at])
    later = {request.pk for request, _subjects in looked_at}
    twins: list[Twin] = []
    for request, subjects in looked_at:
        later.discard(request.pk)
        found: dict[object, Twin] = {}
        for known in references.get(request.pk, ()):
            found[known] = Twin(request=request, other_id=known, likeness="reference", note=request.their_ref[:300])
        for other, name in _same_subject(request, subjects, later):
            found.setdefault(other.pk, Twin(request=request, other=other, likeness="subject", note=name))
        twins += list(found.values())[:MOST]
    return twins


# Two statements in SQL: asked for each batch of messages, and building them anew costs more than answering them.
REGISTERED = "SELECT inquiry, partner_id FROM exchange_request WHERE way = %s AND inquiry = ANY(%s)"
SAME_REFERENCES = """
    WITH come AS (
        SELECT * FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::uuid[])
        WITH ORDINALITY AS come (id, partner, key, way, kind, inquiry, place)
    )
    SELECT come.id, known.id FROM come CROSS JOIN LATERAL (
        SELECT request.id FROM exchange_request request LEFT JOIN come beside ON beside.id = request.id
        WHERE request.partner_id = come.partner AND request.their_ref_key = come.key AND request.way = come.way
            AND request.kind = come.kind AND request.copy_withheld = '' AND request.inquiry <> come.inquiry
            AND coalesce(beside.place, 0) < come.place
        ORDER BY request.made_at DESC LIMIT %s
    ) known
"""


def registered(inquiries: Collection[UUID]) -> set[tuple[UUID, str]]:
    """Which of these conversations a letter has begun already, each with the partner who wrote it."""
    with connection.cursor() as cursor:
        cursor.execute(REGISTERED, [Way.IN.value, list(inquiries)])
        return set(cursor.fetchall())


def _others(request: Request) -> QuerySet[Request]:
    same_way = Request.objects.filter(way=request.way, kind=request.kind, copy_withheld="")
    return same_way.exclude(inquiry=request.inquiry)


def _same_references(requests: Sequence[Request]) -> dict[UUID, list[UUID]]:
    """Of each request those that were here before it and that its partner calls by the same reference."""
    named = [
        (one.pk, one.partner_id, one.their_ref_key, str(one.way), str(one.kind), one.inquiry)
        for one in requests
        if one.their_ref_key
    ]
    found: dict[UUID, list[UUID]] = {}
    if named:
        with connection.cursor() as cursor:
            cursor.execute(SAME_REFERENCES, [*(list(column) for column in zip(*named, strict=True)), MOST])
            for request, known in cursor.fetchall():
                found.setdefault(request, []).append(known)
    return found


def _same_subject(
    request: Request, subjects: Sequence[SubjectContent], later: Collection[UUID]
) -> Iterable[tuple[Request, str]]:
    keys = {name_key(subject.name): subject for subject in subjects}
    named = {key: subject for key, subject in keys.items() if len(key) >= SHORTEST_NAME}
    if not named:
        return
    same_side = Q(partner=request.partner_id)
    if request.requesting_place_id:
        same_side |= Q(requesting_place=request.requesting_place_id)
    since = request.made_at - timedelta(days=TWIN_DAYS)
    others = _others(request).filter(same_side, made_at__gte=since)
    found = Subject.objects.filter(folded__in=named, request__in=others).exclude(request__in=later)
    found = found.select_related("request")
    for subject in found.order_by("-request__made_at")[:MOST]:
        ours = named[subject.folded]
        if subject.kind == ours.kind and born_agree(subject.born, ours.born):
            yield subject.request, ours.name[:300]
