"""How something we say becomes an entry and, on our own line, an envelope."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.exchange import index, onward
from ilex.exchange.actions import approved
from ilex.exchange.documents import keep_papers
from ilex.exchange.messages import Body
from ilex.exchange.models import Entry, Request, Way
from ilex.exchange.queries.access import permits, visible
from ilex.exchange.queries.steps import allowed
from ilex.exchange.rules import NODE, Invalid, NotNow, check_stated
from ilex.exchange.rules.state import STEPS
from ilex.gate import actions as gate
from ilex.gate.errors import GateError
from ilex.gate.fields import to_the_millisecond
from ilex.gate.models import Attachment, Envelope
from ilex.journal.rows import insert
from ilex.units.models import Officer
from ilex.units.rules import check


def must_permit(officer: Officer, verb: str, request: Request | None = None) -> None:
    if not permits(officer, verb, request):
        check(officer, verb)  # raises, with the sentence of the table


def locked(officer: Officer, step: str, request: Request) -> Request:
    """The request as it is now, its row held until the transaction ends, for one of rules.STEPS.

    Raises PermissionDenied when the officer may not do or see this, NotNow when the state does not allow it.
    """
    must_permit(officer, STEPS[step].verb, request)
    row = (
        Request.objects.select_for_update(of=("self",), no_key=True)
        .select_related("partner__place", "owner", "submitted_by")
        .filter(visible(officer), pk=request.pk)
        .first()
    )
    if row is None:
        raise PermissionDenied
    if not allowed(step, row, officer):
        raise NotNow(_not_now(step, row))
    return row


def _not_now(step: str, request: Request) -> str:
    if STEPS[step].way not in ("", request.way):
        return _("This is for the other side to do.")
    if step == "record_entry":
        return _("This request runs on our own line: what they say arrives by itself.")
    words = {"ref": request.our_ref, "state": request.get_state_display()}
    return _("%(ref)s is in the state “%(state)s”: this can no longer be done.") % words


def written(field: str, text: str, sentence: str) -> str:
    """The text without blanks around it; Invalid when nothing is left, or too much."""
    text = text.strip()
    if not text:
        raise Invalid({field: sentence})
    if len(text) > 40_000 or "\0" in text:
        raise Invalid({field: _("The text is too long, or holds a character that cannot be kept.")})
    return text


def say(
    request: Request,
    kind: Entry.Kind,
    body: Body,
    *,
    by: Officer | None,
    said_at: datetime | None = None,
    attachments: Sequence[Attachment] = (),
    **columns: Any,
) -> Entry:
    """Our word to the partner of one request."""
    at = check_stated(said_at, request.channel, now())
    envelope = None
    if request.on_node:
        handling = columns.get("handling", request.handling)
        envelope = post(kind, body, [request.partner_id], request, handling, attachments, by)
        at = to_the_millisecond(envelope.at)
    entry = keep(
        request,
        kind,
        Way.OUT,
        at,
        envelope,
        by=by,
        reached_at=None if envelope else at,
        **{"handling": request.handling, **columns},
    )
    attach(entry, envelope, attachments)
    if by is not None and request.owner_id is None:
        # Whoever speaks for us has taken the request.
        Request.objects.filter(pk=request.pk, owner=None).update(owner=by)
        request.owner = by
    return entry


def post(
    kind: Entry.Kind,
    body: Body,
    to: Sequence[str],
    request: Request,
    handling: str,
    attachments: Sequence[Attachment],
    by: Officer | None,
) -> Envelope:
    """Seal it for these units. What the gate cannot do, or a code forbids, is told beside the recipients."""
    onward.check_papers(attachments, to)
    try:
        return gate.post(
            f"exchange.{kind}",
            body,
            to=to,
            conversation=request.inquiry,
            handling=handling,
            language=request.language,
            attachments=attachments,
            by=by,
        )
    except GateError as error:
        raise Invalid({"to": str(error)}) from error


def keep(
    request: Request,
    kind: Entry.Kind,
    way: Way,
    at: datetime,
    envelope: Envelope | None,
    *,
    indexed: bool = False,
    **columns: Any,
) -> Entry:
    """Write the entry, and make the request findable by its text unless it is so already."""
    usual = {"language": request.language, "channel": NODE if envelope else request.channel}
    entry = Entry(
        request=request,
        kind=kind,
        way=way,
        at=at,
        envelope=envelope,
        message=envelope.id if envelope else None,
        **{**usual, **columns, "details": {**columns.get("details", {}), **approved.named()}},
    )
    insert(entry)
    if not indexed:
        index.add_words(request, entry.text)
    return entry


def attach(entry: Entry, envelope: Envelope | None, attachments: Sequence[Attachment]) -> None:
    """The entry's files: those of its envelope, or of a letter that came or went by another channel."""
    if not attachments:
        return
    if envelope is not None:
        papers = list(envelope.attachments.all())  # the gate may have made rows of its own for this envelope
        entry.papers.set(papers)
        keep_papers(entry, papers)
        return
    for attachment in attachments:
        if attachment._state.adding:
            attachment.save()
    entry.papers.set(attachments)
    keep_papers(entry, attachments)


def questions_asked(request: Request, way: Way) -> dict[UUID, UUID | None]:
    """Questions that no clarification has answered yet: our entry's id, and the message's where there is one."""
    answered: set[str] = set()
    for details in request.entries.filter(kind=Entry.Kind.CLARIFICATION, recalled_at=None).values_list(
        "details", flat=True
    ):
        answered |= set(details.get("questions", []))
    asked = request.entries.filter(kind=Entry.Kind.QUESTION, way=way, recalled_at=None)
    return {pk: message for pk, message in asked.values_list("pk", "message") if str(pk) not in answered}
