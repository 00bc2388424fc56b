"""The rows of a file of subjects on their way into the tables: checked one by one, copied by the thousand.

While the database takes one batch, the next is checked: with two cores neither waits for the other.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from tempfile import SpooledTemporaryFile
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from ilex.index import vector
from ilex.subjects import index
from ilex.subjects.copying import at_work, checked_as_they_come, column, columns, copy, escaped, ids, joined
from ilex.subjects.files.checks import Checks, check_language, column_of, country_of, twice
from ilex.subjects.files.entries import MOST_FAULTS, MOST_VALUES, Drawn, DrawnLink, Entry, Fault, LeftOut
from ilex.subjects.queries.access import visible_subjects
from ilex.subjects.records import EVALUATION
from ilex.subjects.rules import CATEGORIES, Evaluation, Invalid, best, checked_category, checked_evaluation, folded_text
from ilex.units.models import Officer
from ilex.words import kinds
from ilex.words.kinds import Kind

BATCH = 2_000  # subjects
SPOOL = 2**24  # bytes of links that wait in memory for the end of the file; more wait on disk

NO_CATEGORY = ("",)
TABLES = ("subjects_subject", "subjects_statement", "subjects_link")
SUBJECT = (
    *("id", "kind", "category", "caption", "language", "order", "source_key", "search", "source", "circle_id"),
    *("made_by_id", "made_at", "changed_at"),
)
STATEMENT = ("id", "subject_id", "property", "name_kind", "value", "key", "language", "made_at")
LINK = ("id", "kind", "one_id", "other_id", "role", "made_at")
EVALUATED = (*EVALUATION, "owner_id", "made_by_id", "withdrawn_why")  # behind the columns of a statement or link


@dataclass
class Shape:
    """What all rows of one import share."""

    officer: Officer
    here: str
    source: str
    at: datetime
    evaluation: Evaluation  # of what has none of its own
    owners: frozenset[str]  # ids of the units that are known
    circle: str = ""
    exact: bool = True


@dataclass
class Tally:
    """What was found, and what was wrong."""

    subjects: int = 0
    statements: int = 0
    links: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)
    more_faults: int = 0

    def refuse(self, fault: Fault) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(fault)
        else:
            self.more_faults += 1


@dataclass(frozen=True)
class _Batch:
    """Rows as COPY wants them, with the keys and rows of the file from which they come."""

    keys: dict[str, int]
    subjects: bytes
    statements: bytes


class Load:
    """Takes in the entries of one file. With `write=False` everything is checked and nothing written."""

    def __init__(self, shape: Shape, *, write: bool) -> None:
        self.shape, self.write, self.tally = shape, write, Tally()
        self.words: set[str] = set()
        self._kinds: dict[int, str] = {}  # of every key of the file, by its hash
        self._left: set[int] = set()
        self._subjects: list[str] = []
        self._statements: list[str] = []
        self._keys: dict[str, int] = {}
        self._links = SpooledTemporaryFile(max_size=SPOOL)  # noqa: SIM115  # closed in `close`
        self._evaluations: dict[tuple[Evaluation | None, str], str] = {}
        self._linked: set[int] = set()
        self._checks = Checks(exact=shape.exact)
        self._kind = self._checks.kind
        self._moments = [column(shape.at + timedelta(microseconds=place)) for place in range(MOST_VALUES + 1)]
        self._tail = columns(shape.source, shape.circle or None, shape.officer.pk, shape.at, shape.at)
        self._ids = ids()
        self._writer = ThreadPoolExecutor(max_workers=1)
        self._waiting: Future[None] | None = None
        self._raw: Any = None  # the driver's own connection, which the writer's thread uses too
        self._seen = visible_subjects(shape.officer).model.objects.filter(source=shape.source).exists()

    def take(self, entries: Iterable[Entry]) -> None:
        """Everything, to its end; what is wrong is in the tally."""
        connection.ensure_connection()
        self._raw = connection.connection
        with checked_as_they_come(*TABLES):
            with at_work():
                self._take_all(entries)
                self._send()
                self._settle()
            self._connect()
        self._count()

    def _take_all(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            match entry:
                case Drawn():
                    self._draw(entry)
                case DrawnLink():
                    self._links.write(json.dumps(_packed(entry)).encode() + b"\n")
                case LeftOut():
                    self._leave_out(entry)
                case Fault():
                    self.tally.refuse(entry)

    def close(self) -> None:
        """Wait for the writer, whatever happened: the connection is the caller's again."""
        self._writer.shutdown(wait=True)
        self._links.close()

    def _draw(self, drawn: Drawn) -> None:
        spot = hash(drawn.key)
        if spot in self._kinds:
            self.tally.refuse(Fault(drawn.row, "id", _("This id stands in the file twice.")))
            return
        self._kinds[spot] = drawn.kind
        try:
            self._check(drawn)
        except _Refused as refused:
            for fault in refused.faults:
                self.tally.refuse(fault)
            return
        self._keys[drawn.key] = drawn.row
        if len(self._keys) >= BATCH:
            self._send()

    def _check(self, drawn: Drawn) -> None:
        """Check a subject and lay its rows down. Raises _Refused with every fault."""
        kind = self._kind(drawn.kind)
        self._check_category(drawn, kind)
        if not drawn.lines:
            raise _Refused([Fault(drawn.row, "", _("Write at least one thing that is known."))])
        subject = subject_id(self.shape, drawn.key)
        country, value_of = country_of(drawn.lines), self._checks.value_of
        said: list[tuple[str, str, str, str]] = []
        found: list[tuple[str, str, str]] = []
        rows: list[str] = []
        faults: list[Fault] = []
        for place, line in enumerate(drawn.lines):
            try:
                special, value, key, name_kind = value_of(
                    drawn.kind, drawn.category, line.property, line.value, line.name_kind, country
                )
                tail = self._evaluated(line.evaluation, special)
                if line.language:
                    check_language(line.language)
            except Invalid as wrong:
                faults += [Fault(drawn.row, column_of(line, name), sentence) for name, sentence in wrong.fields.items()]
                continue
            said.append((line.property, value, name_kind, line.language))
            found.append((line.property, value, key))
            rows.append(
                f"{next(self._ids)}\t{subject}\t{line.property}\t{name_kind}\t{escaped(value)}\t{key}\t{line.language}\t"
                f"{self._moments[place]}\t{tail}"
            )
        faults += twice(drawn, kind)
        if faults:
            raise _Refused(faults)
        self._describe(drawn, kind, subject, said, found)
        self._statements += rows
        self.tally.subjects += 1
        self.tally.statements += len(rows)

    def _check_category(self, drawn: Drawn, kind: Kind) -> None:
        if drawn.category in (CATEGORIES if kind.categorised else NO_CATEGORY):
            return
        try:
            checked_category(drawn.kind, drawn.category)
        except Invalid as wrong:
            raise _Refused([Fault(drawn.row, "category", sentence) for sentence in wrong.fields.values()]) from None

    def _describe(
        self,
        drawn: Drawn,
        kind: Kind,
        subject: str,
        said: Sequence[tuple[str, str, str, str]],
        found: Sequence[tuple[str, str, str]],
    ) -> None:
        """The subject's own row, as `records.describe` makes it."""
        caption = best(kind, drawn.category, said)
        words = index.words_of(kind, found)
        self.words.update(filter(str.isalpha, words))
        shown, order = escaped(caption.text), folded_text(caption.text)[:300]
        self._subjects.append(
            f"{subject}\t{drawn.kind}\t{drawn.category}\t{shown}\t{caption.language}\t{order}\t{escaped(drawn.key)}\t"
            f"{vector(words)}\t{self._tail}"
        )

    def _evaluated(self, evaluation: Evaluation | None, special: str) -> str:
        """The columns of the evaluation, for COPY; those of a file are few and come again and again."""
        known = self._evaluations.get((evaluation, special))
        if known is None:
            known = self._evaluations[evaluation, special] = self._columns_of(evaluation, special)
        return known

    def _columns_of(self, evaluation: Evaluation | None, special: str) -> str:
        given = self.shape.evaluation
        own = (
            given
            if evaluation is None
            else replace(
                evaluation,
                from_kind=given.from_kind,
                from_key=given.from_key,
                from_note=evaluation.from_note or given.from_note,
                necessity=evaluation.necessity or given.necessity,
            )
        )
        kept = checked_evaluation(own, always=special)
        if kept.owner and kept.owner not in self.shape.owners:
            raise Invalid({"owner": _("There is no unit “%(id)s” in the directory.") % {"id": kept.owner[:60]}})
        values = (getattr(kept, name) for name in EVALUATION)
        return columns(*values, kept.owner or self.shape.here, self.shape.officer.pk, "")

    def _leave_out(self, entry: LeftOut) -> None:
        self.tally.left_out[entry.what] += 1
        if entry.key:
            self._left.add(hash(entry.key))

    def _send(self) -> None:
        if not self._keys:
            return
        batch = _Batch(self._keys, joined(self._subjects), joined(self._statements))
        self._keys, self._subjects, self._statements = {}, [], []
        self._settle()
        self._waiting = self._writer.submit(self._write, batch)

    def _write(self, batch: _Batch) -> None:
        """In the writer's thread, on the caller's connection: nobody else uses it meanwhile."""
        with self._raw.cursor() as cursor:
            if self._seen:
                self._refuse_known(cursor, batch)
            if self.write and not self.tally.faults:
                copy(cursor, "subjects_subject", SUBJECT, batch.subjects)
                copy(cursor, "subjects_statement", (*STATEMENT, *EVALUATED), batch.statements)

    def _refuse_known(self, cursor: Any, batch: _Batch) -> None:
        cursor.execute(
            "SELECT source_key FROM subjects_subject WHERE source = %s AND source_key = ANY(%s)",
            [self.shape.source, list(batch.keys)],
        )
        for (key,) in cursor.fetchall():
            sentence = _("This subject was imported before from the same source.")
            self.tally.refuse(Fault(batch.keys[key], "id", sentence))

    def _settle(self) -> None:
        if self._waiting is not None:
            waiting, self._waiting = self._waiting, None
            with connection.wrap_database_errors:
                waiting.result()

    def _connect(self) -> None:
        """The links, when all their ends are known."""
        self._links.seek(0)
        rows: list[str] = []
        while lines := self._links.readlines(BATCH * 200):
            links = [DrawnLink(**json.loads(line)) for line in lines]
            for link in self._unpacked(links):
                rows += self._linked_row(link)
            if self.write and not self.tally.faults and rows:
                with self._raw.cursor() as cursor:
                    copy(cursor, "subjects_link", (*LINK, *EVALUATED), joined(rows))
            rows = []

    def _count(self) -> None:
        """Tell the planner of many new rows: whoever counted while they were invisible told it that there are none.

        Then the first question about them in this transaction would read everything for each of them.
        """
        if self.write and not self.tally.faults and self.tally.subjects >= BATCH:
            with self._raw.cursor() as cursor:
                cursor.execute(f"ANALYZE {', '.join(TABLES)}")

    def _unpacked(self, links: Sequence[DrawnLink]) -> list[DrawnLink]:
        """With the kinds of those ends that came with an earlier file of the same source."""
        keys = {key for link in links for key in (link.one, link.other) if hash(key) not in self._kinds}
        if self._seen and keys:
            earlier = visible_subjects(self.shape.officer).filter(source=self.shape.source, source_key__in=keys)
            self._kinds |= {hash(key): kind for key, kind in earlier.values_list("source_key", "kind")}
        for link in links:
            if isinstance(link.evaluation, dict):
                link.evaluation = Evaluation(**link.evaluation)
        return list(links)

    def _linked_row(self, link: DrawnLink) -> list[str]:
        """Its row; nothing for one that is refused, left out, or said before."""
        ends = [hash(link.one), hash(link.other)]
        if any(end in self._left for end in ends):
            self.tally.left_out[_("links with what is left out")] += 1
            return []
        if not link.needed and any(end not in self._kinds for end in ends):
            self.tally.left_out[_("links with what is not in the file")] += 1
            return []
        try:
            tail = self._linked_columns(link)
        except _Refused as refused:
            for fault in refused.faults:
                self.tally.refuse(fault)
            return []
        spot = hash((link.kind, link.one, link.other, link.role, tail))
        if spot in self._linked:
            return []
        self._linked.add(spot)
        self.tally.links += 1
        one, other = subject_id(self.shape, link.one), subject_id(self.shape, link.other)
        return [f"{next(self._ids)}\t{columns(link.kind, one, other, link.role, self.shape.at)}\t{tail}"]

    def _linked_columns(self, link: DrawnLink) -> str:
        """What stands behind the ends of the link. Raises _Refused."""
        for end in (link.one, link.other):
            if hash(end) not in self._kinds:
                raise _refused(link, _("The other end, “%(id)s”, is not in the file.") % {"id": end[:60]})
        if link.one == link.other:
            raise _refused(link, _("Choose another subject: nothing is linked with itself."))
        if link.kind not in {line.code for line in kinds.link_kinds()}:
            raise _refused(link, _("There is no such kind of link."))
        if not kinds.link_kind(link.kind).joins(self._kinds[hash(link.one)], self._kinds[hash(link.other)]):
            raise _refused(link, _("Choose a connection that exists between these two kinds."))
        evaluation = link.evaluation
        if link.since or link.until:
            evaluation = replace(evaluation or self.shape.evaluation, since=link.since, until=link.until)
        try:
            return self._evaluated(evaluation, "")
        except Invalid as wrong:
            raise _Refused([Fault(link.row, name, sentence) for name, sentence in wrong.fields.items()]) from None


class _Refused(Exception):
    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__()
        self.faults = faults


def subject_id(shape: Shape, key: str) -> str:
    """The same for the same key of the same source on this node: a link finds its ends without asking.

    Those of one source begin alike. So a file touches one stretch of the indexes, however much is on file already.
    """
    begin = _beginning(shape.here, shape.source)
    mixed = hashlib.blake2b(f"{shape.here}\0{shape.source}\0{key}".encode(), digest_size=11).hexdigest()
    return f"{begin}{mixed[:4]}8{mixed[4:7]}8{mixed[7:]}"  # a UUID of version 8: our own making


@lru_cache(16)
def _beginning(here: str, source: str) -> str:
    return hashlib.blake2b(f"{here}\0{source}".encode(), digest_size=4).hexdigest()


def _refused(link: DrawnLink, sentence: str) -> _Refused:
    return _Refused([Fault(link.row, link.column, sentence)])


def _packed(link: DrawnLink) -> dict[str, Any]:
    evaluation = link.evaluation
    said = {name: getattr(link, name) for name in DrawnLink.__slots__}
    if evaluation is not None:
        said["evaluation"] = {name: getattr(evaluation, name) for name in Evaluation.__dataclass_fields__}
    return said
