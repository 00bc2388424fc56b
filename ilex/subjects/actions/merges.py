"""A person's decision that two subjects are one, and its undoing. Nothing is moved: both keep what is theirs."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.subjects import changes
from ilex.subjects.actions.keeping import locked, renew
from ilex.subjects.models import Merge, Subject
from ilex.subjects.queries.access import subject_for
from ilex.subjects.queries.statements import members
from ilex.subjects.rules import Invalid, NotNow, checked_reason
from ilex.units.models import Officer
from ilex.units.rules import check


def merge(officer: Officer, kept: Subject, gone: Subject, reason: str) -> Merge:
    """Say that the two are one, which is shown as `kept` from now on. Raises Invalid, NotNow.

    Both must be of one kind, one category (the law allows each other fields) and one closed circle (or none).
    """
    check(officer, "subject.merge")
    reason = checked_reason(reason, _("Say why they are one."))
    if kept.pk == gone.pk:
        raise Invalid({"gone": _("Choose two different subjects.")})
    with act("subject.merged", Operation.COMBINATION, by=officer, on=("subject", str(kept.pk)), reason=reason) as this:
        one, other = locked(officer, "subject.merge", kept, gone)
        if (hindrance := why_not(one, other)) is not None:
            raise Invalid({"gone": hindrance})
        made = Merge.objects.create(kept=one, gone=other, reason=reason, by=officer, at=now())
        gone_too = members(other)
        settle([one.pk, *gone_too])
        changes.tell_renewed(gone_too)
        renew(one.pk)
        this.detail |= {"merge": str(made.pk), "gone": str(other.pk)}
    return made


def why_not(one: Subject, other: Subject) -> str | None:
    """One sentence when these two cannot be merged."""
    if one.kind != other.kind:
        return _("They are of different kinds, so they are not one.")
    if one.category != other.category:
        return _("Give both the same category first: the law allows different fields in each.")
    if one.circle_id != other.circle_id:
        return _("Put both into the same closed circle first, or both outside: others would see what they may not.")
    return None


def unmerge(officer: Officer, merge: Merge, why: str) -> None:
    """Part them again: each stands as it stood, with what was said of it since. Raises NotNow when it was before."""
    check(officer, "subject.merge")
    why = checked_reason(why, _("Say why they are not one."), "why")
    subject_for(officer, merge.kept_id)  # raises, when he may not see it
    on = ("subject", str(merge.kept_id))
    with act("subject.unmerged", Operation.COMBINATION, by=officer, on=on, reason=why) as this:
        gone = Subject.objects.select_for_update(of=("self",)).get(pk=merge.gone_id)
        standing = gone.merged_into_id
        undone = Merge.objects.filter(pk=merge.pk, undone_at=None)
        if not undone.update(undone_at=now(), undone_by=officer, undone_why=why) or standing is None:
            raise NotNow(_("This merge was undone already."))
        settle([standing, *Subject.objects.filter(merged_into=standing).values_list("pk", flat=True)])
        for one in {gone.pk, standing}:
            renew(one)
        this.detail |= {"merge": str(merge.pk), "gone": str(gone.pk)}


def settle(among: Iterable[UUID]) -> None:
    """Compute `merged_into` of these from the merges that hold: always the one that stands at the end."""
    ids = list(among)
    into = dict(Merge.objects.filter(gone__in=ids, undone_at=None).values_list("gone", "kept"))
    for one in ids:
        Subject.objects.filter(pk=one).update(merged_into=_end(one, into))


def _end(one: UUID, into: dict[UUID, UUID]) -> UUID | None:
    at = one
    while at in into:
        at = into[at]
    return None if at == one else at
