"""Erasing all that a source holds: when its legal end has come, or when somebody says why."""

from __future__ import annotations

from datetime import date

from django.db import connection, transaction
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from ilex.holdings.actions.sources import PARAGRAPH
from ilex.holdings.errors import Invalid
from ilex.holdings.forgetting import forget
from ilex.holdings.models import Piece, Source
from ilex.holdings.pieces.shelf import shelf
from ilex.holdings.pieces.writing import changed, lock
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.units.models import Officer
from ilex.units.rules import check


def erase(officer: Officer | None, source: Source, why: str) -> int:
    """Have the source hold nothing; how many records it held. Its description and the counts of its loads stay.

    `officer` is None for the node itself or the operator at the machine. Raises Invalid and PermissionDenied.
    """
    if officer is not None:
        check(officer, "holding.load")
    why = why.strip()
    if not 0 < len(why) <= PARAGRAPH:
        raise Invalid({"why": _("Say in a few words why.")})
    if source.origin:
        raise Invalid({"source": _("“%(code)s” holds records of Ilex itself.") % {"code": source.code}})
    with act("holding.erased", Operation.ERASURE, by=officer, on=("source", source.code), reason=why) as this:
        lock(wait=True)
        source.refresh_from_db()
        held = source.records
        _forget_all(source.pk)
        # A new stamp of change: the cross-check forgets what was found of these records.
        Source.objects.filter(pk=source.pk).update(records=0, changed_at=now(), changed_by=officer, changed_why=why)
        this.detail["records"] = held
    source.refresh_from_db()
    return held


def erase_ended(on: date | None = None) -> bool:
    """Erase one source whose legal end has come; True when there may be more. While a file is taken in it waits."""
    ended = Source.objects.filter(origin=False, records__gt=0, ends_on__lte=on or localdate())
    if not ended.exists():
        return False
    with transaction.atomic():
        if not lock(wait=False):
            return False
        source = ended.select_for_update().order_by("pk").first()
        if source is None:  # somebody has set a later day meanwhile
            return False
        erase(None, source, _("Its legal end has come."))
    return True


def _forget_all(source: int) -> None:
    """Piece by piece. One of which nothing else is left is not read any more; of others it goes with their renewal."""
    for piece in shelf().pieces:
        inside = piece.columns.rids[piece.columns.sources == source].tolist()
        whole = len(inside) == piece.records
        if whole:
            Piece.objects.filter(pk=piece.id).update(retired_at=now())
        forget(inside, listed=not whole)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM holdings_record WHERE source_id = %s", [source])  # none is left; this makes it sure
    changed()
