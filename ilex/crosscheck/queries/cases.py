"""The cases to which a hit or look belongs, for the lines of the journal and the lists of a case."""

from __future__ import annotations

from uuid import UUID

from ilex.cases import queries as cases
from ilex.cases.models import Case, CaseRequest, CaseSubject
from ilex.crosscheck.models import Hit
from ilex.subjects.models import Subject
from ilex.units.models import Officer
from ilex.units.rules import may


def case_of(hit: Hit) -> str:
    """The number of the case on whose account it was found; empty when there is none."""
    request, subject = hit.request_id or hit.held_request_id, hit.subject_id or hit.held_subject_id
    return number_of(request, subject)


def number_of(request: UUID | None = None, subject: UUID | None = None) -> str:
    """The newest case that holds this request, or this subject."""
    number = None
    if request is not None:
        letters = CaseRequest.objects.filter(request=request).order_by("-at")
        number = letters.values_list("case__number", flat=True).first()
    elif subject is not None:
        subjects = CaseSubject.objects.filter(subject=subject).order_by("-at")
        number = subjects.values_list("case__number", flat=True).first()
    return number or ""


def seen_case(officer: Officer, number: str) -> str:
    """The number, for whoever may see its case; for others empty: a number tells that there is a case."""
    if not number or not may(officer, "case.read"):
        return ""
    try:
        return cases.case_for(officer, number).number
    except Case.DoesNotExist:
        return ""


def in_case(case: Case) -> tuple[list[UUID], list[UUID]]:
    """The requests and the subjects of a case, those merged with its subjects too."""
    subjects = list(case.case_subjects.values_list("subject", flat=True))
    standing = Subject.objects.filter(pk__in=subjects, merged_into__isnull=False).values_list("merged_into", flat=True)
    roots = {*subjects, *(one for one in standing if one is not None)}
    merged = Subject.objects.filter(merged_into__in=roots).values_list("pk", flat=True)
    return list(case.case_requests.values_list("request", flat=True)), list({*roots, *merged})
