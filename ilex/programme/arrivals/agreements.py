"""What a partner says of an agreement: its copy, its answer, and which copies it holds today."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.utils.timezone import now

from ilex.gate.fields import to_the_millisecond
from ilex.gate.models import Envelope, Receipt
from ilex.gate.registry import Arrived, NotYet, Refuse
from ilex.journal.actions import write
from ilex.journal.models import Operation
from ilex.programme.actions.agreements import IN_FORCE, note, step, tell
from ilex.programme.actions.giving import turned_away
from ilex.programme.messages import AgreementAnsweredBody, AgreementBody, AgreementHeldBody
from ilex.programme.models import ExchangeAgreement
from ilex.programme.queries.equipment import said
from ilex.programme.rules.agreements import digest_of, terms_digest, whole

State = ExchangeAgreement.State
OPEN = (State.ASKED, State.PROPOSED, State.DECLINED)
IN_DOUBT = {State.PROPOSED: State.DRAFT, State.AGREED: State.DIFFERS}  # what becomes of it when a node refuses it


def take_in_agreement(arrived: Arrived) -> None:
    """A proposal waits for our answer. Of one in force only their copy is kept: ours is changed by us alone."""
    body = cast(AgreementBody, arrived.body)
    if {*body.terms.sends, *body.terms.hosts} != {arrived.here.pk, arrived.sender.pk}:
        raise Refuse("other-units", "The agreement is not between the sender and this unit.")
    if terms_digest(body.terms).hex() != body.digest:
        raise Refuse("bad-digest", "The digest is not that of the terms.")
    row = _known(arrived, body.number)
    if row is not None and row.state in (State.DRAFT, State.ENDED):
        raise Refuse("ended", "This agreement has ended.")
    if row is None and body.say == "changed":
        raise NotYet  # the proposal may still be on its way
    if row is None:
        row = _asked(arrived, body)
    elif body.version > row.their_version or _is_missing(row, body):
        _take_copy(row, body)
    _write("agreement.arrived", arrived, row.pk, version=body.version)


def take_in_answered(arrived: Arrived) -> None:
    """A word on terms that we no longer propose declines nothing: the answer to the newer ones is still to come."""
    body = cast(AgreementAnsweredBody, arrived.body)
    row, digest = _mine(arrived, body.number), bytes.fromhex(body.digest)
    if body.decision == "ended":
        if row.state != State.ENDED:
            step(row, State.ENDED, None, body.reason)
    elif body.decision == "declined":
        if row.state == State.PROPOSED and digest == bytes(row.digest):
            step(row, State.DECLINED, None, body.reason)
    elif row.state in (State.PROPOSED, *IN_FORCE):
        _compare(row, digest, body.reason)
    _write("agreement.answer-arrived", arrived, row.pk, decision=body.decision)


def take_in_held(arrived: Arrived) -> None:
    """What is not between us is passed over: it says nothing about a copy of ours."""
    body = cast(AgreementHeldBody, arrived.body)
    rows = ExchangeAgreement.objects.select_for_update(of=("self",)).filter(
        pk__in=body.held, partner=arrived.sender, state__in=IN_FORCE
    )
    for row in rows.order_by("pk"):
        was = row.state
        _compare(row, bytes.fromhex(body.held[row.pk]))
        if was == row.state == State.DIFFERS:
            _show_ours(row)  # what was told before may have been lost
    _write("agreements.held-arrived", arrived, arrived.envelope.id, count=len(body.held))


def _asked(arrived: Arrived, body: AgreementBody) -> ExchangeAgreement:
    row = ExchangeAgreement(
        pk=body.number,
        partner=arrived.sender,
        conversation=arrived.envelope.conversation,
        made_at=to_the_millisecond(arrived.envelope.at),
        changed_at=now(),
    )
    _take_terms(row, body)
    row.save(force_insert=True)
    note(row, None)
    return row


def _is_missing(row: ExchangeAgreement, body: AgreementBody) -> bool:
    """They told its digest before, and we have not got the terms: a copy that was changed in silence."""
    told = bytes(row.their_digest).hex() if row.their_digest is not None else ""
    return row.state == State.DIFFERS and row.their_terms is None and told == body.digest


def _take_copy(row: ExchangeAgreement, body: AgreementBody) -> None:
    if row.state in OPEN:  # nothing is agreed yet: the newest proposal stands
        _take_terms(row, body)
        step(row, State.ASKED, None)
        return
    row.their_version, row.their_terms = body.version, body.terms.model_dump(mode="json")
    _compare(row, bytes.fromhex(body.digest))


def _take_terms(row: ExchangeAgreement, body: AgreementBody) -> None:
    """Theirs, until we answer or propose others."""
    row.state, row.their_version = State.ASKED, body.version
    row.terms = row.their_terms = body.terms.model_dump(mode="json")
    row.digest = row.their_digest = bytes.fromhex(body.digest)


def _compare(row: ExchangeAgreement, theirs: bytes, text: str = "") -> None:
    """Say whether the copies are the same. Who first sees that they are not sends his own, so that both can look."""
    ours, was = digest_of(row.terms), row.state
    row.digest, row.their_digest = ours, theirs
    if row.their_terms is not None and digest_of(row.their_terms) != theirs:
        row.their_terms = None  # an older copy of theirs
    if ours == theirs:
        row.agreed_digest = ours
    state = State.AGREED if ours == theirs else State.DIFFERS
    if state == was:
        row.save()
        return
    if state == State.DIFFERS:
        row.version += 1
    step(row, state, None, text)
    if state == State.DIFFERS:
        _show_ours(row)


def _show_ours(row: ExchangeAgreement) -> None:
    """Unless somebody damaged it in the database: then there is nothing to show."""
    if whole(row.terms):
        tell(row, "changed", None)


def note_agreement(envelope: Envelope, receipt: Receipt) -> None:
    """Their node did not take in what we said. A proposal is a draft again; what we held for agreed is in doubt."""
    if receipt.kind != Receipt.Kind.REFUSED:
        return
    body = cast(AgreementBody | AgreementAnsweredBody, said(envelope))
    rows = ExchangeAgreement.objects.select_for_update(of=("self",))
    row = rows.filter(pk=body.number, partner=receipt.peer_id).first()
    if row is None:
        return
    if body.digest == bytes(row.digest).hex() and row.state in IN_DOUBT:
        row.their_digest = row.their_terms = None
        step(row, IN_DOUBT[State(row.state)], None, turned_away(receipt.code))
    else:
        note(row, None, turned_away(receipt.code))
    on = ("agreement", str(row.pk))
    write("agreement.turned-away", Operation.OPERATION, by=None, on=on, peer=receipt.peer_id, code=receipt.code)


def _known(arrived: Arrived, number: UUID) -> ExchangeAgreement | None:
    """Raises Refuse when it is with another unit."""
    row = ExchangeAgreement.objects.select_for_update(of=("self",)).filter(pk=number).first()
    if row is not None and row.partner_id != arrived.sender.pk:
        raise Refuse("not-yours", "The agreement is not one with the sender.")
    return row


def _mine(arrived: Arrived, number: UUID) -> ExchangeAgreement:
    row = _known(arrived, number)
    if row is None:
        raise NotYet
    return row


def _write(act: str, arrived: Arrived, number: UUID, **detail: Any) -> None:
    on = ("agreement", str(number))
    message = str(arrived.envelope.id)
    write(act, Operation.COLLECTION, by=None, on=on, sender=arrived.sender.pk, message=message, **detail)


TAKEN_IN_BY: dict[str, Callable[[Arrived], None]] = {
    "programme.agreement": take_in_agreement,
    "programme.agreement-answered": take_in_answered,
    "programme.agreement-held": take_in_held,
}
NOTED_BY: dict[str, Callable[[Envelope, Receipt], None]] = {
    "programme.agreement": note_agreement,
    "programme.agreement-answered": note_agreement,
}
