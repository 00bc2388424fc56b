"""Writing down a new subject, and drawing a closed circle around one."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.journal.rows import insert
from ilex.subjects import changes, vocabulary
from ilex.subjects.actions.keeping import all_checked, locked
from ilex.subjects.models import Subject
from ilex.subjects.records import describe, statement_rows
from ilex.subjects.rules import Invalid, Said, checked_category
from ilex.units.models import Circle, Officer
from ilex.units.rules import check
from ilex.words import kinds
from ilex.words.entries import LawError

MOST = 500  # statements at once


def add_subject(
    officer: Officer, kind: str, statements: Sequence[Said], category: str = "", circle: Circle | None = None
) -> Subject:
    """A new subject with what is known of it. Raises Invalid; the fields of the statements are counted."""
    check(officer, "subject.write")
    _check_kind(kind)
    checked_category(kind, category)
    _check_circle(officer, circle)
    if not statements:
        raise Invalid({"statements": _("Write at least one thing that is known.")})
    if len(statements) > MOST:
        raise Invalid({"statements": _("Write at most %(limit)d statements at once.") % {"limit": MOST}})
    _check_once(kind, statements)
    stated = all_checked(kind, category, statements)
    at = now()
    subject = Subject(kind=kind, category=category, circle=circle, made_by=officer, made_at=at, changed_at=at)
    rows = statement_rows(subject.pk, stated, here=settings.ILEX_UNIT, at=at, by=officer)
    words = describe(subject, rows)
    with act("subject.added", Operation.COLLECTION, by=officer, on=("subject", str(subject.pk))) as this:
        this.detail |= {"kind": kind, "category": category, "statements": [str(row.pk) for row in rows]}
        insert(subject, *rows)
        vocabulary.learn_after_commit(words)
        changes.tell_renewed([subject.pk])
    return subject


def move_to_circle(officer: Officer, subject: Subject, circle: Circle | None, reason: str) -> None:
    """Put a subject, with those merged into it, into a closed circle of the officer's, or out of it."""
    _check_circle(officer, circle)
    on = ("subject", str(subject.pk))
    with act("subject.circle", Operation.ALTERATION, by=officer, on=on, reason=reason) as this:
        [row] = locked(officer, "subject.write", subject)
        this.detail |= {"from": str(row.circle_id or ""), "to": str(circle.pk) if circle else ""}
        Subject.objects.filter(pk=row.pk).update(circle=circle, changed_at=now())
        Subject.objects.filter(merged_into=row).update(circle=circle)


def _check_kind(kind: str) -> None:
    try:
        kinds.kind(kind)
    except LawError:
        raise Invalid({"kind": _("Choose one from the list.")}) from None


def _check_circle(officer: Officer, circle: Circle | None) -> None:
    if circle is not None and not circle.officers.filter(pk=officer.pk).exists():
        raise Invalid({"circle": _("Choose a closed circle to which you belong.")})


def _check_once(kind: str, statements: Sequence[Said]) -> None:
    properties = kinds.kind(kind).properties
    seen: set[str] = set()
    for place, said in enumerate(statements):
        one = properties.get(said.property)
        if one is not None and not one.many and said.property in seen:
            raise Invalid({f"{place}-value": _("“%(field)s” can be filled once.") % {"field": _(one.text)}})
        seen.add(said.property)
