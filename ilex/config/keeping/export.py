"""The unit's own records in a form that any other system can read: JSON, one request a line."""

from __future__ import annotations

import json
from typing import TextIO

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model

from ilex.exchange.models import Entry, Request
from ilex.journal import actions as journal
from ilex.journal.models import Operation

FORMAT = "ilex-request-1"
LEFT_OUT = {"search", "folded"}  # made for our own search
BESIDE = ("subjects", "entries__papers", "clock_moves")


def export(file: TextIO, reason: str, year: int | None = None) -> int:
    """Write the requests and one journal line; returns how many. Attachments are named, not included."""
    requests = Request.objects.order_by("received_at", "pk").prefetch_related(*BESIDE)
    if year is not None:
        requests = requests.filter(received_at__year=year)
    count = 0
    with journal.act("requests.exported", Operation.DISCLOSURE, by=None, reason=reason) as this:
        for request in requests.iterator(chunk_size=500):
            file.write(json.dumps(_request(request), cls=DjangoJSONEncoder, ensure_ascii=False) + "\n")
            count += 1
        this.detail.update(count=count, year=year)
    return count


def _request(request: Request) -> dict[str, object]:
    return {
        "format": FORMAT,
        **_row(request),
        "subjects": [_row(subject) for subject in request.subjects.all()],
        "entries": [{**_row(entry), "papers": _papers(entry)} for entry in request.entries.all()],
        "clock_moves": [_row(move) for move in request.clock_moves.all()],
    }


def _papers(entry: Entry) -> list[dict[str, object]]:
    return [
        {"name": paper.name, "media": paper.media, "size": paper.size, "sha256": bytes(paper.digest).hex()}
        for paper in entry.papers.all()
    ]


def _row(one: Model) -> dict[str, object]:
    fields = [field for field in one._meta.concrete_fields if field.name not in LEFT_OUT]
    return {field.attname: field.value_from_object(one) for field in fields}
