"""Another national system asks: each query a look of its own, with its line in the journal; nothing else is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.timezone import now

from ilex.crosscheck.api.entities import SCHEMA, Unreadable, facts_of, result_of
from ilex.crosscheck.api.messages import Example, Feature, Matches, MatchQuery, MatchResponse, Result, Total
from ilex.crosscheck.facts import caption
from ilex.crosscheck.freezing import frozen_facts
from ilex.crosscheck.models import Access, Look
from ilex.crosscheck.queries.bars import Bars
from ilex.crosscheck.rules.ends import API
from ilex.holdings import queries as holdings
from ilex.holdings.models import Source
from ilex.holdings.queries import Candidate
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.matching.facts import Facts
from ilex.sharing.models import Use
from ilex.words import uses

MOST = 50
MATCHER = {
    "name": "The names part by part, in every script",
    "born": "The date of birth or founding, with its precision",
    "country": "Nationality or registration",
    "sex": "The sex",
    "place": "Places and addresses",
    "kind": "Whether both are of one kind",
    "identifier": "A number, by its type",
}


@dataclass(frozen=True)
class Options:
    """What the query of the address asks for."""

    sources: Sequence[str]
    limit: int
    threshold: float | None  # from which `match` is true; None: as the unit set it
    cutoff: float | None  # it may raise what the unit set, never lower it
    exclude: frozenset[str]
    exclude_schemata: frozenset[str]


def match_all(access: Access, asked: MatchQuery, options: Options) -> MatchResponse:
    """Answer each query; one that cannot be read says so and holds no other up."""
    with transaction.atomic():
        given = _given_on(options.sources)
        answers = {
            name: _match(access, place, example, options, given)
            for place, (name, example) in enumerate(asked.queries.items(), 1)
        }
    matcher = {name: Feature(description=text, coefficient=1.0) for name, text in MATCHER.items()}
    return MatchResponse(responses=answers, matcher=matcher, limit=options.limit)


def _given_on(codes: Sequence[str]) -> dict[str, Source]:
    """Those of these sources that may be passed on without their providers' permission."""
    found = Source.objects.filter(code__in=codes, origin=False)
    return {one.code: one for one in found if uses.that_asks(one.handling, Use.FORWARD) is None}


def _match(access: Access, place: int, example: Example, options: Options, given: Mapping[str, Source]) -> Matches:
    try:
        facts = facts_of(example)
    except Unreadable as wrong:
        return Matches(status=400, detail=str(wrong), results=[], total=Total(value=0), query=example)
    look = Look(
        about=Look.About.API,
        origin=API,
        key=str(access.pk),
        access=access,
        caption=caption(facts),
        facts=frozen_facts(facts),
        reason=access.purpose[:500],
        at=now(),
    )
    on = ("look", str(look.pk))
    # Not the query's name: the client chose it, and it may be a person's.
    told: dict[str, Any] = {"system": str(access.pk), "query": place}
    with act("crosscheck.matched", Operation.CONSULTATION, by=None, on=on, reason=look.reason, **told) as this:
        found, results = _results(facts, options, given)
        look.found = len(found)
        look.save(force_insert=True)
        if results:  # what is shown to another authority is disclosed to it
            this.op = Operation.DISCLOSURE
            this.recipients = [access.organisation_id]
        this.detail |= {"shown": [f"{one.datasets[0]}/{one.id}" for one in results], "found": len(found)}
    return Matches(results=results, total=_total(found), query=example)


def _total(found: Sequence[Candidate]) -> Total:
    """Behind the last of MOST there may be more."""
    return Total(value=len(found), relation="eq" if len(found) < MOST else "gte")


def _results(facts: Facts, options: Options, given: Mapping[str, Source]) -> tuple[list[Candidate], list[Result]]:
    """All that count, and of these the best, as they are given out. Nobody is given what the unit would not show."""
    bars = Bars()
    found = [
        one
        for one in holdings.find(facts, limit=MOST + len(options.exclude), sources=list(given))
        if one.key not in options.exclude
        and SCHEMA.get(one.facts.kind, "LegalEntity") not in options.exclude_schemata
        and one.comparison.score >= max(bars.of(facts.kind, one.source).show, options.cutoff or 0)
    ][:MOST]
    strong = [
        bars.of(facts.kind, one.source).strong if options.threshold is None else options.threshold for one in found
    ]
    best = zip(found[: options.limit], strong, strict=False)
    return found, [result_of(one, threshold, given[one.source].handling_note) for one, threshold in best]
