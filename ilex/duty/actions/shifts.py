"""Planning shifts, writing the log, handing over and taking over."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.duty.errors import NotNow
from ilex.duty.models import LogLine, Shift
from ilex.duty.rules import LONGEST_SHIFT
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.units.models import Officer
from ilex.units.rules import check, may


def plan(by: Officer, officer: Officer, begins: datetime, ends: datetime) -> Shift:
    """Put an officer on duty. Two at once are allowed, and told on the roster; the same one twice is not."""
    check(by, "duty.plan")
    _check_times(officer, begins, ends)
    with act("duty.planned", Operation.OPERATION, by=by) as this:
        # The officer's row is the lock: two plans for one person at the same moment cannot both pass.
        Officer.objects.select_for_update(no_key=True).get(pk=officer.pk)
        if Shift.objects.filter(officer=officer, begins__lt=ends, ends__gt=begins).exists():
            raise NotNow(_("%(name)s is on duty already in this time.") % {"name": officer.name})
        shift = Shift.objects.create(officer=officer, begins=begins, ends=ends, planned_by=by)
        this.on = ("shift", str(shift.pk))
        this.detail |= _said(shift)
    return shift


def _check_times(officer: Officer, begins: datetime, ends: datetime) -> None:
    if not may(officer, "duty.log"):
        raise NotNow(_("The roles of %(name)s do not allow duty.") % {"name": officer.name})
    if ends <= begins:
        raise NotNow(_("A shift must end after it begins."))
    if ends - begins > LONGEST_SHIFT:
        raise NotNow(_("A shift is at most 48 hours long."))


def remove(by: Officer, shift: Shift) -> None:
    """Take a shift out of the plan. One that has begun stays: it is what was."""
    check(by, "duty.plan")
    with act("duty.unplanned", Operation.OPERATION, by=by, on=("shift", str(shift.pk))) as this:
        this.detail |= _said(shift)
        if not Shift.objects.filter(pk=shift.pk, begins__gt=now()).delete()[0]:
            raise NotNow(_("This shift has begun, or is no longer in the plan."))


def write_line(by: Officer, text: str, about: str = "") -> LogLine:
    """Write one line of the shift log. Lines are never changed: a wrong one is followed by the right one."""
    check(by, "duty.log")
    text = _written(text, _("Write what happened."))
    about = about.strip().replace("\0", "")
    if len(about) > 60:
        raise NotNow(_("The reference is too long."))
    with act("duty.logged", Operation.COLLECTION, by=by, case=about) as this:
        line = LogLine.objects.create(at=now(), by=by, text=text, about=about)
        this.on = ("log-line", str(line.pk))
    return line


def hand_over(by: Officer, shift: Shift, note: str) -> None:
    """End a shift with what the next one must know. Its own officer writes it; then somebody else takes it over."""
    check(by, "duty.log")
    if by.pk != shift.officer_id:
        raise PermissionDenied(_("Only the officer of the shift hands it over."))
    note = _written(note, _("Write what the next officer must know."))
    with act("duty.handed-over", Operation.OPERATION, by=by, on=("shift", str(shift.pk))):
        open_ones = Shift.objects.filter(pk=shift.pk, handed_over_at=None, begins__lte=now())
        if not open_ones.update(handover=note, handed_over_at=now()):
            raise NotNow(_("This shift was handed over already, or has not begun."))


def take_over(by: Officer, shift: Shift) -> None:
    """Say that the note was read: from now on both are named, who gave it and who took it."""
    check(by, "duty.log")
    if by.pk == shift.officer_id:
        raise NotNow(_("A shift is taken over by another officer."))
    with act("duty.taken-over", Operation.OPERATION, by=by, on=("shift", str(shift.pk))) as this:
        this.detail |= {"from": str(shift.officer_id)}
        open_ones = Shift.objects.filter(pk=shift.pk, handed_over_at__isnull=False, taken_at=None)
        if not open_ones.update(taken_by=by, taken_at=now()):
            raise NotNow(_("Somebody has taken this over already."))


def _said(shift: Shift) -> dict[str, str]:
    return {
        "officer": str(shift.officer_id),
        "begins": shift.begins.isoformat(),
        "ends": shift.ends.isoformat(),
    }


def _written(text: str, sentence: str) -> str:
    text = text.strip().replace("\0", "")
    if not text:
        raise NotNow(sentence)
    if len(text) > 10_000:
        raise NotNow(_("The text is too long."))
    return text
