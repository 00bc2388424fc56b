"""Taking in a release: its subjects and statements arrive with their owners, beside what we have and never over it.

The gate calls this in the transaction that marks the envelope as taken. `Refuse` keeps the message and tells the
partner a code; nothing of it is then kept here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast
from uuid import UUID, uuid4

from ilex.gate.fields import to_the_millisecond
from ilex.gate.registry import Arrived, Refuse
from ilex.journal.actions import write
from ilex.journal.models import Operation
from ilex.journal.rows import insert
from ilex.sharing.actions.checking import Known, check_items, check_release
from ilex.sharing.messages import EvaluatedBody, LinkBody, ReleaseBody, StatementBody, SubjectBody
from ilex.sharing.models import Given, Release
from ilex.subjects.actions.links import checked_link, link_row
from ilex.subjects.actions.receiving import Arrived as ArrivedSubject
from ilex.subjects.actions.receiving import ArrivedStatement, receive, source_of
from ilex.subjects.models import Link, Statement, Subject
from ilex.subjects.rules import Evaluation, Invalid, Said
from ilex.units.models import Organisation
from ilex.words import uses


def take_in_release(arrived: Arrived) -> None:
    """Nothing is merged with what is here: that a person decides."""
    body = cast(ReleaseBody, arrived.body)
    if Release.objects.filter(conversation=arrived.envelope.conversation, partner=arrived.sender).exists():
        raise Refuse("known-conversation", "A release of this conversation was taken in before.")
    check_release(body)
    known = check_items(arrived, items_of(body))
    release = _release(arrived, body)
    try:
        subjects = {one.id: _take_in_subject(arrived.sender, release, one, known) for one in body.subjects}
        for link in body.links:
            _take_in_link(arrived.sender, release, link, subjects, known)
    except Invalid as wrong:
        raise unknown_content(wrong) from wrong
    said = release.statements.values_list("handling", flat=True)
    joined = release.links.values_list("handling", flat=True)
    Release.objects.filter(pk=release.pk).update(handling=uses.strictest([*said, *joined]))
    write(
        "release.arrived",
        Operation.COLLECTION,
        by=None,
        on=("release", str(release.pk)),
        sender=arrived.sender.pk,
        message=str(arrived.envelope.id),
        statements=len(said),
        links=len(joined),
    )


def items_of(body: ReleaseBody) -> list[EvaluatedBody]:
    return [item for subject in body.subjects for item in subject.statements] + list(body.links)


def unknown_content(wrong: Invalid) -> Refuse:
    """The partner reads the code, our log which fields it was."""
    return Refuse("unknown-content", f"Not as our lists have it: {', '.join(sorted(wrong.fields))}."[:300])


def _release(arrived: Arrived, body: ReleaseBody) -> Release:
    envelope = arrived.envelope
    return Release.objects.create(
        way=Release.Way.IN,
        state=Release.State.RECEIVED,
        conversation=envelope.conversation,
        partner=arrived.sender,
        to=envelope.recipients,
        title=body.title,
        purpose=body.purpose,
        text=body.text,
        request_ref=body.about[:40],
        language=envelope.language,
        made_at=to_the_millisecond(envelope.at),
        message=envelope.id,
        envelope=envelope,
    )


def _take_in_subject(sender: Organisation, release: Release, body: SubjectBody, known: Known) -> Subject:
    """The subject as it stands here: the one he sent before, a new one, or our own when all of it is ours."""
    fresh = [item for item in body.statements if item.id not in known]
    had = [row for item in body.statements if isinstance(row := known.get(item.id), Statement)]
    release.statements.add(*had)
    if not fresh:
        return had[0].subject
    return keep_statements(sender, release, key_of(sender, body), body.kind, body.category, fresh)


def keep_statements(
    sender: Organisation, release: Release, key: str, kind: str, category: str, fresh: Iterable[StatementBody]
) -> Subject:
    """Give each a number of our own, and remember his. Raises subjects' Invalid."""
    numbered = {uuid4(): item for item in fresh}
    statements = tuple(ArrivedStatement(pk, said(item, sender)) for pk, item in numbered.items())
    kept = receive(sender, [ArrivedSubject(key, kind, category, statements)], release=str(release.pk))
    _remember(sender, release, {pk: Given(statement_id=pk) for pk in numbered}, numbered)
    release.statements.add(*Statement.objects.filter(pk__in=numbered))
    return kept[key]


def _take_in_link(
    sender: Organisation, release: Release, body: LinkBody, subjects: dict[UUID, Subject], known: Known
) -> None:
    if isinstance(had := known.get(body.id), Link):
        release.links.add(had)
        return
    one, other = subjects[body.one], subjects[body.other]
    evaluation = checked_link(one, other, body.kind, body.role, evaluation_of(body, sender, str(release.pk)))
    row = link_row(one, other, body.kind, body.role, evaluation, by=None)
    insert(row)
    _remember(sender, release, {row.pk: Given(link_id=row.pk)}, {row.pk: body})
    release.links.add(row)


def _remember(
    sender: Organisation, release: Release, rows: Mapping[UUID, Given], bodies: Mapping[UUID, EvaluatedBody]
) -> None:
    for pk, row in rows.items():
        row.by, row.release, row.number, row.origin = sender, release, bodies[pk].id, bodies[pk].origin
    Given.objects.bulk_create(rows.values())


def key_of(sender: Organisation, body: SubjectBody) -> str:
    """Under which key his subject stands here.

    Where he now says another kind or category than the one it has here, his statements go to a subject of their own:
    his word alone changes nothing of what our officers wrote.
    """
    mine = Subject.objects.filter(source=source_of(sender), source_key__startswith=str(body.id))
    rows = list(mine.order_by("-made_at").values_list("source_key", "kind", "category"))
    for key, kind, category in rows:
        if (kind, category) == (body.kind, body.category):
            return str(key)
    return str(body.id) if not rows else f"{body.id}/{len(rows)}"


def said(body: StatementBody, sender: Organisation) -> Said:
    return Said(body.property, body.value, body.name_kind, body.language, evaluation_of(body, sender))


def evaluation_of(body: EvaluatedBody, sender: Organisation, release: str = "") -> Evaluation:
    by = f"{sender.name}, " if body.owner != sender.pk else ""
    return Evaluation(
        owner=body.owner,
        from_kind="release",
        from_key=release,
        from_note=f"{by}{body.stated:%Y-%m-%d}"[:300],
        source_grade=body.source_grade,
        information_grade=body.information_grade,
        handling=body.handling,
        handling_note=body.handling_note,
        basis=body.basis,
        special=body.special,
        necessity=body.necessity,
        since=body.since,
        until=body.until,
    )
