"""What all verbs of this room share: one writer at a time for a subject, and its row kept as its statements say."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.subjects import changes, vocabulary
from ilex.subjects.models import Statement, Subject
from ilex.subjects.queries.access import visible_subjects
from ilex.subjects.records import describe
from ilex.subjects.rules import Invalid, NotNow, Said, Stated, checked, country_of
from ilex.subjects.rules.checking import COUNTRIES
from ilex.units.models import Officer
from ilex.units.rules import check


def locked(officer: Officer, verb: str, *subjects: Subject) -> list[Subject]:
    """These subjects, locked in one order, for an officer who may do this and sees them all.

    Raises PermissionDenied, Subject.DoesNotExist, or NotNow when one was merged meanwhile.
    """
    check(officer, verb)
    wanted = [subject.pk for subject in subjects]
    found = visible_subjects(officer).filter(pk__in=wanted).order_by("pk").select_for_update(of=("self",))
    rows = {row.pk: row for row in found}
    if len(rows) != len(set(wanted)):
        raise Subject.DoesNotExist
    for row in rows.values():
        if row.merged_into_id is not None:
            raise NotNow(_("%(caption)s was merged into another subject. Open that one.") % {"caption": row.caption})
    return [rows[pk] for pk in wanted]


def renew(subject_id: UUID) -> Subject:
    """Write the subject's row anew from what is stated of it and of those merged into it."""
    row = Subject.objects.select_for_update(of=("self",)).get(pk=subject_id)
    live = Statement.objects.filter(withdrawn_at=None).order_by("made_at", "id")
    words = describe(row, live.filter(subject=row), live.filter(subject__merged_into=row))
    row.changed_at = now()
    row.save(update_fields=["caption", "language", "order", "search", "changed_at"])
    vocabulary.learn_after_commit(words)
    changes.tell_renewed([subject_id])
    return row


def country(subject: Subject) -> str:
    """The country by whose rules its numbers are read."""
    live = Statement.objects.filter(subject=subject, withdrawn_at=None, property__in=COUNTRIES).order_by("-made_at")
    return country_of(live.values_list("property", "value"))


def stand(subject: Subject) -> UUID:
    return subject.merged_into_id or subject.pk


def all_checked(kind: str, category: str, said: Sequence[Said], *, exact: bool = True) -> list[Stated]:
    """Each of them checked; the faults of all together, counted: "2-value" belongs to the third. Raises Invalid."""
    kept: list[Stated] = []
    faults: dict[str, str] = {}
    country = country_of((one.property, one.value) for one in said)
    for place, one in enumerate(said):
        try:
            kept.append(checked(kind, category, one, exact=exact, country=country))
        except Invalid as wrong:
            faults |= {f"{place}-{field}": sentence for field, sentence in wrong.fields.items()}
    if faults:
        raise Invalid(faults)
    return kept
