"""Using in court what another unit gave: written down, and not without its permission where a code asks for it."""

from __future__ import annotations

from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.sharing import cases
from ilex.sharing.models import CourtUse, Use
from ilex.sharing.queries.uses import Permissions, conditions
from ilex.sharing.rules import Blocked, Invalid, Unconfirmed, written
from ilex.subjects.models import Statement
from ilex.subjects.queries.access import statement_for
from ilex.units.models import Officer
from ilex.units.rules import check


def use_in_court(
    officer: Officer, statement: Statement, court: str, *, case: str = "", confirmed: bool = False
) -> CourtUse:
    """Raises Blocked without the owner's permission, Unconfirmed while its conditions were not seen, Invalid."""
    check(officer, "case.write")
    court = written("court", court, _("Say which court, and in which matter."), 300)
    if case and not cases.may_see(officer, case):
        raise Invalid({"case": _("There is no such case.")})
    row = statement_for(officer, statement.pk)
    if row.withdrawn_at is not None:
        raise Invalid({"court": _("This statement was withdrawn: it is not used any more.")})
    permissions = Permissions([row])
    if found := list(permissions.barriers(row, Use.COURT)):
        raise Blocked([barrier.sentence for barrier in found])
    if (note := conditions(row)) and not confirmed:
        raise Unconfirmed([note])
    on = ("statement", str(row.pk))
    with act("statement.used-in-court", Operation.DISCLOSURE, by=officer, on=on, reason=court, case=case) as this:
        foreign = row.owner_id != permissions.here.pk
        consent = permissions.consent(row, Use.COURT, None) if foreign else None
        this.detail |= {"owner": row.owner_id, "handling": row.handling, "consent": str(consent.pk) if consent else ""}
        return CourtUse.objects.create(
            statement=row.pk,
            subject=row.subject.merged_into or row.subject,
            owner_id=row.owner_id,
            consent=consent,
            case=case,
            court=court,
            at=now(),
            by=officer,
        )
