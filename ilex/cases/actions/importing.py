"""Taking in a file of old cases: all of it or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import islice

from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from ilex.cases import index
from ilex.cases.actions import numbers
from ilex.cases.files import Fault, OldCase, read
from ilex.cases.models import Case, Step
from ilex.journal.actions import Act, act, write_many
from ilex.journal.models import Operation
from ilex.journal.rows import insert_many
from ilex.units.models import Officer
from ilex.units.rules import check, may

BATCH = 1_000


@dataclass(frozen=True)
class Imported:
    """`faults` is empty when everything was right; only then, and not in a dry run, something was written."""

    rows: int
    faults: tuple[Fault, ...]
    first: str = ""
    last: str = ""


def import_cases(officer: Officer, raw: bytes, *, name: str = "", dry_run: bool = False) -> Imported:
    """Each case gets a number of ours; its old one stays as its reference. Raises PermissionDenied."""
    check(officer, "case.import")
    found, faults = read(raw, localdate())
    owners = _owners(found, faults)
    _known_already(found, faults)
    if faults or dry_run or not found:
        return Imported(len(found), tuple(sorted(faults, key=lambda fault: (fault.row, fault.column))))
    digest = hashlib.sha256(raw).hexdigest()
    with act("case.imported", Operation.COLLECTION, by=officer, on=("file", digest[:40]), name=name[:200]) as this:
        given = _write(officer, found, owners)
        this.detail |= {"cases": len(given), "first": given[0], "last": given[-1], "digest": digest}
    return Imported(len(found), (), given[0], given[-1])


def _owners(found: Sequence[OldCase], faults: list[Fault]) -> dict[str, Officer]:
    names = {one.owner.lower() for one in found if one.owner}
    known = {one.sign_in: one for one in Officer.objects.filter(sign_in__in=names) if may(one, "case.write")}
    faults += [
        Fault(one.row, "owner", _("No officer who works on cases signs in as “%(name)s”.") % {"name": one.owner[:60]})
        for one in found
        if one.owner and one.owner.lower() not in known
    ]
    return known


def _known_already(found: Sequence[OldCase], faults: list[Fault]) -> None:
    """A file that is taken in twice says so, row by row. The whole register is asked, not only what he may see."""
    rows = iter(found)
    while batch := list(islice(rows, BATCH)):
        keys = {one.keys[0]: one for one in batch}
        there = Case.objects.filter(reference_keys__overlap=list(keys)).values_list("reference_keys", flat=True)
        known = {key for row in there for key in row} & set(keys)
        faults += [Fault(keys[key].row, "reference", _("A case with this reference is on file.")) for key in known]


def _write(officer: Officer, found: Sequence[OldCase], owners: dict[str, Officer]) -> list[str]:
    at = now()
    given = numbers.take(numbers.CASES, at, len(found))
    rows = iter(zip(found, given, strict=True))
    while batch := list(islice(rows, BATCH)):
        cases = [_case(officer, old, number, owners, at) for old, number in batch]
        insert_many(cases)
        insert_many(list(_steps(officer, zip(cases, (old for old, _number in batch), strict=True), at)))
        write_many(
            Act("case.added", Operation.COLLECTION, by=officer, on=("case", str(case.pk)), case=case.number)
            for case in cases
        )
    return given


def _case(officer: Officer, old: OldCase, number: str, owners: dict[str, Officer], at: datetime) -> Case:
    opened_at = _moment(old.opened_on) or at
    closed_at = (_moment(old.closed_on) or opened_at) if old.closed else None
    state = Case.State.CLOSED if old.closed else Case.State.WAITING if old.wake_on else Case.State.OPEN
    case = Case(
        number=number,
        title=old.title,
        summary=old.summary,
        area=old.area,
        state=state,
        owner=owners.get(old.owner.lower()),
        references=[old.reference, *old.references],
        reference_keys=old.keys,
        wake_at=old.wake_on,
        wake_why=old.wake_why,
        opened_at=opened_at,
        opened_by=officer,
        closed_at=closed_at,
        outcome=old.outcome,
        outcome_text=old.outcome_text,
        changed_at=closed_at or opened_at,
    )
    case.search = index.vector(case, [old.note])
    return case


def _steps(officer: Officer, pairs: Iterable[tuple[Case, OldCase]], at: datetime) -> Iterable[Step]:
    for case, old in pairs:
        yield Step(case=case, kind=Step.Kind.OPENED, at=case.opened_at, by=officer, details={"about": old.reference})
        if old.note:
            yield Step(case=case, kind=Step.Kind.NOTE, at=at, by=officer, text=old.note)
        if case.closed_at:
            yield Step(case=case, kind=Step.Kind.CLOSED, at=case.closed_at, by=officer, text=old.outcome_text)


def _moment(day: date | None) -> datetime | None:
    return datetime.combine(day, time(12), UTC) if day else None
