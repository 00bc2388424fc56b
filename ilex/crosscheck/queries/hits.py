"""Lists of hits: of a request, a subject, a case, a look; those that wait for a person; and who is one with whom."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from ilex.cases.models import Case
from ilex.crosscheck.freezing import frozen
from ilex.crosscheck.models import Hit, Judging, Look
from ilex.crosscheck.queries.access import RELATED, unsearched, visible_hits
from ilex.crosscheck.queries.cases import in_case
from ilex.crosscheck.rules import NONE, TYPED, End
from ilex.exchange.models import Request
from ilex.holdings import origins
from ilex.holdings import queries as holdings
from ilex.matching.facts import Facts
from ilex.matching.reasons import Reason
from ilex.subjects.models import Subject
from ilex.subjects.queries import members
from ilex.units.models import Officer
from ilex.units.rules import may

MOST_TOGETHER = 1_000  # ends of one identity


def standing_hits(officer: Officer) -> QuerySet[Hit]:
    """Those he may see whose record is still held, in a source that is searched."""
    gone = Q(held_facts={})  # of a judged one whose record is gone only the judgement is left
    return visible_hits(officer).exclude(held_origin__in=unsearched()).exclude(gone).select_related(*RELATED)


def hits_of(
    officer: Officer,
    *,
    request: Request | None = None,
    subject: Subject | None = None,
    case: Case | None = None,
) -> QuerySet[Hit]:
    """Of these, whichever end they are, the likeliest first. Without a limit to one thing all but what was typed."""
    return standing_hits(officer).filter(_about(request, subject, case)).order_by("-score", "id")


def waiting_hits(
    officer: Officer,
    *,
    request: Request | None = None,
    subject: Subject | None = None,
    case: Case | None = None,
    look: Look | None = None,
) -> QuerySet[Hit]:
    """Those on which this officer's judgement is wanted, in the order in which they are reviewed.

    Without a limit to one thing: not those that he typed himself, which wait for nobody.
    """
    waiting = standing_hits(officer).filter(judgement=NONE)
    mine = Judging.objects.filter(hit=OuterRef("pk"), by=officer, undone_at=None)
    waiting = waiting.exclude(Exists(mine))
    if look is not None:
        return waiting.filter(rows__look=look).order_by("rows__place", "id")
    return waiting.filter(_about(request, subject, case)).order_by("-score", "id")


def waiting_count(officer: Officer) -> int:
    """Asked for each desk: what he may see is looked at only when anything waits at all."""
    if not may(officer, "crosscheck.judge") or not Hit.objects.filter(judgement=NONE).exists():
        return 0
    return waiting_hits(officer).count()


def hits_in(look: Look, officer: Officer) -> list[Hit]:
    """What this look showed, in its order, as the officer may see it."""
    rows = {row.hit_id: row.place for row in look.rows.all()}
    found = standing_hits(officer).filter(pk__in=rows)
    asked = End(look.origin, look.key)
    return [turned(hit, asked) for hit in sorted(found, key=lambda hit: rows[hit.pk])]


def _about(request: Request | None, subject: Subject | None, case: Case | None) -> Q:
    if request is None and subject is None and case is None:
        return ~Q(asked_origin=TYPED)
    about = Q()
    if request is not None:
        about |= Q(request=request) | Q(held_request=request)
    if subject is not None:
        about |= _of_subjects(members(subject))
    if case is not None:
        requests, subjects = in_case(case)
        about |= Q(request__in=requests) | Q(held_request__in=requests) | _of_subjects(subjects)
    return about


def _of_subjects(ids: Iterable[UUID]) -> Q:
    among = list(ids)
    return Q(subject__in=among) | Q(held_subject__in=among)


def turned(hit: Hit, asked: End) -> Hit:
    """The hit with this end as the one that was asked about; the row itself stays as it is."""
    if (hit.held_origin, hit.held_key) != asked:
        return hit
    other = copy(hit)
    for one, two in TURNED:
        setattr(other, one, getattr(hit, two))
        setattr(other, two, getattr(hit, one))
    other.reasons = frozen(_turned(reason) for reason in hit.shown_reasons)
    return other


TURNED = (
    *(("asked_origin", "held_origin"), ("asked_key", "held_key"), ("asked_caption", "held_caption")),
    *(("asked_facts", "held_facts"), ("request", "held_request"), ("subject", "held_subject")),
)


def _turned(reason: Reason) -> Reason:
    parts = tuple(part._replace(asked=part.held, held=part.asked, code=_other(part.code)) for part in reason.parts)
    return reason._replace(asked=reason.held, held=reason.asked, parts=parts)


def _other(code: str) -> str:
    return {"only_asked": "only_held", "only_held": "only_asked"}.get(code, code)


# --- the records behind ---


def held_now(hit: Hit) -> Facts | None:
    """What the record says today; None when it is gone or its source is switched off."""
    return holdings.facts_of([(hit.held_origin, hit.held_key)]).get((hit.held_origin, hit.held_key))


def page_of_record(hit: Hit, officer: Officer, side: str = "held") -> str:
    """The page of one end, for whoever may see it; empty where it has none."""
    code, key = getattr(hit, f"{side}_origin"), getattr(hit, f"{side}_key")
    origin = origins.origin(code)
    if origin is None or key not in origin.may_see(officer, [key]):
        return ""
    return origin.page(key)


def second_needed(hit: Hit) -> bool:
    """Whether two officers must agree on it."""
    return hit.needs > 1


def why_needed(officer: Officer, hit: Hit, judgement: str) -> bool:
    """Whether he must write why: who says otherwise than a colleague tells the reason.

    Never while a second one is to judge by himself: what is asked of him would tell him what the first one said.
    """
    if hit.half_judged:
        return False
    others = Judging.objects.filter(hit=hit, undone_at=None).exclude(by=officer)
    return others.exclude(judgement=judgement).exists()


# --- who is one ---

# The judgements of persons only, and the merges of subjects, which are such judgements too.
TOGETHER = """
    WITH RECURSIVE one (origin, key) AS (
        VALUES (%(origin)s::text, %(key)s::text)
        UNION
        SELECT beside.origin, beside.key FROM one CROSS JOIN LATERAL (
            SELECT held_origin::text AS origin, held_key::text AS key FROM crosscheck_hit
            WHERE asked_origin = one.origin AND asked_key = one.key AND judgement = 'same'
            UNION ALL
            SELECT asked_origin::text, asked_key::text FROM crosscheck_hit
            WHERE held_origin = one.origin AND held_key = one.key AND judgement = 'same'
            UNION ALL
            SELECT 'subjects', merged_into_id::text FROM subjects_subject
            WHERE id = CASE one.origin WHEN 'subjects' THEN one.key::uuid END AND merged_into_id IS NOT NULL
            UNION ALL
            SELECT 'subjects', id::text FROM subjects_subject
            WHERE merged_into_id = CASE one.origin WHEN 'subjects' THEN one.key::uuid END
        ) AS beside
    )
    SELECT origin, key FROM one LIMIT %(most)s
"""


def canonical(origin: str, key: str) -> frozenset[End]:
    """All records that are one with this by judgements "same", itself among them. Nothing is merged by that."""
    with connection.cursor() as cursor:
        cursor.execute(TOGETHER, {"origin": origin, "key": key, "most": MOST_TOGETHER})
        return frozenset(End(*row) for row in cursor.fetchall())
