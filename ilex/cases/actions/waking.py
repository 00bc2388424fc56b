"""Wake-up dates: a case that rests until a day comes back to its owner by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from ilex.cases.actions.holding import altering, change, locked, step, written
from ilex.cases.models import Case, Step
from ilex.exchange.rules import Invalid
from ilex.journal.actions import Act, write_many
from ilex.journal.models import Operation
from ilex.units.models import Officer

BATCH = 100


def wake_on(officer: Officer, case: Case, day: date, why: str) -> None:
    """Let it rest until that day. Raises Invalid for a day that is not in the future."""
    why = written("wake_why", " ".join(why.split()), _("Say what is to be done on that day."), longest=300)
    if day <= localdate():
        raise Invalid({"wake_at": _("Choose a day in the future.")})
    with altering("case.rests", officer, case, until=day.isoformat()):
        row = locked(officer, "wake", case)
        change(row, state=Case.State.WAITING, wake_at=day, wake_why=why)
        step(row, Step.Kind.CHANGED, officer, why, about=_("Rests until %(day)s") % {"day": day.isoformat()})


def woken(officer: Officer, case: Case) -> None:
    """What the case was woken for is seen to; or it need not rest any longer."""
    with altering("case.woken-seen", officer, case):
        row = locked(officer, "wake", case)
        change(row, state=Case.State.OPEN, wake_at=None, wake_why="")
        step(row, Step.Kind.WOKEN, officer, about=_("seen to"))


def wake(today: date | None = None) -> bool:
    """Bring back every case whose day has come: a job of the clock. True when there may be more."""
    with transaction.atomic():
        due = Case.objects.filter(state=Case.State.WAITING, wake_at__lte=today or localdate())
        rows = list(due.select_for_update(skip_locked=True, of=("self",)).order_by("wake_at", "pk")[:BATCH])
        if rows:
            _bring_back(rows)
    return len(rows) == BATCH


def _bring_back(rows: Sequence[Case]) -> None:
    at = now()
    Case.objects.filter(pk__in=[row.pk for row in rows]).update(state=Case.State.OPEN, changed_at=at)
    Step.objects.bulk_create(Step(case=row, kind=Step.Kind.WOKEN, at=at, text=row.wake_why) for row in rows)
    write_many(Act("case.woken", Operation.OPERATION, on=("case", str(row.pk)), case=row.number) for row in rows)
