"""The closed circle of a case: who alone sees it, and which of its subjects and documents go into it."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ilex.cases.actions.cases import able
from ilex.cases.actions.holding import altering, change, locked, step, written
from ilex.cases.models import Case, Step
from ilex.documents.models import Document
from ilex.exchange.rules import Invalid, NotNow
from ilex.subjects.actions import move_to_circle
from ilex.subjects.models import Subject
from ilex.units.models import Circle, Officer, Role


def subjects_in(case: Case) -> QuerySet[Subject]:
    """Those of the case that stand in its circle."""
    return Subject.objects.filter(case_subjects__case=case, circle=case.circle_id)


def close_circle(
    officer: Officer,
    case: Case,
    *,
    officers: Collection[Officer],
    reason: str,
    subjects: Collection[UUID] = (),
    documents: Collection[UUID] = (),
) -> Circle:
    """From now on these officers alone see the case, and those of its subjects and documents that are chosen.

    Who closes it is always among them, and so is its owner: Raises Invalid otherwise. Requests stay visible to all
    who read requests: a circle does not reach the letters.
    """
    reason = written("reason", reason, _("Say why only these officers may see it."))
    chosen = {*officers, officer}
    for one in chosen:
        able(one, "officers")
    with altering("case.circle-closed", officer, case, reason) as this:
        row = locked(officer, "circle", case)
        _may_decide(officer, row)
        if row.circle_id is not None:
            raise NotNow(_("The case stands in a closed circle already."))
        if row.owner is not None and row.owner not in chosen:
            raise Invalid({"officers": _("The owner of the case must be in the circle.")})
        circle = Circle.objects.create(name=row.number)
        circle.officers.set(chosen)
        moved = _move(officer, reason, row, None, circle, subjects, documents)
        this.detail |= {"circle": str(circle.pk), "officers": sorted(str(one.pk) for one in chosen), **moved}
        change(row, circle=circle)
        row.team.remove(*row.team.exclude(pk__in=[one.pk for one in chosen]))
        step(row, Step.Kind.CHANGED, officer, reason, about=_("Closed circle"))
    return circle


def change_circle(officer: Officer, case: Case, *, officers: Collection[Officer], reason: str) -> None:
    """Other officers see what stands in the circle; who changes it and the owner stay in it."""
    reason = written("reason", reason, _("Say why the circle is changed."))
    chosen = {*officers, officer}
    for one in chosen:
        able(one, "officers")
    with altering("case.circle-changed", officer, case, reason) as this:
        row = locked(officer, "circle", case)
        _may_decide(officer, row)
        if row.circle is None:
            raise NotNow(_("The case stands in no closed circle."))
        if row.owner is not None and row.owner not in chosen:
            raise Invalid({"officers": _("The owner of the case must be in the circle.")})
        row.circle.officers.set(chosen)
        this.detail |= {"circle": str(row.circle_id), "officers": sorted(str(one.pk) for one in chosen)}
        change(row)
        step(row, Step.Kind.CHANGED, officer, reason, about=_("Closed circle"))


def open_circle(officer: Officer, case: Case, *, reason: str) -> None:
    """The case is seen again by all whose role reads cases; so are its subjects and documents.

    What stands in the same circle in another case stays closed.
    """
    reason = written("reason", reason, _("Say why everybody may see it now."))
    with altering("case.circle-opened", officer, case, reason) as this:
        row = locked(officer, "circle", case)
        _may_decide(officer, row)
        if row.circle is None:
            raise NotNow(_("The case stands in no closed circle."))
        elsewhere = Case.objects.filter(circle=row.circle).exclude(pk=row.pk)
        free = subjects_in(row).exclude(case_subjects__case__in=elsewhere).values_list("pk", flat=True)
        papers = Document.objects.filter(on_kind="case", on_id=row.pk, circle=row.circle).values_list("pk", flat=True)
        this.detail |= {
            "circle": str(row.circle_id),
            **_move(officer, reason, row, row.circle, None, list(free), list(papers)),
        }
        change(row, circle=None)
        step(row, Step.Kind.CHANGED, officer, reason, about=_("Circle opened"))


def _move(
    officer: Officer,
    reason: str,
    case: Case,
    before: Circle | None,
    after: Circle | None,
    subjects: Collection[UUID],
    documents: Collection[UUID],
) -> dict[str, list[str]]:
    """Only what belongs to the case and stands in no other circle."""
    there = Subject.objects.filter(pk__in=list(subjects), circle=before, case_subjects__case=case).order_by("pk")
    gone = list(there)
    for subject in gone:
        move_to_circle(officer, subject, after, reason)
    papers = Document.objects.filter(pk__in=list(documents), circle=before, on_kind="case", on_id=case.pk)
    sheets = sorted(map(str, papers.values_list("pk", flat=True)))
    Document.objects.filter(pk__in=sheets).update(circle=after)
    return {"subjects": [str(subject.pk) for subject in gone], "documents": sheets}


def _may_decide(officer: Officer, case: Case) -> None:
    if case.owner_id not in (None, officer.pk) and Role.HEAD not in officer.roles:
        raise PermissionDenied(_("Only the owner of the case or the head of unit decides on its closed circle."))
