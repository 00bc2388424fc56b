"""Reading old cases out of a CSV file: each fault with row, column and reason. Touches no database."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from ilex.exchange.rules import reference_key
from ilex.words import casework, law

LARGEST = 256 * 2**20  # bytes of a file
MOST_ROWS = 1_000_000
LONGEST = {"reference": 80, "title": 300, "summary": 40_000, "note": 40_000, "wake_why": 300, "outcome_text": 40_000}
NEEDED = ("reference", "title")
KNOWN = (
    *NEEDED,
    *("summary", "area", "state", "owner", "references", "opened", "closed", "outcome", "outcome_text"),
    *("wake", "wake_why", "note"),
)
EARLIEST = date(1900, 1, 1)
DELIMITERS = (",", ";", "\t")
EXTRA = "+"  # not a column: how many cells stand behind the last one


@dataclass(frozen=True)
class Fault:
    """Row 1 is the line of column names; row 0 is the file itself."""

    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        where = _("row %(row)d, %(column)s") % {"row": self.row, "column": self.column or _("whole row")}
        file = _("file")
        return f"{where if self.row else file}: {self.reason}"


@dataclass
class OldCase:
    row: int
    reference: str = ""
    title: str = ""
    summary: str = ""
    area: str = ""
    state: str = ""  # open or closed
    owner: str = ""
    references: list[str] = field(default_factory=list)
    opened_on: date | None = None
    closed_on: date | None = None
    outcome: str = ""
    outcome_text: str = ""
    wake_on: date | None = None
    wake_why: str = ""
    note: str = ""

    @property
    def closed(self) -> bool:
        return self.state == "closed"

    @property
    def keys(self) -> list[str]:
        return [reference_key(one) for one in (self.reference, *self.references)]


class Unreadable(ValueError):
    """From here on the file cannot be read."""

    def __init__(self, row: int, column: str, reason: str) -> None:
        super().__init__(reason)
        self.fault = Fault(row, column, reason)


def read(raw: bytes, today: date) -> tuple[list[OldCase], list[Fault]]:
    """The cases of the rows that are right, and what is wrong with the others."""
    cases: list[OldCase] = []
    faults: list[Fault] = []
    try:
        for row, cells in _rows(raw):
            found = _case(row, cells, today, faults)
            if found is not None:
                cases.append(found)
    except Unreadable as problem:
        faults.append(problem.fault)
    return _without_repeats(cases, faults), sorted(faults, key=lambda fault: (fault.row, fault.column))


def _rows(raw: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    text = _text(raw)
    first = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    row = 0
    try:
        names = _names(next(lines, []))
        row = 1
        for row, cells in enumerate(lines, 2):
            if row > MOST_ROWS:
                raise Unreadable(row, "", _("The file has more than %(most)d rows.") % {"most": MOST_ROWS})
            if not any(cell.strip() for cell in cells):
                continue
            found = dict(zip(names, cells, strict=False))
            if len(cells) > len(names):
                found[EXTRA] = str(len(cells) - len(names))
            yield row, found
    except csv.Error as problem:
        raise Unreadable(row + 1, "", _("The row cannot be read: %(why)s.") % {"why": problem}) from problem


def _text(raw: bytes) -> str:
    if len(raw) > LARGEST:
        raise Unreadable(0, "", _("The file is larger than %(most)d MiB.") % {"most": LARGEST // 2**20})
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        row = raw[: problem.start].count(b"\n") + 1
        raise Unreadable(row, "", _("The file must be in UTF-8; this row is not.")) from problem
    if not text.strip():
        raise Unreadable(0, "", _("The file is empty."))
    return text


def _names(cells: Sequence[str]) -> list[str]:
    names = [cell.strip().lower().replace(" ", "_") for cell in cells]
    for name in names:
        if name not in KNOWN:
            words = {"name": name[:40], "known": ", ".join(KNOWN)}
            raise Unreadable(1, name[:40], _("There is no column “%(name)s”. Known are: %(known)s.") % words)
        if names.count(name) > 1:
            raise Unreadable(1, name, _("The column stands twice."))
    for name in NEEDED:
        if name not in names:
            raise Unreadable(1, name, _("This column is missing."))
    return names


def _case(row: int, cells: dict[str, str], today: date, faults: list[Fault]) -> OldCase | None:
    before = len(faults)

    def wrong(column: str, reason: str) -> None:
        faults.append(Fault(row, column, reason))

    if EXTRA in cells:
        wrong("", _("The row has %(count)s more cells than the file has columns.") % {"count": cells[EXTRA]})
    said = {name: cells.get(name, "").strip() for name in KNOWN}
    _check_texts(said, wrong)
    found = OldCase(row, said["reference"], said["title"], said["summary"], owner=said["owner"], note=said["note"])
    found.references = [one.strip() for one in said["references"].split("|") if one.strip()]
    found.wake_why, found.outcome_text = said["wake_why"], said["outcome_text"]
    _check_references(found, wrong)
    _check_codes(found, said, wrong)
    _check_days(found, said, today, wrong)
    return found if len(faults) == before else None


def _check_texts(said: dict[str, str], wrong: Callable[[str, str], None]) -> None:
    for name in NEEDED:
        if not said[name]:
            wrong(name, _("This must not be empty."))
    for name, text in said.items():
        if "\0" in text:
            wrong(name, _("The text holds a character that cannot be kept."))
        if len(text) > LONGEST.get(name, 2_000):
            wrong(name, _("The text is longer than %(most)d characters.") % {"most": LONGEST.get(name, 2_000)})
    if "\n" in said["title"] or "\r" in said["title"]:
        wrong("title", _("The title must stand in one line."))


def _check_references(found: OldCase, wrong: Callable[[str, str], None]) -> None:
    if found.reference and not reference_key(found.reference):
        wrong("reference", _("A reference needs a letter or digit."))
    for one in found.references:
        if not reference_key(one) or len(one) > LONGEST["reference"]:
            wrong("references", _("“%(reference)s” is not a reference.") % {"reference": one[:80]})
    if len(found.references) > 49:
        wrong("references", _("A case keeps at most %(most)d references.") % {"most": 50})


def _check_codes(found: OldCase, said: dict[str, str], wrong: Callable[[str, str], None]) -> None:
    state = said["state"].lower() or "open"
    if state not in ("open", "closed"):
        wrong("state", _("The state is “open” or “closed”."))
    else:
        found.state = state
    found.area = said["area"].lower()
    if found.area and found.area not in {offence.code for offence in law.offences()}:
        wrong("area", _("“%(code)s” is not on the list of crime areas.") % {"code": said["area"][:40]})
    found.outcome = said["outcome"].lower()
    if found.outcome and found.outcome not in {one.code for one in casework.outcomes()}:
        wrong("outcome", _("“%(code)s” is not on the list of outcomes.") % {"code": said["outcome"][:40]})
    if found.closed and not found.outcome:
        wrong("outcome", _("A closed case needs its outcome."))
    if found.state == "open" and (found.outcome or found.outcome_text):
        wrong("outcome", _("Only a closed case has an outcome."))


def _check_days(found: OldCase, said: dict[str, str], today: date, wrong: Callable[[str, str], None]) -> None:
    for column, name in (("opened", "opened_on"), ("closed", "closed_on"), ("wake", "wake_on")):
        if not said[column]:
            continue
        try:
            day = date.fromisoformat(said[column]) if len(said[column]) == 10 else None
        except ValueError:
            day = None
        if day is None or day < EARLIEST:
            wrong(column, _("“%(text)s” is not a day as in 2019-04-30.") % {"text": said[column][:20]})
        elif column != "wake" and day > today:
            wrong(column, _("The day lies in the future."))
        elif column == "wake" and day <= today:
            wrong(column, _("The day must lie in the future."))
        else:
            setattr(found, name, day)
    if found.closed_on and found.state == "open":
        wrong("closed", _("Only a closed case has a day on which it was closed."))
    if found.opened_on and found.closed_on and found.closed_on < found.opened_on:
        wrong("closed", _("It was closed before it was opened."))
    if bool(said["wake"]) != bool(found.wake_why):
        wrong("wake_why", _("A wake-up day and its reason come together."))
    if said["wake"] and found.closed:
        wrong("wake", _("A closed case is not woken."))


def _without_repeats(cases: list[OldCase], faults: list[Fault]) -> list[OldCase]:
    seen: dict[str, int] = {}
    once = []
    for case in cases:
        key = reference_key(case.reference)
        if key in seen:
            words = {"reference": case.reference, "row": seen[key]}
            faults.append(Fault(case.row, "reference", _("“%(reference)s” stands in row %(row)d too.") % words))
        else:
            seen[key] = case.row
            once.append(case)
    return once
