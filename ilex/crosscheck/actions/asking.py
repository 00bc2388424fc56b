"""Asking the holdings about one thing: one consultation, its line in the journal, and the hits that it finds."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime

from django.utils.timezone import now

from ilex.crosscheck.actions.keeping import keep_hits
from ilex.crosscheck.asked import Asked
from ilex.crosscheck.facts import caption, written_from, written_in
from ilex.crosscheck.freezing import frozen_facts
from ilex.crosscheck.models import Found, Look
from ilex.crosscheck.queries.bars import Bars
from ilex.crosscheck.rules import REQUESTS, SUBJECTS, End
from ilex.exchange.models import Subject as Named
from ilex.holdings import queries as holdings
from ilex.holdings.queries import Candidate
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.units.models import Officer

MOST = 50  # hits of one look of an officer
MOST_ALONE = 20  # of one look of the node: a person has to read them all

Sieve = Callable[[Sequence[Candidate]], Sequence[Candidate]]


def ask(
    asked: Asked,
    *,
    by: Officer | None,
    reason: str,
    case: str = "",
    why: str = "",
    harder: bool = False,
    sources: Collection[str] | None = None,
    sieve: Sieve | None = None,
    at: datetime | None = None,
) -> Look:
    """Find, keep what was found, and write the line: together or not at all.

    `sources` names those that are searched (all), `sieve` leaves out what the asker may not see or need not.
    """
    at = at or now()
    op = Operation.CONSULTATION
    with act("crosscheck.looked", op, by=by, on=asked.on, reason=reason, case=case) as this:
        candidates = _candidates(asked, harder, sources, sieve, MOST if by else MOST_ALONE)
        look = Look(
            about=asked.about,
            why=why,
            origin=asked.end.origin,
            key=asked.end.key,
            request=asked.request,
            subject=asked.subject,
            caption=caption(asked.facts),
            facts=frozen_facts(asked.facts),
            reason=reason[:500],
            case=case,
            harder=harder,
            by=by,
            at=at,
            common=holdings.common(asked.facts) if candidates else 0,
        )
        kept = keep_hits(asked, candidates, look.common, at)
        look.found, look.fresh = len(kept), sum(fresh for _hit, fresh in kept)
        look.save(force_insert=True)
        Found.objects.bulk_create(
            Found(look=look, hit=hit, place=place, score=one.comparison.score, fresh=fresh)
            for place, ((hit, fresh), one) in enumerate(zip(kept, candidates, strict=True))
        )
        if asked.on == ("look", ""):
            this.on = ("look", str(look.pk))
        this.detail |= {"look": str(look.pk), "why": why or "asked", "found": look.found, "new": look.fresh}
        this.detail |= {"harder": True} if harder else {}
    return look


def _candidates(
    asked: Asked, harder: bool, sources: Collection[str] | None, sieve: Sieve | None, most: int
) -> list[Candidate]:
    """Those that reach their threshold, the likeliest first, without the thing itself."""
    found: Iterable[Candidate] = holdings.find(
        asked.facts, limit=2 * MOST, harder=harder, sources=sources, exclude=_itself(asked)
    )
    bars = Bars()
    high = [one for one in found if one.comparison.score >= bars.of(asked.facts.kind, one.source).show]
    return list(sieve(high) if sieve else high)[:most]


def _itself(asked: Asked) -> list[tuple[str, str]]:
    """What would be found only because it is the same writing: beside the thing itself the others of its letter."""
    if asked.subject is not None:
        return [asked.end, *(End(REQUESTS, key) for key in written_in(asked.subject))]
    if asked.request is None:
        return []
    same_letter = Named.objects.filter(request__inquiry=asked.request.inquiry).values_list("pk", flat=True)
    ends = [End(asked.end.origin, str(pk)) for pk in same_letter]
    return [*ends, *(End(SUBJECTS, key) for key in written_from(asked.request))]
