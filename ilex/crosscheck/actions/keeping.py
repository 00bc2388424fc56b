"""The rows of hits: made when found, brought to what the records say now, and away with what is no longer held."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from ilex.crosscheck.asked import Asked
from ilex.crosscheck.facts import caption
from ilex.crosscheck.freezing import frozen, frozen_facts
from ilex.crosscheck.models import Hit, Look
from ilex.crosscheck.queries.bars import Bars
from ilex.crosscheck.rules import NONE, REQUESTS, SUBJECTS, End, pair_of
from ilex.exchange.models import Request
from ilex.exchange.models import Subject as Named
from ilex.holdings.models import Source
from ilex.holdings.pieces.shelf import shelf
from ilex.holdings.queries import Candidate
from ilex.holdings.queries.reading import rows_of
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.matching.compare import compare
from ilex.matching.facts import Facts
from ilex.matching.prepare import prepare
from ilex.matching.reasons import Comparison
from ilex.units.queries import DEFAULT_PROFILE
from ilex.words import law

BATCH = 500  # hits that are compared anew at once when records change
UNJUDGED = Q(judgement=NONE, opinions=0)


def keep_hits(asked: Asked, candidates: Sequence[Candidate], common: int, at: datetime) -> list[tuple[Hit, bool]]:
    """A row for each, in their order, and whether it is new. What was judged keeps what was shown when it was."""
    if not candidates:
        return []
    ends = [End(one.source, one.key) for one in candidates]
    pairs = [pair_of(asked.end, end) for end in ends]
    requests = requests_of(end.key for end in ends if end.origin == REQUESTS)
    bars = Bars()
    rows = []
    for one, end, pair in zip(candidates, ends, pairs, strict=True):
        held = requests.get(end.key) if end.origin == REQUESTS else None
        rows.append(
            Hit(
                pair=pair,
                asked_origin=asked.end.origin,
                asked_key=asked.end.key,
                held_origin=end.origin,
                held_key=end.key,
                request=asked.request,
                subject=asked.subject,
                officer=asked.officer,
                held_request=held,
                held_subject_id=UUID(end.key) if end.origin == SUBJECTS else None,
                handling=one.handling,
                found_at=at,
                needs=reviewers(asked.request, held),
                seen_at=at,
                **shown(asked.facts, one.facts, one.comparison, common, bars, end.origin),
            )
        )
    Hit.objects.bulk_create(rows, ignore_conflicts=True)
    kept = {hit.pair: hit for hit in Hit.objects.filter(pair__in=pairs)}
    mine = {row.pk for row in rows}
    known = [row for row in rows if kept[row.pair].pk not in mine]
    _show_again(known, kept, at)
    return [(kept[pair], kept[pair].pk in mine) for pair in pairs]


def shown(asked: Facts, held: Facts, comparison: Comparison, common: int, bars: Bars, source: str) -> dict[str, Any]:
    """The columns that say what an officer is shown."""
    return {
        "kind": asked.kind or held.kind,
        "asked_caption": caption(asked),
        "held_caption": caption(held),
        "score": comparison.score,
        "logit": comparison.logit,
        "strong": comparison.score >= bars.of(asked.kind, source).strong,
        "reasons": frozen(comparison.reasons),
        "asked_facts": frozen_facts(asked),
        "held_facts": frozen_facts(held),
        "common": common,
    }


SHOWN = (
    *("kind", "asked_caption", "held_caption", "score", "logit", "strong", "reasons", "asked_facts", "held_facts"),
    *("common", "handling", "seen_at"),
)


def _show_again(rows: Iterable[Hit], kept: Mapping[str, Hit], at: datetime) -> None:
    """Known hits say what was found now, unless somebody judged them, or they were found from the other side."""
    changed, seen = [], []
    for row in rows:
        hit = kept[row.pair]
        same_side = (hit.asked_origin, hit.asked_key) == (row.asked_origin, row.asked_key)
        emptied = not hit.reasons  # its record was gone and is there again
        if same_side and (emptied or not (hit.opinions or hit.judgement != NONE)):
            for name in SHOWN:
                setattr(hit, name, getattr(row, name))
            hit.found_at = at if emptied else hit.found_at
            changed.append(hit)
        else:
            seen.append(hit.pk)
    Hit.objects.bulk_update(changed, (*SHOWN, "found_at"))
    Hit.objects.filter(pk__in=seen).update(seen_at=at)


def requests_of(keys: Iterable[str]) -> dict[str, Request]:
    """The requests of these subjects of letters."""
    rows = Named.objects.filter(pk__in=[int(key) for key in keys]).select_related("request")
    return {str(row.pk): row.request for row in rows}


def reviewers(*requests: Request | None) -> int:
    """How many officers must agree, by the profiles of the requests that a hit touches."""
    codes = {request.profile for request in requests if request is not None} or {DEFAULT_PROFILE}
    asked = (law.profile(code).reviewers for code in codes)
    return max((rule.count for rule in asked if rule is not None), default=1)


# --- when records change ---


def compare_again(origin: str, facts: Mapping[str, Facts]) -> None:
    """Bring the hits that nobody judged to what these records say now; what is no longer alike goes.

    In the transaction of the change.
    """
    if not of_records(origin, facts).filter(UNJUDGED).exists():
        return
    bars, rarity = Bars(), shelf().rarity
    prepared = {key: prepare(one) for key, one in facts.items()}
    for hit in _unjudged(origin, facts):
        asked = prepared.get(hit.asked_key) if hit.asked_origin == origin else None
        held = prepared.get(hit.held_key) if hit.held_origin == origin else None
        asked, held = asked or prepare(hit.asked), held or prepare(hit.held)
        comparison = compare(asked, held, rarity)
        if comparison.score < bars.of(asked.facts.kind, hit.held_origin).show:
            hit.delete()
            continue
        columns = shown(asked.facts, held.facts, comparison, hit.common, bars, hit.held_origin)
        Hit.objects.filter(UNJUDGED, pk=hit.pk).update(**columns)


def _unjudged(origin: str, keys: Collection[str]) -> Iterator[Hit]:
    rows = of_records(origin, keys).filter(UNJUDGED).order_by("pk")
    some = list(rows[:BATCH])
    while some:
        last = some[-1].pk
        yield from some
        some = list(rows.filter(pk__gt=last)[:BATCH])


def forget(origin: str, keys: Collection[str]) -> None:
    """Records that are no longer held: hits that nobody judged go, of others only the judgement stays.

    In the transaction that takes the records away.
    """
    of_records(origin, keys).filter(UNJUDGED).delete()
    of_records(origin, keys).update(reasons=[], asked_facts={}, held_facts={}, common=0)
    Hit.objects.filter(asked_origin=origin, asked_key__in=list(keys)).update(asked_caption="")
    Hit.objects.filter(held_origin=origin, held_key__in=list(keys)).update(held_caption="")
    Look.objects.filter(origin=origin, key__in=list(keys)).update(facts={}, caption="")


def forget_gone(source: str) -> None:
    """After a load: what was found of records that the source does not hold any more, be it switched on or off."""
    keys = set(Hit.objects.filter(held_origin=source).exclude(held_facts={}).values_list("held_key", flat=True))
    held = Source.objects.filter(code=source).values_list("pk", flat=True).first()
    still = set(rows_of(held, list(keys))) if held is not None else set()
    if gone := keys - still:
        with act("hits.forgotten", Operation.ERASURE, by=None, on=("source", source)) as this:
            forget(source, gone)
            this.detail["records"] = len(gone)


def of_records(origin: str, keys: Collection[str]) -> Any:
    asked = Q(asked_origin=origin, asked_key__in=list(keys))
    return Hit.objects.filter(asked | Q(held_origin=origin, held_key__in=list(keys)))
