"""What a statement on a subject can be taken from: the messages and documents of the cases it stands in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ilex.cases import queries
from ilex.cases.models import Case
from ilex.cases.rules import ALIVE
from ilex.documents import queries as documents
from ilex.documents.models import Document
from ilex.exchange import queries as exchange
from ilex.exchange.models import Entry, Request, Way
from ilex.subjects import uses
from ilex.subjects.models import Subject
from ilex.subjects.queries import members
from ilex.units.models import Officer
from ilex.units.rules import may

MOST_CASES = 5
EMPTY = (Entry.Kind.ACKNOWLEDGEMENT, Entry.Kind.RECALL, Entry.Kind.NOTE)  # they say nothing of anybody
MOST = 100  # entries, and documents, that are offered


def hand_in() -> None:
    uses.register_origins(origins)
    uses.register_source(uses.Source("entry", gettext_lazy("Message"), entries))
    uses.register_source(uses.Source("document", gettext_lazy("Document"), papers))


def origins(officer: Officer, number: str, subject: Subject | None) -> Iterator[uses.Origin]:
    """Of the case at hand and of the open ones in which the subject stands; only what this officer may see."""
    if not may(officer, "case.read"):
        return
    for case in _cases(officer, number, subject):
        requests = queries.requests_of(case, officer)
        yield from _of_entries(case, requests)
        yield from _of_documents(case, requests, officer)


def _cases(officer: Officer, number: str, subject: Subject | None) -> Iterable[Case]:
    wanted = Q(number=number) if number else Q(pk=None)
    if subject is not None:
        wanted |= Q(case_subjects__subject__in=members(subject))
    found = queries.visible_cases(officer).filter(wanted, state__in=ALIVE).distinct()
    return found.order_by("-changed_at").defer("summary", "search")[:MOST_CASES]


def _of_entries(case: Case, requests: Collection[Request]) -> Iterator[uses.Origin]:
    """What partners said on its requests and did not take back."""
    said = Entry.objects.filter(request__in=requests, way=Way.IN, recalled_at=None).exclude(kind__in=EMPTY)
    for entry in said.select_related("request__partner").order_by("-at")[:MOST]:
        yield uses.Origin(
            kind="entry",
            key=str(entry.pk),
            text=_told(entry),
            among=_("%(case)s: messages") % {"case": case.number},
            owner=entry.request.partner_id,
            handling=entry.handling,
            handling_note=entry.handling_note,
            source_grade=entry.source_grade,
            information_grade=entry.information_grade,
        )


def _of_documents(case: Case, requests: Collection[Request], officer: Officer) -> Iterator[uses.Origin]:
    places = [("case", case.pk), *(("request", request.pk) for request in requests)]
    places += [("task", task.pk) for task in queries.tasks_of(case)]
    found = [paper for kind, pk in places for paper in documents.documents_on(kind, pk, officer)][:MOST]
    givers = _givers(found)
    for paper in found:
        owner, note = givers.get(paper.attachment_id, ("", ""))
        yield uses.Origin(
            kind="document",
            key=str(paper.pk),
            text=paper.title,
            among=_("%(case)s: documents") % {"case": case.number},
            owner=owner,
            handling=paper.handling,
            handling_note=note,
        )


def _givers(papers: Collection[Document]) -> dict[UUID, tuple[str, str]]:
    """The partners from whom these files came with a message, each with the conditions he wrote."""
    said = Entry.objects.filter(way=Way.IN, papers__in=[paper.attachment_id for paper in papers])
    rows = said.values_list("papers", "request__partner", "handling_note")
    return {attachment: (partner, note) for attachment, partner, note in rows}


def _told(entry: Entry) -> str:
    day = date_format(localtime(entry.at), "j M Y")
    return f"{entry.request.our_ref} · {entry.get_kind_display()} · {entry.request.partner.name} · {day}"


# --- where a statement says it came from ---


def entries(keys: Collection[str], officer: Officer) -> dict[str, uses.Row]:
    if not may(officer, "request.read"):
        return {}
    seen = exchange.visible_requests(officer)
    found = Entry.objects.filter(pk__in=_numbers(keys), request__in=seen).select_related("request__partner")
    return {str(entry.pk): uses.Row(_told(entry), reverse("request", args=[entry.request.our_ref])) for entry in found}


def papers(keys: Collection[str], officer: Officer) -> dict[str, uses.Row]:
    found = documents.visible(officer, Document.objects.filter(pk__in=_numbers(keys)).defer("text", "search"))
    return {str(paper.pk): uses.Row(paper.title, reverse("document", args=[paper.pk])) for paper in found}


def _numbers(keys: Collection[str]) -> list[UUID]:
    numbers = []
    for key in keys:
        try:
            numbers.append(UUID(key))
        except ValueError:
            continue
    return numbers
