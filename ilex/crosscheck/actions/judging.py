"""What officers say of hits. The machine proposes; a person decides, and nothing is merged by it (LED Art. 11)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.crosscheck.models import Hit, Judging
from ilex.crosscheck.queries.access import hit_for
from ilex.crosscheck.queries.cases import case_of
from ilex.crosscheck.queries.hits import why_needed
from ilex.crosscheck.rules import JUDGED, Invalid, NotNow, Opinion, settled
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.units.models import Officer
from ilex.units.rules import check

LONGEST = 500  # characters of a reason


def judge(officer: Officer, hit: Hit, judgement: str, why: str = "", *, seen: str = "") -> Hit:
    """Say whether the two are the same. Without words of his own the reasons shown stand for the officer's.

    `seen` is the hit's stamp as the page showed it. Raises Invalid, and NotNow when a colleague was faster.
    """
    check(officer, "crosscheck.judge")
    why = _checked(judgement, why)
    shown = hit_for(officer, hit.pk)
    if not shown.held_facts:
        raise NotNow(_("What was found is no longer held."))
    if (seen or shown.stamp) != shown.stamp:
        raise NotNow(_("A colleague judged this at the same moment. Look at it again."))
    if why_needed(officer, shown, judgement) and not why:
        raise Invalid({"why": _("Say why: a colleague judged otherwise.")})
    with _act("hit.judged", officer, shown, why) as this:
        row = _locked(shown)
        at = now()
        Judging.objects.filter(hit=row, by=officer, undone_at=None).update(undone_at=at)
        Judging.objects.create(hit=row, judgement=judgement, why=why, by=officer, at=at)
        settle(row, officer, at, why)
        this.detail |= {"said": judgement, "holds": str(row.judgement)}
    return row


def undo(officer: Officer, hit: Hit) -> Hit:
    """Take the officer's own judgement back. Raises NotNow when none of his stands."""
    check(officer, "crosscheck.judge")
    shown = hit_for(officer, hit.pk)
    with _act("hit.unjudged", officer, shown, "") as this:
        row = _locked(shown)
        at = now()
        if not Judging.objects.filter(hit=row, by=officer, undone_at=None).update(undone_at=at):
            raise NotNow(_("There is no judgement of yours to undo."))
        settle(row, None, at, "")
        this.detail |= {"holds": str(row.judgement)}
    return row


def settle(row: Hit, officer: Officer | None, at: datetime, why: str) -> None:
    """Bring the hit to what its standing judgings come to; `officer` is who judged now."""
    standing = list(Judging.objects.filter(hit=row, undone_at=None).select_related("by").order_by("at", "pk"))
    last = standing[-1] if standing else None
    columns: dict[str, Any] = {
        "opinions": len(standing),
        "judgement": settled([Opinion(one.by_id or one.pk, one.judgement) for one in standing], row.needs),
        "judged_by": officer or (last.by if last else None),
        "judged_at": at,
        "why": why or (last.why if last else ""),
    }
    for name, value in columns.items():
        setattr(row, name, value)
    row.save(update_fields=list(columns))


def _checked(judgement: str, why: str) -> str:
    if judgement not in JUDGED:
        raise Invalid({"judgement": _("Say whether they are the same, different, or that you are not sure.")})
    why = " ".join(why.split())
    if len(why) > LONGEST or "\0" in why:
        raise Invalid({"why": _("Write at most %(limit)d characters.") % {"limit": LONGEST}})
    return why


def _locked(shown: Hit) -> Hit:
    """The row, as it was when the officer saw it. Raises NotNow when it is not so any more."""
    row = Hit.objects.select_for_update(of=("self",)).filter(pk=shown.pk).first()
    if row is None:
        raise NotNow(_("What was found is no longer held."))
    if row.stamp != shown.stamp:
        raise NotNow(_("A colleague judged this at the same moment. Look at it again."))
    return row


def _act(name: str, officer: Officer, hit: Hit, why: str) -> Any:
    on = ("hit", str(hit.pk))
    return act(name, Operation.COMBINATION, by=officer, on=on, reason=why or "as shown", case=case_of(hit))
