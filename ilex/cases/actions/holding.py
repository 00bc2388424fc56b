"""What every verb of a case begins with: the row as it is now, held until the transaction ends; and its step."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.cases.models import Case, Step
from ilex.cases.queries.access import visible
from ilex.cases.queries.steps import case_allowed
from ilex.cases.rules import CASE
from ilex.exchange.rules import Invalid, NotNow
from ilex.journal.actions import Act, act
from ilex.journal.models import Operation
from ilex.units.models import Officer
from ilex.units.rules import check

LONGEST = 40_000


def locked(officer: Officer, verb: str, case: Case) -> Case:
    """For one of rules.CASE. Raises PermissionDenied when the officer may not do or see this, NotNow when its state
    does not allow it.
    """
    check(officer, CASE[verb].verb)
    row = (
        Case.objects.select_for_update(of=("self",), no_key=True)
        .select_related("owner", "circle")
        .filter(visible(officer), pk=case.pk)
        .first()
    )
    if row is None:
        raise PermissionDenied
    if not case_allowed(verb, row, officer):
        words = {"number": row.number, "state": row.get_state_display()}
        raise NotNow(_("%(number)s is in the state “%(state)s”: this cannot be done now.") % words)
    return row


def altering(
    name: str, officer: Officer, case: Case, reason: str = "", **detail: object
) -> AbstractContextManager[Act]:
    """The act of a verb that changes a case, with its line."""
    return act(
        name,
        Operation.ALTERATION,
        by=officer,
        on=("case", str(case.pk)),
        case=case.number,
        reason=reason,
        recipients=(),
        **detail,
    )


def change(case: Case, **columns: Any) -> None:
    """One statement; the row is held, so nobody was faster."""
    columns.setdefault("changed_at", now())
    Case.objects.filter(pk=case.pk).update(**columns)
    for name, value in columns.items():
        setattr(case, name, value)


def step(
    case: Case, kind: Step.Kind, by: Officer | None, text: str = "", *, at: datetime | None = None, **details: object
) -> Step:
    return Step.objects.create(case=case, kind=kind, at=at or now(), by=by, text=text, details=details)


def written(field: str, text: str, sentence: str, *, longest: int = LONGEST) -> str:
    """The text without blanks around it; Invalid when nothing is left, or too much."""
    text = text.strip()
    if not text:
        raise Invalid({field: sentence})
    return fitting(field, text, longest=longest)


def fitting(field: str, text: str, *, longest: int = LONGEST) -> str:
    text = text.strip()
    if len(text) > longest or "\0" in text:
        raise Invalid({field: _("The text is too long, or holds a character that cannot be kept.")})
    return text
