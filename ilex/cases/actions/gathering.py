"""What hangs on a case: requests, subjects, papers, and other cases that have to do with it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.cases import index
from ilex.cases.actions.holding import altering, change, fitting, locked, step, written
from ilex.cases.models import Case, CaseLink, CaseRequest, CaseSubject, Step
from ilex.cases.queries.access import visible_cases
from ilex.exchange import queries as exchange
from ilex.exchange.models import Request
from ilex.exchange.rules import Invalid
from ilex.subjects import queries as subjects
from ilex.subjects.models import Subject
from ilex.subjects.queries import members
from ilex.units.models import Officer

WORDS = 300


def add_request(officer: Officer, case: Case, request: Request) -> None:
    """Put a request into the case. Raises Invalid when it lies there already."""
    with altering("case.request-added", officer, case, request=request.our_ref):
        row = locked(officer, "gather", case)
        if not exchange.visible_requests(officer).filter(pk=request.pk).exists():
            raise PermissionDenied
        _made, new = CaseRequest.objects.get_or_create(case=row, request=request, defaults={"by": officer, "at": now()})
        if not new:
            raise Invalid({"request": _("%(ref)s is in this case already.") % {"ref": request.our_ref}})
        _told(row, officer, request.our_ref, reverse("request", args=[request.our_ref]))


def remove_request(officer: Officer, case: Case, request: Request) -> None:
    """Take it out again; the request itself stays as it is."""
    with altering("case.request-removed", officer, case, request=request.our_ref):
        row = locked(officer, "gather", case)
        CaseRequest.objects.filter(case=row, request=request).delete()
        change(row)
        step(row, Step.Kind.CHANGED, officer, about=_("taken out: %(what)s") % {"what": request.our_ref})
        index.renew(row)


def add_subject(officer: Officer, case: Case, subject: Subject, role: str = "") -> None:
    """Put a subject into the case, with its role there in words; a second time the role is changed."""
    role = fitting("role", " ".join(role.split()), longest=200)
    with altering("case.subject-added", officer, case, subject=str(subject.pk)):
        row = locked(officer, "gather", case)
        if not subjects.visible_subjects(officer).filter(pk=subject.pk).exists():
            raise PermissionDenied
        CaseSubject.objects.update_or_create(
            case=row,
            subject=subject,
            defaults={"role": role},
            create_defaults={"role": role, "by": officer, "at": now()},
        )
        # Not its name: the timeline stays readable for those who may not see this subject.
        _told(row, officer, _("a subject"), reverse("subject", args=[subject.pk]))


def remove_subject(officer: Officer, case: Case, subject: Subject) -> None:
    with altering("case.subject-removed", officer, case, subject=str(subject.pk)):
        row = locked(officer, "gather", case)
        CaseSubject.objects.filter(case=row, subject__in=members(subject)).delete()
        change(row)
        step(row, Step.Kind.CHANGED, officer, about=_("taken out: %(what)s") % {"what": _("a subject")})


def link(officer: Officer, one: Case, other: Case, why: str) -> None:
    """Say that two cases have to do with one another, and why."""
    why = written("why", why, _("Say what they have to do with one another."), longest=WORDS)
    if one.pk == other.pk:
        raise Invalid({"other": _("A case is not linked with itself.")})
    with altering("case.linked", officer, one, other=other.number):
        row = locked(officer, "gather", one)
        if not visible_cases(officer).filter(pk=other.pk).exists():
            raise PermissionDenied
        first, second = sorted((row, other), key=lambda case: case.number)
        CaseLink.objects.update_or_create(
            one=first,
            other=second,
            defaults={"why": why},
            create_defaults={"why": why, "by": officer, "at": now()},
        )
        change(row)
        step(row, Step.Kind.LINKED, officer, why, about=other.number, url=reverse("case", args=[other.number]))
        if row.circle_id is None:  # what lies in a closed circle is not told to those outside of it
            step(other, Step.Kind.LINKED, officer, why, about=row.number, url=reverse("case", args=[row.number]))


def unlink(officer: Officer, case: Case, link_id: int) -> None:
    with altering("case.unlinked", officer, case, link=link_id):
        row = locked(officer, "gather", case)
        gone = CaseLink.objects.filter(pk=link_id, one=row) | CaseLink.objects.filter(pk=link_id, other=row)
        gone.delete()
        change(row)


def _told(case: Case, officer: Officer, about: str, url: str) -> None:
    change(case)
    step(case, Step.Kind.CHANGED, officer, about=_("put in: %(what)s") % {"what": about}, url=url)
    index.renew(case)
