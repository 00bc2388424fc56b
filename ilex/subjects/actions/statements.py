"""Saying more of a subject, correcting it, and taking it back. A statement is never changed, only followed."""

from __future__ import annotations

from django.conf import settings
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.journal.rows import insert
from ilex.subjects import changes
from ilex.subjects.actions.keeping import country, locked, renew, stand
from ilex.subjects.models import Statement, Subject
from ilex.subjects.queries.access import statement_for
from ilex.subjects.records import statement_row
from ilex.subjects.rules import Invalid, NotNow, Said, checked, checked_reason
from ilex.units.models import Officer
from ilex.units.rules import check
from ilex.words import kinds


def state(officer: Officer, subject: Subject, said: Said) -> Statement:
    """Add one statement. Raises Invalid."""
    with act("subject.stated", Operation.COLLECTION, by=officer, on=("subject", str(subject.pk))) as this:
        [row] = locked(officer, "subject.write", subject)
        stated = checked(row.kind, row.category, said, country=country(row))
        _must_be_free(row, said.property)
        made = statement_row(row.pk, stated, here=settings.ILEX_UNIT, at=now(), by=officer)
        insert(made)
        renew(row.pk)
        this.detail |= {"statement": str(made.pk), "property": said.property}
    return made


def correct(officer: Officer, statement: Statement, said: Said, why: str) -> Statement:
    """Put another statement in the place of one of ours; the old stays, withdrawn.

    What a partner provided is his: only he corrects it. Raises NotNow for that and for one withdrawn before.
    """
    why = checked_reason(why, _("Say what was wrong."), "why")
    old = statement_for(officer, statement.pk)
    if old.owner_id != settings.ILEX_UNIT:
        raise NotNow(_("This was provided by %(unit)s, and only they can correct it.") % {"unit": old.owner.name})
    on = ("subject", str(stand(old.subject)))
    with act("statement.corrected", Operation.ALTERATION, by=officer, on=on, reason=why) as this:
        check(officer, "subject.write")
        subject = Subject.objects.select_for_update(of=("self",)).get(pk=old.subject_id)
        stated = checked(subject.kind, subject.category, said, country=country(subject))
        if said.property != old.property:
            raise Invalid({"property": _("A correction is about the same field.")})
        _withdraw(old, officer, why)
        made = statement_row(subject.pk, stated, here=settings.ILEX_UNIT, at=now(), by=officer, replaces_id=old.pk)
        insert(made)
        _renew_all(subject)
        changes.tell(old, made, why, officer)
        this.detail |= {"statement": str(made.pk), "replaces": str(old.pk), "property": said.property}
    return made


def withdraw(officer: Officer | None, statement: Statement, why: str) -> None:
    """Take a statement back; without an officer: its owner recalled it, or the law no longer allows it.

    Raises NotNow when it was withdrawn before.
    """
    why = checked_reason(why, _("Say why it is withdrawn."), "why")
    if officer is not None:
        check(officer, "subject.write")
        statement = statement_for(officer, statement.pk)
    subject = Subject.objects.get(pk=statement.subject_id)
    on = ("subject", str(stand(subject)))
    with act("statement.withdrawn", Operation.ALTERATION, by=officer, on=on, reason=why) as this:
        subject = Subject.objects.select_for_update(of=("self",)).get(pk=subject.pk)
        _withdraw(statement, officer, why)
        _renew_all(subject)
        changes.tell(statement, None, why, officer)
        this.detail |= {"statement": str(statement.pk), "property": statement.property}


def _withdraw(statement: Statement, officer: Officer | None, why: str) -> None:
    waiting = Statement.objects.filter(pk=statement.pk, withdrawn_at=None)
    if not waiting.update(withdrawn_at=now(), withdrawn_by=officer, withdrawn_why=why):
        raise NotNow(_("This statement was withdrawn already."))


def _renew_all(subject: Subject) -> None:
    renew(subject.pk)
    if subject.merged_into_id is not None:
        renew(subject.merged_into_id)


def _must_be_free(subject: Subject, name: str) -> None:
    """Of a field that can hold one thing only, the present one is corrected and not joined by another.

    Another unit may say something else; both stand, each with its source.
    """
    one = kinds.kind(subject.kind).properties[name]
    ours = Statement.objects.filter(subject=subject, property=name, withdrawn_at=None, owner=settings.ILEX_UNIT)
    if not one.many and ours.exists():
        raise Invalid({"value": _("This field is filled already: correct what stands there.")})
