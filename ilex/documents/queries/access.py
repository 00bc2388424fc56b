"""Who sees which document: whoever may see the case, request or task it lies in, and is in its closed circle."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from ilex.documents.models import Document
from ilex.documents.owners import seen
from ilex.units.models import Officer
from ilex.units.rules import must_give_a_reason


def in_circle(officer: Officer) -> Q:
    """Documents of no circle, and of his own circles; the data-protection officer sees all, with a reason."""
    if must_give_a_reason(officer):
        return Q()
    return Q(circle=None) | Q(circle__in=officer.circles.values("pk"))


def visible(officer: Officer, documents: QuerySet[Document]) -> list[Document]:
    """Those that the officer may see, in their order; asks each owning room once."""
    found = list(documents.filter(in_circle(officer), removed_at=None))
    places = seen(officer, {(one.on_kind, one.on_id) for one in found})
    return [one for one in found if (one.on_kind, one.on_id) in places]


def documents_on(kind: str, id: UUID, officer: Officer) -> list[Document]:
    """Everything kept there, oldest first, parts of e-mails after them. Empty for who may not see the place."""
    there = Document.objects.filter(on_kind=kind, on_id=id).select_related("attachment", "made_by")
    return visible(officer, there.defer("text", "search").order_by("made_at", "id"))


def document_for(officer: Officer, id: UUID) -> Document:
    """One document. Raises Document.DoesNotExist, also when it is not for this officer."""
    found = visible(officer, Document.objects.filter(pk=id).select_related("attachment", "made_by", "part_of"))
    if not found:
        raise Document.DoesNotExist
    return found[0]


def needs_reason(officer: Officer) -> bool:
    """Whoever only supervises types a reason before he reads."""
    return must_give_a_reason(officer)


def justification(officer: Officer) -> str:
    """Why this officer reads, from his role; Directive (EU) 2016/680 Art. 25 wants it in the log."""
    return "supervision" if must_give_a_reason(officer) else "handling"
