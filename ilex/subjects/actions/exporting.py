"""Giving out a file of subjects, which Ilex and others can read again. Taken out of the system it is a disclosure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.subjects.files import csv, ftm, own, xlsx
from ilex.subjects.files.entries import Drawn, DrawnLink, Line
from ilex.subjects.models import Link, Statement, Subject
from ilex.subjects.queries.access import visible_subjects
from ilex.subjects.rules import Evaluation, Invalid, checked_reason
from ilex.units.models import Officer
from ilex.units.rules import check
from ilex.words import law

BATCH = 2_000
FORWARD = "forward"  # the act that an owner can keep for himself: ilex/words/data/handling.toml


@dataclass
class GivenOut:
    subjects: int = 0
    statements: int = 0
    links: int = 0
    kept_back: int = 0  # statements and links of others who must be asked before they are passed on


@dataclass(frozen=True)
class _Chosen:
    rows: QuerySet[Subject]
    given: GivenOut


def give_out(officer: Officer, file: BinaryIO, form: str, purpose: str, kind: str = "") -> GivenOut:
    """Write what the officer may see and pass on. Raises PermissionDenied and Invalid.

    What is in closed circles stays there, and so does what its owner's handling code keeps from being passed on:
    for that the owner is asked by message.
    """
    check(officer, "subject.import")
    purpose = checked_reason(purpose, _("Say for which purpose it is given out."), "purpose")
    if form not in WRITERS:
        raise Invalid({"form": _("Choose one from the list.")})
    rows = visible_subjects(officer).filter(circle=None, merged_into=None).order_by("pk")
    chosen = _Chosen(rows.filter(kind=kind) if kind else rows, GivenOut())
    with act("subject.exported", Operation.DISCLOSURE, by=officer, reason=purpose) as this:
        WRITERS[form](file, chosen)
        counts = {name: getattr(chosen.given, name) for name in GivenOut.__dataclass_fields__}
        this.detail |= {"form": form, "kind": kind, **counts}
    return chosen.given


def _write_ftm(file: BinaryIO, chosen: _Chosen) -> None:
    """Holders stand in the document itself, as theirs do; every other link is an entity."""
    for batch in _batches(chosen):
        holders = _holders(chosen, batch)
        for subject, drawn in batch:
            file.write(_line(ftm.entity(drawn, holders.get(subject.pk, ()), subject.caption)))
    for link, kinds_of_ends in _links(chosen):
        file.write(_line(ftm.edge(link, *kinds_of_ends)))


def _holders(chosen: _Chosen, batch: Iterable[tuple[Subject, Drawn]]) -> dict[UUID, list[DrawnLink]]:
    documents = [subject.pk for subject, _drawn in batch if subject.kind == "document"]
    found: dict[UUID, list[DrawnLink]] = {}
    if documents:
        live = Link.objects.filter(kind="holder", other__in=documents, one__in=chosen.rows, withdrawn_at=None)
        for link in live.filter(one__circle=None).select_related("owner").order_by("pk"):
            if _may_leave(link):
                found.setdefault(link.other_id, []).append(_drawn_link(link))
    return found


def _line(entity: dict[str, object]) -> bytes:
    return json.dumps(entity, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _entries(chosen: _Chosen) -> Iterator[Drawn | DrawnLink]:
    subjects = (drawn for batch in _batches(chosen) for _subject, drawn in batch)
    return chain(subjects, (link for link, _kinds in _links(chosen)))


WRITERS: dict[str, Callable[[BinaryIO, _Chosen], None]] = {
    "ftm": _write_ftm,
    "csv": lambda file, chosen: csv.write(file, _entries(chosen)),
    "xlsx": lambda file, chosen: xlsx.write(file, _entries(chosen)),
}


def _batches(chosen: _Chosen) -> Iterator[list[tuple[Subject, Drawn]]]:
    """Subjects with what may leave of what is stated of them; one of which nothing may leave is not named."""
    last: UUID | None = None
    while True:
        rows = list((chosen.rows.filter(pk__gt=last) if last else chosen.rows)[:BATCH])
        if not rows:
            return
        last = rows[-1].pk
        said = _said(chosen.given, rows)
        yield [(row, _drawn(row, said[row.pk])) for row in rows if row.pk in said]


def _said(given: GivenOut, rows: Iterable[Subject]) -> dict[UUID, list[Line]]:
    found: dict[UUID, list[Line]] = {}
    statements = Statement.objects.filter(subject__in=[row.pk for row in rows], withdrawn_at=None)
    for one in statements.order_by("subject_id", "made_at", "pk"):
        if not _may_leave(one):
            given.kept_back += 1
            continue
        line = Line(one.property, one.value, one.property, one.name_kind, one.language, _evaluation(one))
        found.setdefault(one.subject_id, []).append(line)
        given.statements += 1
    given.subjects += len(found)
    return found


def _drawn(row: Subject, lines: list[Line]) -> Drawn:
    return Drawn(0, str(row.pk), row.kind, row.category, lines)


def _links(chosen: _Chosen) -> Iterator[tuple[DrawnLink, tuple[str, str]]]:
    """Links between two subjects that are given out."""
    left = Statement.objects.filter(withdrawn_at=None).values("subject")
    ends = chosen.rows.filter(pk__in=left).values("pk")
    live = Link.objects.filter(withdrawn_at=None, one__in=ends, other__in=ends)
    for link in live.select_related("one", "other").order_by("pk").iterator(BATCH):
        if _may_leave(link):
            chosen.given.links += 1
            yield _drawn_link(link), (link.one.kind, link.other.kind)
        else:
            chosen.given.kept_back += 1


def _drawn_link(link: Link) -> DrawnLink:
    return DrawnLink(
        0, link.kind, str(link.one_id), str(link.other_id), link.role, _evaluation(link), column=str(link.pk)
    )


def _may_leave(row: Statement | Link) -> bool:
    """What this unit says itself it may pass on; of others' only what their handling code leaves free."""
    if row.owner_id == settings.ILEX_UNIT:
        return True
    return not any(FORWARD in code.permission_for for code in law.handling(row.handling))


def _evaluation(row: Statement | Link) -> Evaluation:
    said = {name: getattr(row, name) for name in own.EVALUATION if name != "owner"}
    owner = "" if row.owner_id == settings.ILEX_UNIT else row.owner_id
    return Evaluation(from_kind="import", owner=owner, **said)
