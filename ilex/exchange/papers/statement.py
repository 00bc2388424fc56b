"""The statement of exchange: what was sent and received about one request, and by what that is proven.

For a file or a court. It names no content: messages and receipts stand by their SHA-256, and the record inside the
PDF carries the signed receipts and the proofs of the journal themselves.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone
from django.utils.translation import get_language, override

from ilex.exchange.models import Entry, Request, Way
from ilex.exchange.papers import press
from ilex.exchange.papers.evidence import Exchanged, Journalled, Statement, Word
from ilex.exchange.papers.parties import authority
from ilex.exchange.papers.sheet_statement import sheet
from ilex.exchange.papers.wording import page_language
from ilex.gate.models import Receipt
from ilex.journal.models import Line, Operation
from ilex.journal.queries import head_note, inclusion, lines_for
from ilex.units.queries import here


def receipt_statement(request: Request, language: str = "", at: datetime | None = None) -> bytes:
    """The statement as PDF, in `language` or that of the page. Raises FormError when it cannot be printed."""
    language = page_language(language or get_language() or "en")
    with override(language):
        statement = state(request, at)
        return press.to_pdf(sheet(statement, language), statement.model_dump_json().encode(), statement.made_at)


def state(request: Request, at: datetime | None = None) -> Statement:
    """What is on file now about the exchange with this partner, oldest first; notes stay in the house."""
    entries = list(request.entries.exclude(kind=Entry.Kind.NOTE).select_related("envelope").order_by("at", "id"))
    of_messages, others = _journal(request, entries)
    return Statement(
        made_at=at or timezone.now(),
        handling=request.handling,
        handling_note=request.handling_note,
        ours=authority(here()),
        theirs=authority(request.partner),
        our_ref=request.our_ref,
        their_ref=request.their_ref,
        state=request.state,
        received_at=request.received_at,
        due_at=request.due_at,
        due_reason=request.due_reason,
        settled_at=request.settled_at,
        exchanged=tuple(_exchanged(entry, of_messages) for entry in entries),
        journal=tuple(map(_journalled, others)),
        head=head_note(),
    )


def _journal(request: Request, entries: list[Entry]) -> tuple[dict[str, list[Line]], list[Line]]:
    """Our lines about each message, by its number, and those about the request that are of none.

    Who looked at it when is the officers' and the supervisors' matter, not the partner's.
    """
    lines = lines_for("request", str(request.pk)).exclude(op=Operation.CONSULTATION)
    of_messages: dict[str, list[Line]] = {}
    for entry in entries:
        if entry.envelope:
            number = str(entry.envelope.id)
            of_messages[number] = list(lines_for("envelope", number).exclude(op=Operation.CONSULTATION))
    others: list[Line] = []
    for line in lines:
        number = str(line.detail.get("message", ""))
        of_messages.get(number, others).append(line)
    return of_messages, others


def _exchanged(entry: Entry, journal: dict[str, list[Line]]) -> Exchanged:
    envelope = entry.envelope
    number = str(envelope.id) if envelope else ""
    return Exchanged(
        kind=entry.kind,
        way="out" if entry.way == Way.OUT else "in",
        at=envelope.issued if envelope else entry.at,
        channel=entry.channel,
        reached_at=entry.reached_at,
        corrected_at=entry.corrected_at,
        recalled_at=entry.recalled_at,
        message=number,
        sha256=bytes(envelope.digest).hex() if envelope else "",
        receipts=tuple(_words(entry)),
        journal=tuple(map(_journalled, journal.get(number, ()))),
    )


def _words(entry: Entry) -> Iterator[Word]:
    """Of a message to several units only what this partner said of it."""
    if entry.envelope is None:
        return
    partner = entry.request.partner
    for receipt in Receipt.objects.filter(envelope=entry.envelope, peer=partner.pk).order_by("at", "id"):
        yield Word(
            kind=receipt.kind,
            by=partner.name if receipt.way == "in" else here().name,
            at=receipt.at,
            code=receipt.code,
            sha256=hashlib.sha256(receipt.signed.encode()).hexdigest(),
            signed=receipt.signed,
        )


def _journalled(line: Line) -> Journalled:
    proof = inclusion(line)
    return Journalled(
        act=line.act,
        at=line.at,
        leaf=bytes(line.leaf).hex(),
        position=line.position,
        size=proof.size if proof else None,
        proof=tuple(step.hex() for step in proof.hashes) if proof else (),
    )
