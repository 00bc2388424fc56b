"""Changing in which role a person comes up: the law's fields of the new category are tested against all he has."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.subjects import changes
from ilex.subjects.actions.keeping import locked, renew
from ilex.subjects.models import Category, Statement, Subject
from ilex.subjects.queries.categories import not_permitted
from ilex.subjects.queries.statements import members
from ilex.subjects.rules import Invalid, NotNow, Unconfirmed, checked_category, checked_reason
from ilex.units.models import Officer
from ilex.words import kinds


def change_category(
    officer: Officer, subject: Subject, category: str, drop: Collection[UUID] = (), reason: str = ""
) -> None:
    """Give a person another category, and withdraw what the law does not allow in it.

    `drop` are the statements that the officer was shown and agreed to withdraw. Raises Unconfirmed with all of them
    while one is missing; Europol Regulation Art. 30 and Annex II know no other way.
    """
    reason = checked_reason(reason, _("Say why the category changes."))
    on = ("subject", str(subject.pk))
    with act("subject.category", Operation.ALTERATION, by=officer, on=on, reason=reason) as this:
        [row] = locked(officer, "subject.write", subject)
        if not kinds.kind(row.kind).categorised:
            raise Invalid({"category": _("Only persons have a category.")})
        checked_category(row.kind, category)
        if row.category == category:
            raise NotNow(_("This is the category it has."))
        away = not_permitted(row, category)
        if {statement.pk for statement in away} - set(drop):
            raise Unconfirmed(_("The law does not allow these in the new category: they will be withdrawn."), away)
        this.detail |= {"from": row.category, "to": category, "withdrawn": [str(one.pk) for one in away]}
        put_into(row, category, away, by=officer)


def put_into(subject: Subject, category: str, away: Collection[Statement], *, by: Officer | None) -> None:
    """Change the row and those merged into it; in the caller's transaction."""
    ids = members(subject)
    why = _("No longer permitted: the category is now “%(category)s”.") % {"category": Category(category).label}
    Statement.objects.filter(pk__in=[one.pk for one in away], withdrawn_at=None).update(
        withdrawn_at=now(), withdrawn_by=by, withdrawn_why=why
    )
    for one in away:
        changes.tell(one, None, why, by)
    Subject.objects.filter(pk__in=ids).update(category=category)
    for merged in ids[1:]:
        renew(merged)
    renew(subject.pk)
