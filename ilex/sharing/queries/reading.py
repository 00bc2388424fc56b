"""Opening a page of this room: the reading that leaves its line."""

from __future__ import annotations

from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.subjects.queries.reading import justified
from ilex.units.models import Officer


def consult(officer: Officer, what: str, key: str, reason: str = "", case: str = "") -> None:
    """Write that this officer opens it. Raises subjects' Invalid("reason") when a supervisor gives none."""
    why = justified(officer, reason)
    with act(f"{what}.opened", Operation.CONSULTATION, by=officer, on=(what, key), reason=why, case=case):
        pass
