"""What receipts tell of invitations and nominations: where an invitation is, and whom a node did not take in."""

from __future__ import annotations

import json

from django.utils.timezone import now

from ilex.gate.models import Envelope, Receipt
from ilex.gate.signing import payload_of
from ilex.journal.actions import write
from ilex.journal.models import Operation
from ilex.programme.actions.stepping import note
from ilex.programme.messages import NominationsBody
from ilex.programme.models import Invitation, Nomination, Quota
from ilex.programme.rules.nominations import MAY


def note_invitation(envelope: Envelope, receipt: Receipt) -> None:
    """The unit's node has it; a renewed invitation is delivered anew. What it refused it has not got."""
    invitations = Invitation.objects.filter(way=Invitation.Way.OUT, conversation=envelope.conversation)
    rows = Quota.objects.filter(invitation__in=invitations, unit=receipt.peer_id)
    if receipt.kind == Receipt.Kind.STORED and rows.update(delivered_at=receipt.at):
        _write("invitation.delivered", envelope, receipt)
    elif receipt.kind == Receipt.Kind.REFUSED and rows.update(delivered_at=None):
        _write("invitation.turned-away", envelope, receipt)


def note_nominations(envelope: Envelope, receipt: Receipt) -> None:
    """Their node did not take these people in: they are ours to send again, and an officer sees it."""
    if receipt.kind != Receipt.Kind.REFUSED or not envelope.signed:  # its names are erased
        return
    body = _body(envelope)
    of, to = MAY["turned-away"]
    rows = list(Nomination.objects.filter(pk__in=[one.id for one in body.people], state__in=of))
    Nomination.objects.filter(pk__in=[row.pk for row in rows], state__in=of).update(state=to, changed_at=now())
    note(rows, to, None, receipt.code)
    if body.declined:
        Quota.objects.filter(invitation=body.number, unit=envelope.sender).update(declined_at=None, declined_why="")
    _write("nominations.turned-away", envelope, receipt)


def _body(envelope: Envelope) -> NominationsBody:
    """What we said, from the signed part that is kept."""
    return NominationsBody.model_validate(json.loads(payload_of(envelope.signed))["body"])


def _write(act: str, envelope: Envelope, receipt: Receipt) -> None:
    on = ("envelope", str(envelope.id))
    write(act, Operation.OPERATION, by=None, on=on, peer=receipt.peer_id, receipt=receipt.kind, code=receipt.code)
