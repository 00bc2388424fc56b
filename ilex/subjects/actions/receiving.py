"""Keeping what a partner sent: his subjects under his ids, each statement with its owner and the code it came with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.journal.rows import insert
from ilex.subjects.actions.categories import put_into
from ilex.subjects.actions.keeping import all_checked, renew
from ilex.subjects.actions.links import checked_link, link_row
from ilex.subjects.models import Link, Statement, Subject
from ilex.subjects.queries.categories import not_permitted
from ilex.subjects.records import describe, statement_row
from ilex.subjects.rules import Evaluation, Invalid, Said, checked_category
from ilex.units.models import Organisation
from ilex.words import kinds
from ilex.words.entries import LawError


@dataclass(frozen=True)
class ArrivedStatement:
    id: UUID  # as its owner knows it: by this id it is corrected and recalled
    said: Said


@dataclass(frozen=True)
class Arrived:
    """One subject of a partner's message."""

    key: str  # its id at the partner's
    kind: str
    category: str
    statements: tuple[ArrivedStatement, ...]


@dataclass(frozen=True)
class ArrivedLink:
    id: UUID
    kind: str
    one: str  # keys of subjects of the same message
    other: str
    role: str = ""
    evaluation: Evaluation = field(default_factory=Evaluation)


def receive(
    sender: Organisation,
    subjects: Sequence[Arrived],
    links: Iterable[ArrivedLink] = (),
    *,
    release: str,
    note: str = "",
    at: datetime | None = None,
) -> dict[str, Subject]:
    """Keep a partner's subjects, statements and links; gives his keys and our subjects. All or nothing.

    A subject he sent before gets what is new. The owner named in an evaluation is whose it is, the sender where none
    is named; nobody is taken for the owner of what this unit owns. What was kept before (same id) is left as it is.
    Raises Invalid with sentences for the sender when something breaks the law's rules of this unit.
    """
    at = at or now()
    on = ("release", release)
    with act("subject.received", Operation.COLLECTION, by=None, on=on, recipients=[]) as this:
        kept = {one.key: _keep(sender, one, release, note, at) for one in subjects}
        made = [row for one in links if (row := _keep_link(sender, one, kept, release, note)) is not None]
        insert(*made)
        this.detail |= {"from": sender.pk, "subjects": [str(one.pk) for one in kept.values()], "links": len(made)}
    return kept


def _keep(sender: Organisation, arrived: Arrived, release: str, note: str, at: datetime) -> Subject:
    _check_head(arrived)
    said = [_theirs(sender, one.said, release, note) for one in arrived.statements]
    stated = all_checked(arrived.kind, arrived.category, said, exact=False)
    known = Subject.objects.select_for_update(of=("self",)).filter(source=source_of(sender), source_key=arrived.key)
    subject = known.first()
    if subject is None:
        subject = _new(sender, arrived, at)
    elif subject.kind != arrived.kind:
        raise Invalid({"kind": _("This subject was sent before as another kind.")})
    fresh = _unknown(arrived, said)
    rows = [
        statement_row(
            subject.pk, one, here=settings.ILEX_UNIT, at=at + timedelta(microseconds=place), by=None, id=was.id
        )
        for place, (one, was) in enumerate(zip(stated, arrived.statements, strict=True))
        if was.id in fresh
    ]
    if subject.category != arrived.category:
        subject.category = arrived.category
        put_into(subject, arrived.category, not_permitted(subject, arrived.category), by=None)
    insert(*rows)
    if subject.merged_into_id is not None:
        renew(subject.merged_into_id)
    return renew(subject.pk)


def _check_head(arrived: Arrived) -> None:
    try:
        kinds.kind(arrived.kind)
    except LawError:
        raise Invalid({"kind": _("There is no such kind of subject.")}) from None
    checked_category(arrived.kind, arrived.category)
    if not 0 < len(arrived.key) <= 200 or "\0" in arrived.key:
        raise Invalid({"key": _("A subject needs a key of at most 200 characters.")})


def _new(sender: Organisation, arrived: Arrived, at: datetime) -> Subject:
    subject = Subject(
        kind=arrived.kind,
        category=arrived.category,
        source=source_of(sender),
        source_key=arrived.key,
        made_at=at,
        changed_at=at,
    )
    describe(subject, ())
    insert(subject)
    return subject


def source_of(sender: Organisation) -> str:
    """The `source` of all that came from this unit."""
    return f"unit:{sender.pk}"[:60]


def _theirs(sender: Organisation, said: Said, release: str, note: str) -> Said:
    return Said(said.property, said.value, said.name_kind, said.language, _from(sender, said.evaluation, release, note))


def _from(sender: Organisation, evaluation: Evaluation, release: str, note: str) -> Evaluation:
    owner = evaluation.owner or sender.pk
    if owner != sender.pk and not Organisation.objects.filter(pk=owner).exists():
        raise Invalid({"owner": _("There is no unit “%(id)s” in the directory.") % {"id": owner}})
    values = {name: getattr(evaluation, name) for name in Evaluation.__dataclass_fields__}
    values |= {"owner": owner, "from_kind": "release", "from_key": release}
    return Evaluation(**(values | {"from_note": evaluation.from_note or note}))


def _unknown(arrived: Arrived, said: Sequence[Said]) -> set[UUID]:
    """The ids that are new here; not those of our own statements, which came home by a detour.

    One that is known as another unit's is somebody's mistake, or an attack.
    """
    owners = {one.id: what.evaluation.owner for one, what in zip(arrived.statements, said, strict=True)}
    known = dict(Statement.objects.filter(pk__in=owners).values_list("pk", "owner"))
    if any(owners[one] != owner for one, owner in known.items()):
        raise Invalid({"statements": _("A statement has the id of another one that is known here.")})
    return {one for one, owner in owners.items() if owner != settings.ILEX_UNIT} - set(known)


def _keep_link(
    sender: Organisation, arrived: ArrivedLink, kept: Mapping[str, Subject], release: str, note: str
) -> Link | None:
    if arrived.one not in kept or arrived.other not in kept:
        raise Invalid({"links": _("A link names a subject that is not in the message.")})
    if Link.objects.filter(pk=arrived.id).exists():
        return None
    one, other = kept[arrived.one], kept[arrived.other]
    evaluation = checked_link(one, other, arrived.kind, arrived.role, _from(sender, arrived.evaluation, release, note))
    row = link_row(one, other, arrived.kind, arrived.role, evaluation, by=None)
    row.pk = arrived.id
    return row
