"""Taking in a file: what is new, changed, gone and the same, in one transaction. Killed, it leaves nothing."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from ilex.gate.ids import uuid7
from ilex.holdings import origins
from ilex.holdings.actions.sources import checked_handling
from ilex.holdings.errors import Invalid
from ilex.holdings.files.chunks import Chunk
from ilex.holdings.files.columns import Columns
from ilex.holdings.models import CODE, Load, Source
from ilex.holdings.pieces.writing import lock
from ilex.holdings.taking import Progress, Report, Taking, Told
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.units.models import Officer
from ilex.units.rules import check

PROCESSES = 2
REVIEWED_AFTER = timedelta(days=365)


@dataclass(frozen=True)
class SourceSpec:
    """A source as the load describes it; what is empty stays as it is, or gets our default with the first load."""

    code: str
    title: str = ""
    purpose: str = ""
    legal: str = ""
    handling: str = ""
    handling_note: str = ""
    review_on: date | None = None
    ends_on: date | None = None


def load(
    source: SourceSpec,
    rows: Iterable[Chunk],
    *,
    by: Officer | None,
    dry_run: bool = False,
    anew: bool = False,
    columns: Columns | None = None,
    name: str = "",
    digest: bytes = b"",
    form: str = "ftm",
    tell: Told = lambda fault: None,
    progress: Progress = lambda report: None,
    processes: int = PROCESSES,
) -> Report:
    """Have the source hold exactly what the file holds. `tell` hears of every bad row; these do not stop the load.

    With `anew` what is the same is indexed again as well, as an update of the rules of names may ask for.
    What was held under the id of a bad row stays as it was. Raises Invalid, FileRefused (also when the file holds no
    good row at all) and PermissionDenied; then nothing has changed. `by` is None for the operator at the machine.
    """
    if by is not None:
        check(by, "holding.load")
    _check(source)
    began = time.monotonic()
    if dry_run:
        with transaction.atomic():
            held = Source.objects.filter(code=source.code).first()
            taking = Taking(held or Source(pk=0, code=source.code), tell, progress, write=False, anew=anew)
            taking.take(rows, columns, processes)
            transaction.set_rollback(True)
        taking.report.seconds = time.monotonic() - began
        return taking.report
    with act("holding.loaded", Operation.COLLECTION, by=by, on=("source", source.code)) as this:
        lock(wait=True)
        taking = Taking(_source(source), tell, progress, write=True, anew=anew)
        taking.take(rows, columns, processes)
        row = _described(source, by)
        this.reason = row.purpose
        report = taking.report
        report.seconds = time.monotonic() - began
        kept = _kept(row, report, by=by, name=name, digest=digest, form=form)
        counts = {name: getattr(report, name) for name in ("rows", "new", "changed", "gone", "same", "bad")}
        this.detail |= {"load": str(kept.pk), "sha256": digest.hex(), "form": form, **counts}
    report.written = True
    return report


def _check(source: SourceSpec) -> None:
    if not 0 < len(source.code) <= CODE or not source.code.replace("-", "").replace("_", "").isalnum():
        raise Invalid({"source": _("Name the source in letters, digits and hyphens, at most %(n)d.") % {"n": CODE}})
    if not source.code.isascii():
        raise Invalid({"source": _("Name the source in letters from a to z, digits and hyphens.")})
    if origins.origin(source.code) or Source.objects.filter(code=source.code, origin=True).exists():
        raise Invalid({"source": _("“%(code)s” holds records of Ilex itself.") % {"code": source.code}})
    if source.handling:
        checked_handling(source.handling, source.handling_note)


def _source(source: SourceSpec) -> Source:
    """The source's row; a new one gets a purpose and a day of review."""
    row = Source.objects.filter(code=source.code).first()
    if row is None:
        at = now()
        row = Source(code=source.code, title=source.code, made_at=at, changed_at=at)
        row.review_on = localdate() + REVIEWED_AFTER
        row.purpose = _("Cross-check of requests and of our own cases (Directive (EU) 2023/977 Art. 16).")
        row.save()
    return row


def _described(source: SourceSpec, by: Officer | None) -> Source:
    """The row with what the load says of it. Locked at the end only: who switches a source off does not wait."""
    row = Source.objects.select_for_update().get(code=source.code)
    for name in ("title", "purpose", "legal", "handling", "handling_note", "review_on", "ends_on"):
        if said := getattr(source, name):
            setattr(row, name, said)
    row.changed_at, row.changed_by = now(), by
    row.save()
    return row


def _kept(row: Source, report: Report, *, by: Officer | None, name: str, digest: bytes, form: str) -> Load:
    row.records = report.records
    row.save(update_fields=["records"])
    return Load.objects.create(
        id=uuid7(),
        source=row,
        name=name[:255],
        digest=digest,
        form=form,
        rows=report.rows,
        new=report.new,
        changed=report.changed,
        gone=report.gone,
        same=report.same,
        bad=report.bad,
        left_out=dict(report.left_out.most_common(200)),
        by=by,
        at=now(),
        took=report.seconds,
    )
