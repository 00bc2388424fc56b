"""Writing lines in the transaction of their act, and erasing what they say when its time is over.

A line is born without a position in the tree, so that acts never wait for each other: the tree has one writer,
`grow()`, which gives positions afterwards. Until then a line is as durable as its act, and only not yet provable.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.timezone import now

from ilex.journal import records
from ilex.journal.models import Line, Operation
from ilex.journal.rows import insert, insert_many
from ilex.units.models import Officer

LONGEST = 64 * 1024  # bytes of one canonical record
TEXTS = ("act", "object_kind", "object_id", "by", "unit", "case")
LENGTHS = {field.name: field.max_length for field in Line._meta.fields if field.name in TEXTS}


@dataclass
class Act:
    """What will stand in one line. While an act runs, `on`, `reason`, `recipients` and `detail` may be set."""

    act: str
    op: Operation
    by: Officer | None = None  # None: the node itself
    on: tuple[str, str] = ("", "")  # kind and id of what it was done to
    reason: str = ""
    case: str = ""
    recipients: Sequence[str] = ()
    detail: dict[str, Any] = field(default_factory=dict)


@contextmanager
def act(
    act: str,
    op: Operation,
    *,
    by: Officer | None,
    on: tuple[str, str] = ("", ""),
    reason: str = "",
    case: str = "",
    recipients: Sequence[str] = (),
    **detail: object,
) -> Iterator[Act]:
    """Do something and write its line, together or not at all: an exception inside rolls both back.

    Inside another act this one is a savepoint with a line of its own.
    """
    this = Act(act, op, by, on, reason, case, recipients, detail)
    with transaction.atomic():
        yield this
        insert(line_of(this))


def write(
    act: str,
    op: Operation,
    *,
    by: Officer | None,
    on: tuple[str, str] = ("", ""),
    reason: str = "",
    case: str = "",
    recipients: Sequence[str] = (),
    **detail: object,
) -> Line:
    """Write the line of an act whose transaction is open already; raises TransactionManagementError if none is."""
    _must_be_in_transaction()
    line = line_of(Act(act, op, by, on, reason, case, recipients, detail))
    insert(line)
    return line


def write_many(acts: Iterable[Act]) -> int:
    """As `write`, for a batch of acts of one open transaction; returns how many."""
    _must_be_in_transaction()
    lines = [line_of(this) for this in acts]
    insert_many(lines)
    return len(lines)


def erase(before: datetime, *, by: Officer | None = None, reason: str = "", at: datetime | None = None) -> int:
    """Take away what lines older than `before` say, and their salt; returns how many lines that were.

    The leaf stays where it is, so the lines beside it can still be proven. It tells nothing without its salt.
    """
    with act("journal.erased", Operation.ERASURE, by=by, on=("journal", ""), reason=reason) as this:
        count = Line.objects.filter(at__lt=before, erased_at=None).update(
            **dict.fromkeys(("op", *TEXTS, "reason"), ""),
            recipients=[],
            detail={},
            salt=None,
            erased_at=at or now(),
        )
        this.detail |= {"before": before, "lines": count}
    return count


def _must_be_in_transaction() -> None:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A journal line is written in the transaction of its act.")


def line_of(this: Act) -> Line:
    """The line of an act, for whoever writes it by `rows.insert` together with what the act changes."""
    kind, key = this.on
    salt = records.new_salt()
    line = Line(
        at=now(),
        op=this.op,
        act=this.act,
        object_kind=records.text(kind),
        object_id=records.text(str(key)),
        by=str(this.by.pk) if this.by else "",
        unit=this.by.organisation_id if this.by else settings.ILEX_UNIT,
        reason=records.text(str(this.reason)),
        case=records.text(this.case),
        recipients=[records.text(unit) for unit in this.recipients],
        detail=records.storable(this.detail),
        salt=salt,
    )
    record = line.canonical
    _must_fit(line, record)
    line.leaf = records.leaf_of(salt, record)
    return line


def _must_fit(line: Line, record: bytes) -> None:
    for name, longest in LENGTHS.items():
        if longest and len(getattr(line, name)) > longest:
            raise ValueError(f"A journal line holds at most {longest} characters of {name}.")
    if len(record) > LONGEST:
        raise ValueError(f"A journal line holds at most {LONGEST} bytes.")
