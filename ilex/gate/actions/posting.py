"""Sending: a message is sealed and stands in the outbox in the transaction of the act that sends it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError

from ilex.gate import keys, queries, registry
from ilex.gate.canonical import Malformed
from ilex.gate.errors import GateError
from ilex.gate.fields import to_the_millisecond
from ilex.gate.header import Header, Manifest
from ilex.gate.ids import uuid7
from ilex.gate.keys import KeyRing
from ilex.gate.models import Attachment, BlobDelivery, Delivery, Envelope, Peer
from ilex.gate.seal import Sealed, TooLarge, seal, wrap
from ilex.journal import actions as journal
from ilex.journal.actions import Act
from ilex.journal.models import Line, Operation
from ilex.journal.rows import insert_all, insert_now
from ilex.units.models import Officer

MONTH = timedelta(days=30)
COLUMNS = (
    *("id", "type", "version", "sender", "recipients", "conversation", "sequence", "issued", "expires"),
    *("handling", "language"),
)


@dataclass(frozen=True, kw_only=True)
class Message:
    """What is said to whom, not yet sealed.

    With `paused` it may be for paused peers too, and waits until they are resumed.
    An attachment that belongs to another message already is sent along as a row of its own over the same blob.
    """

    type: str
    body: BaseModel
    to: Sequence[str]
    conversation: UUID
    handling: str = "H0"
    language: str = "en"
    attachments: Sequence[Attachment] = ()
    expires: timedelta = MONTH
    by: Officer | None = None
    paused: bool = False


@dataclass(frozen=True)
class Posted:
    """A sealed message and the rows that stand with it."""

    envelope: Envelope
    deliveries: list[Delivery]
    papers: list[Attachment]
    line: Line

    @property
    def rows(self) -> list[Model]:
        return [self.envelope, *self.deliveries, self.line]


def post(
    type: str,
    body: BaseModel,
    *,
    to: Sequence[str],
    conversation: UUID,
    handling: str = "H0",
    language: str = "en",
    attachments: Sequence[Attachment] = (),
    expires: timedelta = MONTH,
    by: Officer | None = None,
    paused: bool = False,
) -> Envelope:
    """Seal a message for these units and put it in the outbox, inside the caller's transaction.

    Raises Unreachable when a unit is not a paired peer, GateError when the message is too large or not well made.
    """
    message = Message(
        type=type,
        body=body,
        to=to,
        conversation=conversation,
        handling=handling,
        language=language,
        attachments=attachments,
        expires=expires,
        by=by,
        paused=paused,
    )
    return post_many([message])[0]


def post_many(messages: Sequence[Message]) -> list[Envelope]:
    """As `post` for several messages of one act, all or none: ten together cost about half as much as ten alone."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A message is posted in the transaction of its act.")
    units = {unit for message in messages for unit in message.to}
    outlook = queries.outlook(units, {message.conversation for message in messages})
    ring, at = keys.own(), to_the_millisecond(timezone.now())
    posted = [_posted(message, outlook, ring, at) for message in messages]
    insert_all([row for one in posted if not one.papers for row in one.rows])
    for one in posted:
        if one.papers:
            _insert_with_papers(one, at)
    return [one.envelope for one in posted]


def _posted(message: Message, outlook: queries.Outlook, ring: KeyRing, at: datetime) -> Posted:
    known = registry.for_body(message.type, message.body)
    recipients = outlook.open_keys(list(dict.fromkeys(message.to)), paused=message.paused)
    papers = [_unowned(attachment, order) for order, attachment in enumerate(message.attachments)]
    try:
        header = Header(
            id=uuid7(),
            type=known.name,
            version=known.version,
            sender=ring.unit,
            recipients=list(recipients),
            conversation=message.conversation,
            sequence=outlook.next_sequence(message.conversation),
            issued=at,
            expires=at + message.expires,
            handling=message.handling,
            language=message.language,
            attachments=[_manifest(paper) for paper in papers],
            journal_head=outlook.head,
        )
        sealed = seal(header, message.body.model_dump(mode="json"), ring, recipients.values())
    except (ValidationError, Malformed) as error:
        raise GateError(_("The message is not well made: %(why)s") % {"why": _why(error)}) from error
    except TooLarge as error:
        raise GateError(_("The message is too large. Send large content as an attachment.")) from error
    envelope = _envelope(header, sealed, at)
    for paper in papers:
        paper.envelope = envelope
    deliveries = [Delivery(envelope=envelope, peer_id=unit, next_try=at) for unit in envelope.recipients]
    return Posted(envelope, deliveries, papers, journal.line_of(_act(envelope, len(papers), message.by)))


def seal_anew(envelope: Envelope) -> None:
    """Wrap what was signed before for the keys that its recipients have now; the signed part stays as it is."""
    peers = Peer.objects.filter(unit__in=envelope.recipients, state__in=queries.LISTENED_TO)
    found = queries.reachable([peer.pk for peer in peers], paused=True)
    if found:
        line = wrap(envelope.signed, found.values())
        Envelope.objects.filter(pk=envelope.pk, sealed__isnull=False).update(sealed=line)


def _unowned(attachment: Attachment, order: int) -> Attachment:
    if attachment.whole_at is None:
        raise GateError(_("The file %(name)s has not come whole yet.") % {"name": attachment.name})
    if attachment.envelope_id is not None:
        attachment = Attachment(
            name=attachment.name,
            media=attachment.media,
            size=attachment.size,
            digest=attachment.digest,
            sealed_size=attachment.sealed_size,
            sealed_digest=attachment.sealed_digest,
            key=attachment.key,
            arrived=attachment.arrived,
            whole_at=attachment.whole_at,
        )
    attachment.order = order
    return attachment


def _manifest(paper: Attachment) -> Manifest:
    return Manifest(
        id=paper.id,
        name=paper.name,
        media=paper.media,
        size=paper.size,
        sha256=bytes(paper.digest).hex(),
        sealed_size=paper.sealed_size,
        sealed_sha256=bytes(paper.sealed_digest).hex(),
        key=bytes(paper.key),
    )


def _envelope(header: Header, sealed: Sealed, at: datetime) -> Envelope:
    return Envelope(
        way=Envelope.Way.OUT,
        state=Envelope.State.SENT,
        signed=sealed.signed,
        digest=sealed.digest,
        sealed=sealed.line,
        at=at,
        **as_columns(header),
    )


def _act(envelope: Envelope, papers: int, by: Officer | None) -> Act:
    return Act(
        "envelope.sent",
        Operation.DISCLOSURE,
        by=by,
        on=("envelope", str(envelope.id)),
        recipients=envelope.recipients,
        detail={"type": envelope.type, "handling": envelope.handling, "attachments": papers},
    )


def as_columns(header: Header) -> dict[str, object]:
    """The header's members that are columns of an envelope."""
    return {name: getattr(header, name) for name in COLUMNS}


def _insert_with_papers(posted: Posted, at: datetime) -> None:
    """The deliveries are told their numbers here, which the rows of the files' ways name."""
    insert_now(*posted.rows)
    for paper in posted.papers:
        paper.save()
    BlobDelivery.objects.bulk_create(
        [
            BlobDelivery(delivery=delivery, attachment=paper, next_try=at)
            for delivery in posted.deliveries
            for paper in posted.papers
        ]
    )


def _why(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    return str(error)
