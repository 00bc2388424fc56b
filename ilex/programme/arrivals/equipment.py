"""What a partner tells of equipment: a need, a hand-over, the answer to one of ours, and how a thing is used."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, cast

from django.utils.timezone import localdate, now

from ilex.gate.fields import to_the_millisecond
from ilex.gate.models import Envelope, Receipt
from ilex.gate.registry import Arrived, NotYet, Refuse
from ilex.journal.actions import write
from ilex.journal.models import Operation
from ilex.programme import index
from ilex.programme.actions.giving import note, take_step, turned_away
from ilex.programme.actions.handovers import settle
from ilex.programme.actions.returning import bring_back, give_back, locked
from ilex.programme.messages import AssetBody, AssetReportedBody, HandoverAnsweredBody, HandoverBody, NeedBody
from ilex.programme.models import Action, Asset, AssetStep, Finding, Handover, HandoverLine
from ilex.programme.queries.equipment import said
from ilex.programme.rules.assets import MAY, handover_digest

State = Handover.State


def take_in_need(arrived: Arrived) -> None:
    """Said once: the same number again changes nothing, and another's is not touched."""
    body = cast(NeedBody, arrived.body)
    action = Action.objects.filter(key=body.action_key).first() if body.action_key else None
    known = Finding.everything.filter(pk=body.id).first()
    if known is not None and (known.kind != Finding.Kind.NEED or known.raised_by_id != arrived.sender.pk):
        raise Refuse("known-number", "A finding of this number is another one.")
    if known is None:
        Finding.objects.create(
            pk=body.id,
            kind=Finding.Kind.NEED,
            text=body.text,
            action=action,
            raised_by=arrived.sender,
            raised_on=_past(body.raised_on),
        )
        if action is not None:
            index.renew_thing(action)
    _write("need.arrived", arrived, ("finding", str(body.id)))


def take_in_handover(arrived: Arrived) -> None:
    """Everything of it or nothing; it then waits for an officer's answer. The same again changes nothing."""
    body = cast(HandoverBody, arrived.body)
    day = _past(body.handed_on)
    if body.receiver != arrived.here.pk:
        raise Refuse("not-for-us", "The hand-over is for another unit.")
    if len({asset.id for asset in body.assets}) != len(body.assets):
        raise Refuse("twice", "An asset stands twice in the hand-over.")
    digest = handover_digest(body.assets, arrived.sender.pk, body.receiver, day)
    if digest.hex() != body.digest:
        raise Refuse("bad-digest", "The digest is not that of the assets, the units and the day.")
    theirs = Handover.objects.filter(giver=arrived.sender, number=body.reference)
    if theirs.filter(pk=body.number, digest=digest).exists():
        return
    if theirs.exists() or Handover.objects.filter(pk=body.number).exists():
        raise Refuse("known-number", "A hand-over of this number is known already.")
    action = Action.objects.filter(key=body.action_key).first() if body.action_key else None
    rows = [_asset(arrived, told, action) for told in body.assets]
    made = Handover.objects.create(
        pk=body.number,
        way=Handover.Way.IN,
        state=State.SENT,
        number=body.reference,
        giver=arrived.sender,
        receiver=arrived.here,
        handed_on=day,
        place=body.place[:200],
        text=body.text,
        given_by=body.agent[:200],
        digest=digest,
        given=arrived.envelope,
        conversation=arrived.envelope.conversation,
        made_at=to_the_millisecond(arrived.envelope.at),
    )
    HandoverLine.objects.bulk_create(HandoverLine(handover=made, asset=row) for row in rows)
    note(rows, AssetStep.Kind.HANDOVER, day, arrived.sender, None, text=body.reference)
    _write("handover.arrived", arrived, ("handover", str(made.pk)), count=len(rows))


def take_in_answered(arrived: Arrived) -> None:
    """The receiver's word on a hand-over of ours: on every line, over the digest that we signed. Said once."""
    body = cast(HandoverAnsweredBody, arrived.body)
    row = Handover.objects.select_for_update(of=("self",)).filter(pk=body.number).first()
    if row is None:
        raise NotYet
    if row.way != Handover.Way.OUT or row.receiver_id != arrived.sender.pk:
        raise Refuse("not-yours", "The hand-over is not one to the sender.")
    if bytes(row.digest).hex() != body.digest:
        raise Refuse("bad-digest", "The answer is about another content of the hand-over.")
    if row.taken is not None and said(row.taken) == body:
        return
    if row.state != State.SENT:
        raise Refuse("answered", "The hand-over is answered already.")
    if _past(body.accepted_on) < row.handed_on:
        raise Refuse("bad-day", "The answer is dated before the hand-over.")
    spoken_of, lines = [one.asset for one in body.assets], row.handover_lines.values_list("asset", flat=True)
    if sorted(spoken_of) != sorted(lines):
        raise Refuse("other-assets", "The answer does not speak of each asset once.")
    settle(row, body, arrived.sender, None)
    Handover.objects.filter(pk=row.pk).update(taken=arrived.envelope, taken_by=body.agent[:200])
    accepted = sum(one.accepted for one in body.assets)
    _write("handover.answer-arrived", arrived, ("handover", str(row.pk)), accepted=accepted)


def take_in_report(arrived: Arrived) -> None:
    """Only of what the sender holds and we gave it."""
    body = cast(AssetReportedBody, arrived.body)
    row = Asset.objects.select_for_update(of=("self",)).filter(pk=body.asset).first()
    if row is not None and row.state == Asset.State.ON_THE_WAY and _is_given_to(row, arrived):
        raise NotYet  # the acceptance may still be on its way
    if row is None or row.giver_id != arrived.here.pk or row.holder_id != arrived.sender.pk:
        raise Refuse("not-yours", "The sender holds no such asset of ours.")
    if row.state not in MAY[body.report][0]:
        raise Refuse("written-off", "The asset is written off.")
    day = _past(body.on)
    columns = {"written_off_on": day} if body.report == "write-off" else {}
    take_step([row], body.report, day, arrived.sender, None, condition=body.condition, text=body.text, **columns)
    _write("asset.report-arrived", arrived, ("asset", str(row.pk)), report=body.report)


def note_handover(envelope: Envelope, receipt: Receipt) -> None:
    """Their node did not take the hand-over in: all of it is ours to hand over again."""
    row = _refused(envelope, receipt)
    if row is not None and row.state == State.SENT and row.given_id == envelope.pk:
        bring_back(row, turned_away(receipt.code), None)
        _write_refusal("handover.turned-away", row, receipt)


def note_answer(envelope: Envelope, receipt: Receipt) -> None:
    """The giver's node did not take our answer in: what we accepted was not given to us."""
    row = _refused(envelope, receipt)
    if row is not None and row.state == State.ANSWERED and row.taken_id == envelope.pk:
        give_back(row, turned_away(receipt.code))
        _write_refusal("handover.answer-turned-away", row, receipt)


def _refused(envelope: Envelope, receipt: Receipt) -> Handover | None:
    """The hand-over of which a message of ours was refused, locked."""
    if receipt.kind != Receipt.Kind.REFUSED:
        return None
    body = cast(HandoverBody | HandoverAnsweredBody, said(envelope))
    return locked(body.number)


def _write_refusal(act: str, row: Handover, receipt: Receipt) -> None:
    on = ("handover", str(row.pk))
    write(act, Operation.OPERATION, by=None, on=on, peer=receipt.peer_id, code=receipt.code)


def _past(text: str) -> date:
    """A day that is not still to come; where the sender lives it may be tomorrow already. Raises Refuse."""
    day = date.fromisoformat(text)
    if day > localdate() + timedelta(days=1):
        raise Refuse("bad-day", "The day is still to come.")
    return day


def _is_given_to(row: Asset, arrived: Arrived) -> bool:
    return row.handover_lines.filter(handover__receiver=arrived.sender, handover__state=State.SENT).exists()


def _asset(arrived: Arrived, told: AssetBody, action: Action | None) -> Asset:
    """Made, or once more on its way after we refused it. Raises Refuse."""
    need = _need(told)
    known = Asset.objects.select_for_update(of=("self",)).filter(pk=told.id).first()
    again = known is not None and known.giver_id == arrived.sender.pk and known.state == Asset.State.REFUSED
    if known is not None and not again:
        raise Refuse("known-asset", "An asset of this number is in our list already.")
    row = known or Asset(pk=told.id)
    row.need, row.action, row.kind, row.name = need, action, told.kind, told.name
    row.quantity, row.serials, row.text = told.quantity, list(told.serials), told.text
    row.value, row.currency = cast(Any, told.value or None), told.currency
    row.giver = row.holder = arrived.sender
    row.state, row.changed_at = Asset.State.ON_THE_WAY, now()
    row.save(force_insert=known is None)
    return row


def _need(told: AssetBody) -> Finding:
    """The need it answers; one that only the giver knows is recorded in his words. Raises Refuse without any."""
    known = Finding.everything.filter(pk=told.need).first()
    if known is not None and (known.kind != Finding.Kind.NEED or known.taken_back_at):
        raise Refuse("not-a-need", "What the asset answers is not a need.")
    if known is None and not told.need_says:
        raise Refuse("not-a-need", "The need that the asset answers is not known here, and not told.")
    return known or Finding.objects.create(pk=told.need, kind=Finding.Kind.NEED, text=told.need_says)


def _write(act: str, arrived: Arrived, on: tuple[str, str], **detail: Any) -> None:
    message = str(arrived.envelope.id)
    write(act, Operation.COLLECTION, by=None, on=on, sender=arrived.sender.pk, message=message, **detail)


TAKEN_IN_BY: dict[str, Callable[[Arrived], None]] = {
    "programme.need": take_in_need,
    "programme.handover": take_in_handover,
    "programme.handover-answered": take_in_answered,
    "programme.asset-reported": take_in_report,
}
NOTED_BY: dict[str, Callable[[Envelope, Receipt], None]] = {
    "programme.handover": note_handover,
    "programme.handover-answered": note_answer,
}
