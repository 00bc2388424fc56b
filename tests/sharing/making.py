"""What these tests begin with: a person of ours, and a release that left."""

from __future__ import annotations

from collections.abc import Sequence

from ilex.sharing import actions
from ilex.sharing.models import Release
from ilex.sharing.rules import Letter
from ilex.subjects import actions as subjects
from ilex.subjects.models import Statement, Subject
from ilex.subjects.rules import Evaluation, Said
from ilex.units.models import Circle, Officer

LETTER = Letter(title="Возило из Скопља", purpose="Проналажење возила.", text="Видети возача.", language="sr")


def person(officer: Officer, *said: Said, category: str = "suspect", circle: Circle | None = None) -> Subject:
    told = said or (Said("name", "Петар Измишљен", "legal", "sr"),)
    return subjects.add_subject(officer, "person", told, category, circle)


def coded(property: str, value: str, handling: str, note: str = "") -> Said:
    return Said(property, value, evaluation=Evaluation(handling=handling, handling_note=note))


def draft(officer: Officer, *items: Statement | Subject, to: Sequence[str] = ("ilecu-mk",), **letter: str) -> Release:
    """A draft with these statements, or with all of these subjects."""
    picked = [item for item in items if isinstance(item, Statement)]
    for item in items:
        if isinstance(item, Subject):
            picked += item.statements.all()
    words = Letter(**{**vars(LETTER), **letter})
    return actions.draft_release(officer, words, statements=[one.pk for one in picked], to=list(to))


def sent(officer: Officer, *items: Statement | Subject, to: Sequence[str] = ("ilecu-mk",)) -> Release:
    released = actions.put_forward(officer, draft(officer, *items, to=to))
    assert isinstance(released, Release)
    return released
