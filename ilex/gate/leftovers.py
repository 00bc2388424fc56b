"""Clears from the disk what no row names: broken uploads, attachments of drafts that are gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import now

from ilex.gate.models import Attachment
from ilex.gate.store import folder, incoming
from ilex.journal.actions import write
from ilex.journal.models import Operation


def clear_leftovers(older_than: timedelta = timedelta(days=7)) -> int:
    """Remove sealed files that nobody owns and that did not change for `older_than`; returns how many.

    An attachment is owned by an envelope or by any row of a higher room (a draft, an entry). Parts of blobs
    that a peer still sends are kept as long as an envelope names them.
    """
    before = now().timestamp() - older_than.total_seconds()
    return sum(_sweep_blob(path) for path in _blobs(before)) + sum(_sweep_part(path) for path in _parts(before))


def _blobs(before: float) -> Iterator[Path]:
    for path in folder().glob("??/*"):
        if len(path.name) == 64 and path.stat().st_mtime < before:
            yield path


def _parts(before: float) -> Iterator[Path]:
    for path in incoming().glob("*.part"):
        if path.stat().st_mtime < before:
            yield path


def _sweep_blob(path: Path) -> bool:
    digest = bytes.fromhex(path.name)
    with transaction.atomic():
        rows = list(Attachment.objects.select_for_update().filter(sealed_digest=digest).values_list("pk", flat=True))
        if Attachment.objects.filter(_owned(), pk__in=rows).exists():
            return False
        if rows:
            Attachment.objects.filter(pk__in=rows).delete()
            write("attachment.swept", Operation.ERASURE, by=None, on=("attachment", str(rows[0])))
    path.unlink(missing_ok=True)
    return True


def _owned() -> Q:
    # The rooms above that point here are not known by name; Django knows who they are.
    owned = Q(envelope__isnull=False)
    for relation in Attachment._meta.related_objects:
        owned |= Q(**{f"{relation.name}__isnull": False})
    return owned


def _sweep_part(path: Path) -> bool:
    digest = path.stem.rpartition(".")[2]
    if len(digest) == 64 and Attachment.objects.filter(sealed_digest=bytes.fromhex(digest), whole_at=None).exists():
        return False
    path.unlink(missing_ok=True)
    return True
