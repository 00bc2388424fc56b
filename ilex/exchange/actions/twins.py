"""Pointing out requests that may be the same, and a person's word on it."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.exchange.models import Request, Twin
from ilex.exchange.queries.access import visible
from ilex.exchange.queries.twins import likely_twins
from ilex.exchange.rules import Invalid, NotNow, SubjectContent
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.units.models import Officer
from ilex.units.rules import check


def point_out_twins(*come: tuple[Request, Sequence[SubjectContent]]) -> None:
    """Keep the likely twins of requests that have just come, in their order; a person judges them."""
    if twins := likely_twins(come):
        Twin.objects.bulk_create(twins, ignore_conflicts=True)


def judge_twin(officer: Officer, twin: Twin, judgement: str) -> None:
    """Say whether two requests are the same one. The later of two same ones is left out of the statistics."""
    check(officer, "request.close")
    if judgement not in (Twin.Judgement.SAME, Twin.Judgement.DIFFERENT):
        raise Invalid({"judgement": _("Say whether they are the same or different.")})
    pair = Twin.objects.values_list("request", "other").get(pk=twin.pk)
    if Request.objects.filter(visible(officer), pk__in=pair).count() != 2:
        raise PermissionDenied
    with act("twin.judged", Operation.COMBINATION, by=officer, on=("request", str(pair[0]))) as this:
        this.detail |= {"other": str(pair[1]), "judgement": judgement}
        waiting = Twin.objects.filter(pk=twin.pk, judgement=Twin.Judgement.NONE)
        if not waiting.update(judgement=judgement, by=officer, at=now()):
            raise NotNow(_("Somebody has judged this already."))
