"""The files of entries as documents: scanned, read and found like all others, and given to nobody once recalled."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ilex.documents import actions
from ilex.documents.owners import Owner, register
from ilex.exchange.models import Entry, Request, Way
from ilex.exchange.queries.access import visible_requests
from ilex.gate.models import Attachment
from ilex.units.models import Officer
from ilex.units.rules import may

KIND = "request"


def hand_in() -> None:
    """Tell the documents who may see those of requests."""
    register(Owner(KIND, _("Request"), may_see, page, name=reference))


def may_see(officer: Officer, ids: Collection[UUID]) -> set[UUID]:
    if not may(officer, "request.read"):
        return set()
    return set(visible_requests(officer).filter(pk__in=ids).values_list("pk", flat=True))


def page(id: UUID) -> str:
    return reverse("request", args=[reference(id)])


def reference(id: UUID) -> str:
    return Request.objects.values_list("our_ref", flat=True).get(pk=id)


def keep_papers(entry: Entry, papers: Iterable[Attachment]) -> None:
    """Make the files of an entry documents of its request; of what we sent the custody says to whom."""
    sent_to = [entry.request.partner_id] if entry.way == Way.OUT else []
    for paper in papers:
        actions.keep(
            paper,
            (KIND, entry.request_id),
            by=entry.by,
            handling=entry.handling,
            language=entry.language,
            sent_to=sent_to,
        )


def close_papers(entry: Entry) -> None:
    """What was recalled is given to nobody any more, neither here nor from the page of the document."""
    actions.remove_papers(entry.papers.all(), (KIND, entry.request_id), by=None, reason=str(Entry.Kind.RECALL.label))
