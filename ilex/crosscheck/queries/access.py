"""Loading is permission: a hit is seen by who may see both its ends; what an officer may not see does not exist."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from ilex.crosscheck.models import Access, Hit, Look, Watch
from ilex.crosscheck.rules import Invalid
from ilex.exchange import queries as exchange
from ilex.holdings.models import Source
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.subjects import queries as subjects
from ilex.units.models import Officer
from ilex.units.rules import check, must_give_a_reason

ENDS = (("request", "subject"), ("held_request", "held_subject"))
RELATED = ("request__partner", "subject", "held_request__partner", "held_subject", "judged_by")


def visible(officer: Officer, prefix: str = "") -> Q:
    """Hits both of whose ends he may see; of what somebody typed, his own. Who supervises sees those too."""
    seen = Q()
    for request, subject in ENDS:
        seen &= _unless(f"{prefix}{request}", exchange.visible(officer, f"{prefix}{request}__"))
        seen &= _unless(f"{prefix}{subject}", subjects.visible(officer, f"{prefix}{subject}__"))
    return seen if must_give_a_reason(officer) else seen & _own(officer, f"{prefix}officer")


def visible_hits(officer: Officer) -> QuerySet[Hit]:
    check(officer, "holding.read")
    return Hit.objects.filter(visible(officer))


def hit_for(officer: Officer, id: UUID | str) -> Hit:
    """Raises Hit.DoesNotExist, also when it is not for this officer.

    Of a record in a source that is not searched any more it tells the judgement and nothing else.
    """
    hit = visible_hits(officer).select_related(*RELATED).get(pk=id)
    if hit.held_origin in unsearched():
        hit.reasons, hit.held_facts, hit.held_caption, hit.common = [], {}, "", 0
    return hit


def unsearched() -> set[str]:
    """The lists that are switched off, or past their legal end."""
    return {source.code for source in Source.objects.filter(origin=False) if not source.searched()}


def visible_looks(officer: Officer) -> QuerySet[Look]:
    """What he typed himself, and those about requests and subjects that he may see; who supervises sees all."""
    check(officer, "holding.read")
    if must_give_a_reason(officer):
        return Look.objects.all()
    about = Q(request__isnull=False) & _unless("request", exchange.visible(officer, "request__"))
    about |= Q(subject__isnull=False) & _unless("subject", subjects.visible(officer, "subject__"))
    return Look.objects.filter(Q(by=officer, request=None, subject=None) | about)


def look_for(officer: Officer, id: UUID | str) -> Look:
    """Raises Look.DoesNotExist, also when it is not for this officer."""
    return visible_looks(officer).select_related("request", "subject", "by").get(pk=id)


def visible_watches(officer: Officer) -> QuerySet[Watch]:
    """Those of requests and subjects that he may see."""
    check(officer, "holding.read")
    seen = _unless("request", exchange.visible(officer, "request__"))
    seen &= _unless("subject", subjects.visible(officer, "subject__"))
    return Watch.objects.filter(seen)


def watches_of(officer: Officer) -> QuerySet[Watch]:
    """Those that still run."""
    return visible_watches(officer).filter(ended_at=None, until__gte=localdate())


def watch_for(officer: Officer, id: UUID | str) -> Watch:
    """Raises Watch.DoesNotExist, also when it is not for this officer."""
    return visible_watches(officer).select_related("request__partner", "subject", "by", "ended_by").get(pk=id)


def accesses(officer: Officer) -> QuerySet[Access]:
    check(officer, "crosscheck.access")
    return Access.objects.select_related("organisation", "made_by", "closed_by").order_by("closed_at", "system", "id")


def access_for(officer: Officer, id: UUID | str) -> Access:
    return accesses(officer).get(pk=id)


def needs_reason(officer: Officer) -> bool:
    """Whoever only supervises types a reason before he reads a hit."""
    return must_give_a_reason(officer)


def justified(officer: Officer, reason: str) -> str:
    """Why he reads, for the journal. Raises Invalid("reason") when a supervisor gives none."""
    if reason.strip():
        return reason.strip()
    if needs_reason(officer):
        raise Invalid({"reason": _("Type a reason first: your role reads hits to supervise.")})
    return "handling"


def consult(officer: Officer, hit: Hit, reason: str = "", case: str = "") -> None:
    """Write that this officer opens the hit. Raises Invalid("reason")."""
    why = justified(officer, reason)
    with act("hit.opened", Operation.CONSULTATION, by=officer, on=("hit", str(hit.pk)), reason=why, case=case):
        pass


def consult_list(officer: Officer, hits: Iterable[Hit], on: tuple[str, str], reason: str = "", case: str = "") -> None:
    """Write that this officer reads these in a list: one line, which names them. Raises Invalid("reason")."""
    why, read = justified(officer, reason), [str(hit.pk) for hit in hits]
    with act("hits.listed", Operation.CONSULTATION, by=officer, on=on, reason=why, case=case, hits=read):
        pass


def consult_look(officer: Officer, look: Look, reason: str = "") -> None:
    """Write that this officer reads what a look showed. Raises Invalid("reason")."""
    why = justified(officer, reason)
    with act("look.opened", Operation.CONSULTATION, by=officer, on=("look", str(look.pk)), reason=why, case=look.case):
        pass


def _own(officer: Officer, field: str) -> Q:
    return Q(**{f"{field}__isnull": True}) | Q(**{field: officer.pk})


def _unless(field: str, seen: Q) -> Q:
    """What is seen, or has none. An empty condition sees all: an OR would drop it."""
    return Q(**{f"{field}__isnull": True}) | seen if seen else Q(pk__isnull=False)
