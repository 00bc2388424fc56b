"""Opening a subject: the reading that leaves its line."""

from __future__ import annotations

from django.utils.translation import gettext as _

from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.subjects.models import Subject
from ilex.subjects.queries.access import needs_reason
from ilex.subjects.rules import Invalid
from ilex.units.models import Officer


def justified(officer: Officer, reason: str) -> str:
    """The reason for the journal. Raises Invalid("reason") when a supervisor gives none."""
    if needs_reason(officer) and not reason.strip():
        raise Invalid({"reason": _("Type a reason first: your role reads subjects to supervise.")})
    return reason.strip() or "handling"


def consult(officer: Officer, subject: Subject, reason: str = "", case: str = "") -> None:
    """Write that this officer opens the subject. Raises Invalid("reason") when a supervisor gives none."""
    why = justified(officer, reason)
    with act(
        "subject.opened", Operation.CONSULTATION, by=officer, on=("subject", str(subject.pk)), reason=why, case=case
    ):
        pass
