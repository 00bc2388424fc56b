"""A partner takes back or corrects what he gave: applied here at once, and passed on to those we gave it to."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.db import transaction

from ilex.gate.fields import to_the_millisecond
from ilex.gate.models import Envelope
from ilex.gate.registry import Arrived, NotYet, Refuse
from ilex.journal.actions import write
from ilex.journal.models import Operation
from ilex.sharing.actions.arrivals import keep_statements
from ilex.sharing.actions.checking import check_items
from ilex.sharing.actions.recalls import tell
from ilex.sharing.messages import RecallBody, StatementBody
from ilex.sharing.models import Given, Recall, Release
from ilex.sharing.queries.uses import Item
from ilex.subjects import actions as subjects
from ilex.subjects.models import Statement
from ilex.subjects.rules import Invalid


def take_in_recall(arrived: Arrived) -> None:
    """The `processed` receipt that follows proves to the partner that it is applied."""
    body = cast(RecallBody, arrived.body)
    given = _given(arrived, body)
    why = f"{arrived.sender.name}: {body.reason}"[:4000]
    kept = [_apply(arrived, given[item.id], item.instead, why) for item in body.items]
    release = given[body.items[0].id].release
    row = Recall.objects.create(
        way=Release.Way.IN,
        release=release,
        items=[_row_of(given[item.id]).pk for item in body.items],
        corrected=all(kept),
        reason=body.reason,
        at=to_the_millisecond(arrived.envelope.at),
        message=arrived.envelope.id,
    )
    write(
        "recall.arrived",
        Operation.ALTERATION,
        by=None,
        on=("release", str(release.pk)),
        reason=body.reason[:500],
        case=release.case,
        sender=arrived.sender.pk,
        message=str(arrived.envelope.id),
        items=[str(pk) for pk in row.items],
    )


def _given(arrived: Arrived, body: RecallBody) -> dict[UUID, Given]:
    """What the partner speaks of, by his numbers. He can touch only what he gave."""
    wanted = {item.id for item in body.items}
    if len(wanted) != len(body.items):
        raise Refuse("malformed", "A number stands twice.")
    rows = Given.objects.select_for_update(of=("self",)).filter(by=arrived.sender, number__in=wanted)
    found = {row.number: row for row in rows.select_related("statement__subject", "link", "release")}
    if wanted - set(found):
        _must_come_yet(arrived, body.release)
    if any(row.recalled_at is not None for row in found.values()):
        raise Refuse("recalled-before", "This was recalled before.")
    return found


def _must_come_yet(arrived: Arrived, message: UUID) -> None:
    sent = Envelope.objects.filter(way=Envelope.Way.IN, sender=arrived.sender.pk, id=message).first()
    if sent is None or sent.state == Envelope.State.WAITING:
        raise NotYet
    raise Refuse("not-given", "It names something that was not given with that message.")


def _apply(arrived: Arrived, given: Given, instead: StatementBody | None, why: str) -> bool:
    """Withdraw it and put the corrected one in its place; whether there is one."""
    old = _row_of(given)
    new = _replacement(arrived, given, old, instead) if instead is not None else None
    if old.withdrawn_at is None:
        if isinstance(old, Statement):
            subjects.withdraw(None, old, why)
        else:
            subjects.withdraw_link(None, old, why)
    Given.objects.filter(pk=given.pk).update(recalled_at=to_the_millisecond(arrived.envelope.at))
    tell(old, new, why, None)
    return new is not None


def _replacement(arrived: Arrived, given: Given, old: Item, instead: StatementBody) -> Statement | None:
    if not isinstance(old, Statement) or instead.property != old.property:
        raise Refuse("conflict", "A correction is about the same field.")
    if instead.owner != old.owner_id:
        raise Refuse("forged-owner", "A correction does not change whose it is.")
    if check_items(arrived, [instead]):
        raise Refuse("conflict", "The corrected one has the number of another.")
    subject = old.subject
    try:
        with transaction.atomic():
            keep_statements(
                arrived.sender, given.release, subject.source_key, subject.kind, subject.category, [instead]
            )
    except Invalid:
        # The law of this unit does not let us keep the new one; the old is withdrawn all the same.
        return None
    new = Given.objects.select_related("statement__owner").get(by=arrived.sender, number=instead.id).statement
    assert new is not None  # noqa: S101  # made in this moment
    Statement.objects.filter(pk=new.pk).update(replaces=old)
    return new


def _row_of(given: Given) -> Item:
    row = given.statement or given.link
    assert row is not None  # noqa: S101  # the constraint of the table
    return row
