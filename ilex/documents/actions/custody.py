"""The custody record: one line for whatever happens to a copy."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import now

from ilex.documents.models import Custody, Document
from ilex.units.models import Officer


def record(
    document: Document,
    kind: Custody.Kind,
    *,
    by: Officer | None,
    to: str = "",
    note: str = "",
    at: datetime | None = None,
) -> Custody:
    """Write it in the caller's transaction, which writes the journal's line too."""
    return Custody.objects.create(
        document=document,
        kind=kind,
        at=at or now(),
        by=by,
        to=to[:200],
        digest=bytes(document.digest),
        note=note[:300],
    )
