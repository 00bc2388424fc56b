"""Two cases become one, and one case becomes two."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.cases import index
from ilex.cases.actions import numbers
from ilex.cases.actions.cases import clean_title
from ilex.cases.actions.holding import altering, change, locked, step, written
from ilex.cases.models import Case, CaseLink, CaseRequest, CaseSubject, Check, Step, Task
from ilex.documents import actions as documents
from ilex.documents.models import Document
from ilex.exchange.rules import Invalid, reference_key
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.units.models import Officer


def merge(officer: Officer, kept: Case, gone: Case, reason: str) -> Case:
    """All that hangs on `gone` comes to `kept`, and its number leads there. It cannot be undone: see `split`.

    Raises Invalid, also when not both stand in the same closed circle (or in none): nobody would then be asked.
    """
    reason = written("reason", reason, _("Say why they are one."))
    if kept.pk == gone.pk:
        raise Invalid({"other": _("Choose another case.")})
    with act(
        "case.merged",
        Operation.COMBINATION,
        by=officer,
        on=("case", str(kept.pk)),
        case=kept.number,
        reason=reason,
        gone=gone.number,
    ) as this:
        one, other = _both(officer, kept, gone)
        if one.circle_id != other.circle_id:
            raise Invalid({"other": _("Both must stand in the same closed circle, or in none: change that first.")})
        at = now()
        this.detail |= _bring(officer, other, one, reason)
        change(other, state=Case.State.MERGED, merged_into=one, closed_at=at, wake_at=None, wake_why="", changed_at=at)
        Case.objects.filter(merged_into=other).update(merged_into=one)
        references = list(dict.fromkeys([*one.references, other.number, *other.references]))
        change(one, references=references, reference_keys=[reference_key(each) for each in references])
        address = reverse("case", args=[one.number])
        step(one, Step.Kind.MERGED, officer, reason, at=at, about=other.number)
        step(other, Step.Kind.MERGED, officer, reason, at=at, about=one.number, url=address)
        index.renew(one)
        index.renew(other)
    return one


def _both(officer: Officer, kept: Case, gone: Case) -> tuple[Case, Case]:
    """Both rows, held in one order so that two who merge crosswise do not wait for each other."""
    rows = {case.pk: locked(officer, "merge", case) for case in sorted((kept, gone), key=lambda case: str(case.pk))}
    return rows[kept.pk], rows[gone.pk]


def _bring(officer: Officer, gone: Case, kept: Case, reason: str) -> dict[str, int]:
    there = kept.case_requests.values("request")
    known = kept.case_subjects.values("subject")
    moved = {
        "requests": gone.case_requests.exclude(request__in=there).update(case=kept),
        "subjects": gone.case_subjects.exclude(subject__in=known).update(case=kept),
        "tasks": Task.objects.filter(case=gone).update(case=kept),
        "notes": gone.steps.filter(kind=Step.Kind.NOTE).update(case=kept),
        "checks": _bring_checks(gone, kept),
        "documents": 0,
    }
    for document in Document.objects.filter(on_kind="case", on_id=gone.pk, part_of=None):
        documents.move(document, ("case", kept.pk), by=officer, reason=reason[:300])
        moved["documents"] += 1
    gone.case_requests.all().delete()
    gone.case_subjects.all().delete()
    _bring_links(gone, kept)
    kept.team.add(*gone.team.all())
    return moved


def _bring_checks(gone: Case, kept: Case) -> int:
    place = kept.checks.count()
    known = set(kept.checks.values_list("text", flat=True))
    for check in gone.checks.exclude(text__in=known):
        Check.objects.filter(pk=check.pk).update(case=kept, order=place)
        place += 1
    return place


def _bring_links(gone: Case, kept: Case) -> None:
    for link in CaseLink.objects.filter(Q(one=gone) | Q(other=gone)).select_related("one", "other"):
        other = link.other if link.one_id == gone.pk else link.one
        link.delete()
        if other.pk == kept.pk:
            continue
        first, second = sorted((kept, other), key=lambda case: case.number)
        CaseLink.objects.get_or_create(
            one=first, other=second, defaults={"why": link.why, "by": link.by, "at": link.at}
        )


def split(
    officer: Officer,
    case: Case,
    *,
    title: str,
    reason: str,
    requests: Collection[UUID] = (),
    subjects: Collection[UUID] = (),
    tasks: Collection[UUID] = (),
    documents: Collection[UUID] = (),
    notes: Collection[int] = (),
) -> Case:
    """A new case with what was chosen of this one. Subjects stand in both: they may concern both.

    It has the same owner, area and closed circle. Raises Invalid when nothing is chosen.
    """
    title, reason = clean_title(title), written("reason", reason, _("Say why it is split."))
    if not (requests or subjects or tasks or documents or notes):
        raise Invalid({"requests": _("Choose what goes into the new case.")})
    at = now()
    with altering("case.split", officer, case, reason) as this:
        row = locked(officer, "split", case)
        new = Case(
            title=title,
            area=row.area,
            owner=row.owner,
            circle=row.circle,
            split_from=row,
            opened_at=at,
            opened_by=officer,
            changed_at=at,
        )
        new.number = numbers.take(numbers.CASES, at)[0]
        new.save(force_insert=True)
        new.team.set(row.team.all())
        this.detail |= {"new": new.number, **_part(officer, row, new, requests, subjects, tasks, notes)}
        this.detail |= {"documents": _part_documents(officer, row, new, documents, reason)}
        first, second = sorted((row, new), key=lambda one: one.number)
        CaseLink.objects.create(one=first, other=second, why=reason[:300], by=officer, at=at)
        change(row)
        step(row, Step.Kind.SPLIT, officer, reason, about=new.number, url=reverse("case", args=[new.number]))
        step(new, Step.Kind.SPLIT, officer, reason, about=row.number, url=reverse("case", args=[row.number]))
        index.renew(row)
        index.renew(new)
    return new


def _part(
    officer: Officer,
    case: Case,
    new: Case,
    requests: Collection[UUID],
    subjects: Collection[UUID],
    tasks: Collection[UUID],
    notes: Collection[int],
) -> dict[str, int]:
    both = list(case.case_subjects.filter(subject__in=list(subjects)))
    CaseSubject.objects.bulk_create(
        CaseSubject(case=new, subject_id=one.subject_id, role=one.role, by=officer, at=new.opened_at) for one in both
    )
    return {
        "requests": CaseRequest.objects.filter(case=case, request__in=list(requests)).update(case=new),
        "subjects": len(both),
        "tasks": Task.objects.filter(case=case, pk__in=list(tasks)).update(case=new),
        "notes": case.steps.filter(kind=Step.Kind.NOTE, pk__in=list(notes)).update(case=new),
    }


def _part_documents(officer: Officer, case: Case, new: Case, chosen: Collection[UUID], reason: str) -> int:
    found = Document.objects.filter(on_kind="case", on_id=case.pk, part_of=None, pk__in=list(chosen))
    for document in found:
        documents.move(document, ("case", new.pk), by=officer, reason=reason[:300])
    return len(found)
