"""Sources: switching one off and on, and saying for what it is held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.holdings.errors import Invalid
from ilex.holdings.models import Source
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.units.models import Officer
from ilex.units.rules import check
from ilex.words import law
from ilex.words.entries import LawError

PARAGRAPH = 2_000


@dataclass(frozen=True)
class Description:
    title: str
    purpose: str
    legal: str = ""
    handling: str = "H0"
    handling_note: str = ""
    review_on: date | None = None
    ends_on: date | None = None


def switch(officer: Officer, source: Source, on: bool, why: str) -> None:
    """Have the source searched, or not, from the next query on. Raises Invalid and PermissionDenied."""
    check(officer, "holding.load")
    why = why.strip()
    if not 0 < len(why) <= PARAGRAPH:
        raise Invalid({"why": _("Say in a few words why.")})
    name = "holding.switched-on" if on else "holding.switched-off"
    with act(name, Operation.ALTERATION, by=officer, on=("source", source.code), reason=why):
        Source.objects.filter(pk=source.pk).update(active=on, changed_at=now(), changed_by=officer, changed_why=why)
    source.refresh_from_db()


def describe(officer: Officer, source: Source, said: Description) -> None:
    """Say for what and how long a source is held. Raises Invalid and PermissionDenied."""
    check(officer, "holding.load")
    values: dict[str, Any] = {**vars(said), "title": said.title.strip(), "purpose": said.purpose.strip()}
    faults = {}
    if not 0 < len(values["title"]) <= 200:
        faults["title"] = _("Give it a name.")
    if not 0 < len(values["purpose"]) <= PARAGRAPH:
        faults["purpose"] = _("Say for which purpose it is held.")
    if faults:
        raise Invalid(faults)
    checked_handling(said.handling, said.handling_note)
    before = {name: getattr(source, name) for name in values}
    changed = [name for name, value in values.items() if value != before[name]]
    if not changed:
        return
    with act("holding.described", Operation.ALTERATION, by=officer, on=("source", source.code), changed=changed):
        Source.objects.filter(pk=source.pk).update(**values, changed_by=officer)
    source.refresh_from_db()


def checked_handling(handling: str, note: str) -> None:
    try:
        marked = law.handling(handling)
    except LawError:
        raise Invalid({"handling": _("Choose a handling code from the list.")}) from None
    if any(code.needs_note for code in marked) and not note.strip():
        raise Invalid({"handling_note": _("This handling code needs its restriction in words.")})
