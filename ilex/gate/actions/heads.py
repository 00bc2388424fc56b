"""The heads of journals that ride in messages and receipts: kept, and an alarm when one is wrong."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime

from django.db import DatabaseError, transaction

from ilex.gate import keys, queries
from ilex.gate.failures import kind_and_place
from ilex.journal import actions as journal
from ilex.journal import notes
from ilex.journal.models import Head, Operation
from ilex.journal.notes import NoteError
from ilex.journal.queries.lines import lines_for

log = logging.getLogger(__name__)


def remember_heads(heads: Iterable[tuple[str, str, datetime]], at: datetime) -> None:
    """Keep each head (whose, the note, when it was said). Never hinders the mail that brought it."""
    by_unit: dict[str, dict[str, datetime]] = {}
    for unit, note, said in heads:
        if note:
            by_unit.setdefault(unit, {})[note] = said
    for unit, together in sorted(by_unit.items()):
        try:
            with transaction.atomic():
                _remember(unit, together, at)
        except DatabaseError as error:
            log.error("Heads of %s could not be kept: %s", unit, kind_and_place(error))


def _remember(unit: str, said: dict[str, datetime], at: datetime) -> None:
    for wrong in journal.remember_many(unit, said, *queries.log_keys(unit, at), at=at):
        log.warning("The head that %s sent is not good: %s", unit, wrong)
        journal.write("head.bad", Operation.OPERATION, by=None, on=("peer", unit))


def compare_witness(unit: str, note: str) -> None:
    """A partner tells the newest head of ours that it holds: one that we do not know means that we lost lines.

    So a node restored from an older copy learns it from the first receipt. One line per head, for a person.
    """
    ring = keys.own()
    try:
        head = notes.read(note)
        notes.check(head, notes.origin_of(ring.unit), ring.logs)
    except NoteError:
        log.warning("The witness that %s sent is not one of our heads.", unit)
        return
    if head.size == 0 or Head.objects.filter(size=head.size, root=head.root).exists():
        return
    if not lines_for("peer", unit).filter(act="head.lost", detail__size=head.size).exists():
        log.error("%s holds a head of our journal (%d lines) that we do not know.", unit, head.size)
        journal.write("head.lost", Operation.OPERATION, by=None, on=("peer", unit), size=head.size)
