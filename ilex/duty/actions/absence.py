"""Naming a deputy for the time of an absence, and ending that before its time."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.duty.errors import NotNow
from ilex.duty.models import Delegation
from ilex.duty.rules import LONGEST_ABSENCE
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.units.models import Officer
from ilex.units.rules import check


def delegate(
    by: Officer, absent: Officer, deputy: Officer, begins: datetime, ends: datetime, reason: str = ""
) -> Delegation:
    """Let one officer stand in for another of the same organisation. Everybody does so for himself; whoever plans the
    roster for all. The deputy gains no right by it: he sees to the other's work by his own.
    """
    check(by, "note.write" if by.pk == absent.pk else "duty.plan")
    _check_absence(absent, deputy, begins, ends)
    with act("duty.delegated", Operation.OPERATION, by=by) as this:
        made = Delegation.objects.create(
            absent=absent,
            deputy=deputy,
            begins=begins,
            ends=ends,
            reason=reason.strip().replace("\0", "")[:300],
            made_by=by,
        )
        this.on = ("delegation", str(made.pk))
        this.detail |= {"absent": str(absent.pk), "deputy": str(deputy.pk)}
        this.detail |= {"begins": begins.isoformat(), "ends": ends.isoformat()}
    return made


def _check_absence(absent: Officer, deputy: Officer, begins: datetime, ends: datetime) -> None:
    if absent.pk == deputy.pk:
        raise NotNow(_("Nobody stands in for himself."))
    if absent.organisation_id != deputy.organisation_id or not deputy.is_active:
        raise NotNow(_("The deputy must be an officer of the same organisation."))
    if ends <= begins or ends <= now():
        raise NotNow(_("The absence must end after it begins, and in the future."))
    if ends - begins > LONGEST_ABSENCE:
        raise NotNow(_("An absence is at most one year long."))


def end_delegation(by: Officer, delegation: Delegation) -> None:
    """The absent one is back before the time."""
    check(by, "note.write" if by.pk == delegation.absent_id else "duty.plan")
    with act("duty.delegation-ended", Operation.OPERATION, by=by, on=("delegation", str(delegation.pk))):
        if not Delegation.objects.filter(pk=delegation.pk, ended_at=None).update(ended_at=now()):
            raise NotNow(_("This was ended already."))
