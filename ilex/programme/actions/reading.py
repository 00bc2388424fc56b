"""What opening and printing leaves behind: a line in the journal, and for a partner's invitation its read receipt."""

from __future__ import annotations

from django.utils.timezone import now

from ilex.gate import actions as gate
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.programme.models import Certificate, Invitation, Nomination
from ilex.units.models import Officer
from ilex.units.rules import check


def open_invitation(officer: Officer, invitation: Invitation) -> None:
    """The first time, the organiser learns that it was read; not by whom."""
    check(officer, "nomination.propose")
    if invitation.way != Invitation.Way.IN or invitation.read_at is not None:
        return
    on = ("invitation", str(invitation.pk))
    with act("invitation.opened", Operation.CONSULTATION, by=officer, on=on):
        invitation.read_at = now()
        Invitation.objects.filter(pk=invitation.pk, read_at=None).update(read_at=invitation.read_at)
        if invitation.envelope is not None:
            gate.read(invitation.envelope, officer)


def open_nomination(officer: Officer, nomination: Nomination) -> None:
    check(officer, "nomination.propose")
    with act("nomination.opened", Operation.CONSULTATION, by=officer, on=("nomination", str(nomination.pk))):
        pass


def print_paper(officer: Officer, about: Invitation | Nomination | Certificate) -> None:
    check(officer, "nomination.propose")
    key = about.number if isinstance(about, Certificate) else str(about.pk)
    on = (type(about).__name__.lower(), key)
    with act("paper.printed", Operation.CONSULTATION, by=officer, on=on):
        pass
