"""Taking in a file of subjects: all of it or nothing, and every row that is wrong is named."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ilex.gate.ids import uuid7
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.subjects import changes, vocabulary
from ilex.subjects.files import csv, ftm, xlsx
from ilex.subjects.files.entries import LARGEST_FILE, Entries, Fault, FileRefused
from ilex.subjects.files.tables import Columns
from ilex.subjects.loading import Load, Shape, Tally
from ilex.subjects.models import Import
from ilex.subjects.rules import Evaluation, Invalid, checked_evaluation, checked_reason
from ilex.units.models import Circle, Officer, Organisation
from ilex.units.rules import check

SOURCE_LONGEST = 60
WORDS_AT_ONCE = 20_000
READERS: dict[str, Callable[[BinaryIO, Asked], Entries]] = {
    "ftm": lambda file, asked: ftm.read(file, asked.columns.category),
    "csv": lambda file, asked: csv.read(file, asked.columns),
    "xlsx": lambda file, asked: xlsx.read(file, asked.columns, asked.unpacked),
}


class Refused(Exception):
    """Nothing was taken in. `report` names every row that is wrong."""

    def __init__(self, report: Report) -> None:
        super().__init__(report.summary)
        self.report = report


@dataclass(frozen=True)
class Asked:
    """How a file is to be taken in."""

    form: str  # ftm, csv, xlsx
    name: str  # of the file
    source: str  # whose file it is: with the id of a row it names a subject for ever
    purpose: str
    columns: Columns = field(default_factory=Columns)
    evaluation: Evaluation = field(default_factory=Evaluation)  # of what the file does not evaluate itself
    circle: Circle | None = None
    exact: bool = True  # refuse numbers that break their own rule; else they are kept as they come
    unpacked: int = xlsx.LARGEST_UNPACKED  # bytes to which a workbook may unpack


@dataclass(frozen=True)
class Report:
    subjects: int
    statements: int
    links: int
    left_out: dict[str, int]
    faults: tuple[Fault, ...]
    more_faults: int  # beyond those that are named
    written: bool

    @property
    def summary(self) -> str:
        if self.faults:
            count = len(self.faults) + self.more_faults
            said = ngettext(
                "Nothing was taken in: %(count)d row is wrong.",
                "Nothing was taken in: %(count)d rows are wrong.",
                count,
            )
            return said % {"count": count}
        counts = {"subjects": self.subjects, "statements": self.statements, "links": self.links}
        if self.written:
            return _("Taken in. Subjects: %(subjects)d, statements: %(statements)d, links: %(links)d.") % counts
        return _("Nothing is wrong. Subjects: %(subjects)d, statements: %(statements)d, links: %(links)d.") % counts


def rehearse(officer: Officer, file: BinaryIO, asked: Asked) -> Report:
    """A dry run: read and check everything, keep nothing, name everything that is wrong. Raises Invalid."""
    asked, _digest = _checked(officer, file, asked)
    with transaction.atomic():
        load = _load(officer, file, asked, import_id="", write=False)
    return _report(load.tally, written=False)


def take_in(officer: Officer, file: BinaryIO, asked: Asked) -> Report:
    """Take in the whole file. Raises Refused when a row is wrong, and Invalid; then nothing was changed."""
    asked, digest = _checked(officer, file, asked)
    row = Import(
        id=uuid7(),
        source=asked.source,
        name=asked.name[:255],
        digest=digest,
        form=asked.form,
        purpose=asked.purpose,
        by=officer,
        at=now(),
    )
    on = ("import", str(row.pk))
    with act("subject.imported", Operation.COLLECTION, by=officer, on=on, reason=asked.purpose) as this:
        load = _load(officer, file, asked, import_id=str(row.pk), write=True)
        report = _report(load.tally, written=True)
        if report.faults:
            raise Refused(report)
        row.counts = {name: getattr(report, name) for name in ("subjects", "statements", "links", "left_out")}
        row.save(force_insert=True)
        changes.tell_imported(row)
        this.detail |= {"source": asked.source, "sha256": digest.hex(), "form": asked.form, **row.counts}
    _learn(load.words)
    return report


def _checked(officer: Officer, file: BinaryIO, asked: Asked) -> tuple[Asked, bytes]:
    """What was asked, in order, and the SHA-256 of the file. Raises PermissionDenied and Invalid."""
    check(officer, "subject.import")
    if asked.form not in READERS:
        raise Invalid({"form": _("Choose one from the list.")})
    source = " ".join(asked.source.split())
    # "unit:" begins the source of what a partner sent.
    if not 0 < len(source) <= SOURCE_LONGEST or source.startswith("unit:") or not source.isprintable():
        raise Invalid({"source": _("Name the source in at most %(limit)d characters.") % {"limit": SOURCE_LONGEST}})
    purpose = checked_reason(asked.purpose, _("Say for which purpose it is taken in."), "purpose")
    evaluation = checked_evaluation(replace(asked.evaluation, from_kind="import"))
    if asked.circle is not None and not asked.circle.officers.filter(pk=officer.pk).exists():
        raise Invalid({"circle": _("Choose a closed circle to which you belong.")})
    digest = _digest(file)
    columns = replace(asked.columns, stem=digest.hex()[:16])
    return replace(asked, source=source, purpose=purpose, evaluation=evaluation, columns=columns), digest


def _digest(file: BinaryIO) -> bytes:
    size, digest = 0, hashlib.sha256()
    while chunk := file.read(2**20):
        size += len(chunk)
        if size > LARGEST_FILE:
            raise Invalid({"file": _("The file is larger than %(limit)d GiB.") % {"limit": LARGEST_FILE // 2**30}})
        digest.update(chunk)
    file.seek(0)
    return digest.digest()


def _load(officer: Officer, file: BinaryIO, asked: Asked, *, import_id: str, write: bool) -> Load:
    shape = Shape(
        officer=officer,
        here=settings.ILEX_UNIT,
        source=asked.source,
        at=now(),
        evaluation=replace(asked.evaluation, from_key=import_id, from_note=asked.evaluation.from_note or asked.source),
        owners=frozenset(Organisation.objects.values_list("pk", flat=True)),
        circle=str(asked.circle.pk) if asked.circle else "",
        exact=asked.exact,
    )
    load = Load(shape, write=write)
    try:
        load.take(READERS[asked.form](file, asked))
    except FileRefused as refused:
        load.tally.refuse(Fault(0, "", str(refused)))
    finally:
        load.close()
    return load


def _report(tally: Tally, *, written: bool) -> Report:
    faults = tuple(sorted(tally.faults, key=lambda fault: fault.row))
    left_out = dict(tally.left_out.most_common())
    return Report(
        tally.subjects, tally.statements, tally.links, left_out, faults, tally.more_faults, written and not faults
    )


def _learn(words: set[str]) -> None:
    """Mistyped names are looked for among these words; a batch at a time, after everything is kept."""
    fresh = sorted(words)
    for place in range(0, len(fresh), WORDS_AT_ONCE):
        vocabulary.learn(fresh[place : place + WORDS_AT_ONCE])
