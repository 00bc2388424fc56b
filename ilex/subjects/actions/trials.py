"""A file of subjects on the pages: looked at first, row by row; taken in, tried again or thrown away after that."""

from __future__ import annotations

import io
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.gate import store
from ilex.gate.ids import uuid7
from ilex.gate.models import Attachment
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.subjects.actions.importing import Asked, Refused, Report, rehearse, take_in
from ilex.subjects.files.tables import Columns
from ilex.subjects.models import Trial
from ilex.subjects.rules import Evaluation, Invalid, NotNow
from ilex.units.models import Circle, Officer
from ilex.units.rules import check

LARGEST = 16 * 2**20  # bytes: a page waits for it; a larger file is for the command
LARGEST_UNPACKED = 128 * 2**20  # bytes of a workbook: it stands in the memory of the process that answers pages
KEPT = timedelta(days=1)  # of a file on which nobody decides
TOLD = 300  # faults on the page; the others are counted


def try_file(officer: Officer, attachment: Attachment, asked: Asked) -> Trial:
    """Look at a new file; nothing of it is taken in. Raises Invalid."""
    check(officer, "subject.import")
    if attachment.size > LARGEST:
        limit = {"limit": LARGEST // 2**20}
        raise Invalid(
            {"file": _("The file is larger than %(limit)d MiB: the operator takes it in by the command.") % limit}
        )
    asked = replace(asked, unpacked=LARGEST_UNPACKED)
    report = rehearse(officer, _opened(attachment), asked)
    trial = Trial(id=uuid7(), by=officer, attachment=attachment, made_at=now())
    with _told("subject.file-tried", officer, trial, asked):
        attachment.save()
        _note(trial, asked, report)
        trial.save(force_insert=True)
    return trial


def try_again(officer: Officer, trial: Trial, asked: Asked) -> None:
    """The same file, understood otherwise. Raises Invalid, NotNow."""
    asked = replace(asked, form=asked_of(trial).form, name=trial.attachment.name, unpacked=LARGEST_UNPACKED)
    report = rehearse(officer, _opened(trial.attachment), asked)
    with _told("subject.file-tried", officer, trial, asked):
        row = _held(officer, trial)
        _note(row, asked, report)
        row.save(update_fields=["asked", "report"])


def take_trial(officer: Officer, trial: Trial) -> Report:
    """Take the file in as it was looked at last. Raises NotNow, also when it no longer fits what stands here by now."""
    try:
        with transaction.atomic():
            row = _held(officer, trial)
            report = take_in(officer, _opened(row.attachment), asked_of(row))
            _discard(row)
    except Refused as refused:
        Trial.objects.filter(pk=trial.pk).update(report=_written(refused.report))
        raise NotNow(refused.report.summary) from refused
    return report


def drop_trial(officer: Officer, trial: Trial) -> None:
    """Throw the file away. Raises NotNow when that was done already."""
    with _told("subject.file-dropped", officer, trial, asked_of(trial), Operation.ERASURE):
        _discard(_held(officer, trial))


def sweep(at: datetime | None = None) -> None:
    """Throw away the files on which nobody decided for a day."""
    for trial in Trial.objects.filter(made_at__lt=(at or now()) - KEPT).select_related("attachment"):
        with act("subject.file-dropped", Operation.ERASURE, by=None, on=("import", str(trial.pk))):
            _discard(trial)


def asked_of(trial: Trial) -> Asked:
    """Raises Invalid when the closed circle is gone that it was to go into."""
    said = dict(trial.asked)
    circle = Circle.objects.filter(pk=said["circle"]).first() if said["circle"] else None
    if said["circle"] and circle is None:
        raise Invalid({"circle": _("Choose a closed circle to which you belong.")})
    columns, evaluation = Columns(**said["columns"]), Evaluation(**said["evaluation"])
    own = {"columns": columns, "evaluation": evaluation, "circle": circle, "unpacked": LARGEST_UNPACKED}
    return Asked(**(said | own))


def _note(trial: Trial, asked: Asked, report: Report) -> None:
    said = {name: getattr(asked, name) for name in ("form", "name", "source", "purpose", "exact")}
    columns = asked.columns
    said["columns"] = {"kind": columns.kind, "category": columns.category, "meaning": dict(columns.meaning)}
    trial.asked = said | {
        "evaluation": asdict(asked.evaluation),
        "circle": str(asked.circle.pk) if asked.circle else "",
    }
    trial.report = _written(report)


def _written(report: Report) -> dict[str, Any]:
    counts = {name: getattr(report, name) for name in ("subjects", "statements", "links", "left_out")}
    told = [[fault.row, fault.column, fault.reason] for fault in report.faults[:TOLD]]
    wrong = len(report.faults) + report.more_faults
    return counts | {"faults": told, "more_faults": wrong - len(told), "wrong": wrong, "summary": report.summary}


def _held(officer: Officer, trial: Trial) -> Trial:
    check(officer, "subject.import")
    row = Trial.objects.select_for_update().select_related("attachment").filter(pk=trial.pk, by=officer).first()
    if row is None:
        raise NotNow(_("This file was taken in or thrown away already."))
    return row


def _discard(trial: Trial) -> None:
    Trial.objects.filter(pk=trial.pk).delete()
    store.discard(trial.attachment)


def _opened(attachment: Attachment) -> BinaryIO:
    """In memory, so that nothing readable lies on the disk."""
    return io.BytesIO(b"".join(store.open_stream(attachment)))


def _told(name: str, officer: Officer, trial: Trial, asked: Asked, operation: Operation = Operation.COLLECTION) -> Any:
    digest = bytes(trial.attachment.digest).hex()
    on = ("import", str(trial.pk))
    return act(name, operation, by=officer, on=on, reason=asked.purpose, source=asked.source, sha256=digest)
