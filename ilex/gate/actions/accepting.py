"""The inbox: sealed lines are checked and kept with their receipts in one commit; their meaning is not looked at."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import psycopg.errors
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from ilex.gate import keys, queries
from ilex.gate.actions.checking import Letter, Line, checked, line_of
from ilex.gate.actions.heads import remember_heads
from ilex.gate.actions.posting import as_columns
from ilex.gate.canonical import canonical
from ilex.gate.codes import Code, Refused
from ilex.gate.failures import kind_and_place
from ilex.gate.fields import to_the_millisecond
from ilex.gate.header import LONGEST_LIFE, Content, Manifest
from ilex.gate.keys import KeyRing
from ilex.gate.kinds import clean_name
from ilex.gate.models import Attachment, Envelope, Receipt
from ilex.gate.receipts import make_receipt
from ilex.journal import actions as journal
from ilex.journal.actions import Act
from ilex.journal.models import Operation
from ilex.journal.queries.heads import head_note
from ilex.journal.queries.witness import newest
from ilex.journal.rows import insert_many

SKEW = timedelta(minutes=10)  # how far a sender's clock may run ahead of ours
RACES = 5  # how often the same message may come on another line in the same moment

log = logging.getLogger(__name__)


Checked = Sequence[Letter | Refused]


def accept(lines: Iterable[bytes], peer_certificate_sha256: str | None, at: datetime | None = None) -> list[bytes]:
    """Keep what may be kept; one answer line for each envelope line, in their order.

    An answer is `{"receipt": ...}` (for a repeat the very receipt that was given before) or `{"error": ...}`. Every
    message for which a receipt is returned is committed, with its journal line. `peer_certificate_sha256` names the
    peer on the line; None is for the file carrier, where nobody stands on the line.
    """
    at = to_the_millisecond(at or timezone.now())  # the partner's clock runs from the receipt, ours from the row
    ring = keys.own()
    line = line_of(peer_certificate_sha256, at)
    letters = checked(lines, line, ring, at)
    answers = _kept_or_alone(letters, ring, line, at)
    remember_heads(_heads(letters), at)
    return answers


def _kept_or_alone(letters: Checked, ring: KeyRing, line: Line, at: datetime) -> list[bytes]:
    """The whole batch in one commit; when the database will not have it, each line for itself."""
    try:
        return _kept_in_spite_of_races(letters, ring, line, at)
    except DatabaseError as error:
        if isinstance(error.__cause__, psycopg.errors.DiskFull):
            log.error("The disk of the database is full; %d messages were turned away.", len(letters))
            return [Refused(Code.STORAGE_FULL).line() for _one in letters]
        if len(letters) == 1:
            log.error("A message could not be kept: %s", kind_and_place(error))
            return [Refused(Code.NOT_NOW).line()]
    return [answer for one in letters for answer in _kept_or_alone([one], ring, line, at)]


def _kept_in_spite_of_races(letters: Checked, ring: KeyRing, line: Line, at: datetime) -> list[bytes]:
    for _race in range(RACES):
        try:
            with transaction.atomic():
                return Keeping(ring, at, over_line=not line.open_to_all).keep(letters)
        except IntegrityError:
            continue  # the same message was committed on another line just now: it is found at the next look
    raise DatabaseError("The same messages keep coming on other lines.")


class Keeping:
    """One commit of the inbox: what is known already, what is new, and what is said about each."""

    def __init__(self, ring: KeyRing, at: datetime, *, over_line: bool) -> None:
        self.ring = ring
        self.at = at
        self.over_line = over_line
        self.head = head_note()
        self.witness: dict[str, str] = {}
        self.space: dict[str, int] = {}
        self.known: dict[tuple[str, str], tuple[bytes, str]] = {}  # digest and receipt of each kept message
        self.envelopes: list[Envelope] = []
        self.receipts: list[Receipt] = []
        self.papers: list[Attachment] = []
        self.acts: list[Act] = []

    def keep(self, checked: Checked) -> list[bytes]:
        letters = [one for one in checked if isinstance(one, Letter)]
        self.known = _receipts_given(letters)
        with_papers = {letter.content.sender for letter in letters if letter.content.attachments}
        self.space = queries.space_used(with_papers) if with_papers else {}
        answers = [self._answer(one) for one in checked]
        # Two batches that hold the same messages must meet the first of them first, or they wait for each other.
        in_order = sorted(self.envelopes, key=lambda one: (one.sender, str(one.id)))
        insert_many(in_order)
        insert_many(self.receipts)
        Attachment.objects.bulk_create(self.papers)
        journal.write_many(self.acts)
        return answers

    def _answer(self, one: Letter | Refused) -> bytes:
        try:
            if isinstance(one, Refused):
                raise one
            return canonical({"receipt": self._receipt(one)})
        except Refused as refusal:
            self._note(refusal)
            return refusal.line()

    def _receipt(self, letter: Letter) -> str:
        if letter.name in self.known:
            digest, receipt = self.known[letter.name]
            if digest != letter.digest:
                raise Refused(Code.CONFLICT, letter.name[1], letter.name[0])
            return receipt
        self._must_be_fresh(letter.content)
        self._must_have_room(letter)
        receipt = self._new(letter)
        self.known[letter.name] = letter.digest, receipt
        return receipt

    def _must_be_fresh(self, content: Content) -> None:
        number = str(content.id)
        if content.issued > self.at + SKEW:
            raise Refused(Code.TOO_EARLY, number, content.sender)
        if content.expires <= self.at or content.expires - content.issued > LONGEST_LIFE:
            raise Refused(Code.EXPIRED, number, content.sender)

    def _must_have_room(self, letter: Letter) -> None:
        sender = letter.content.sender
        used = self.space.get(sender, 0) + sum(paper.sealed_size for paper in letter.content.attachments)
        if letter.content.attachments and used > letter.peer.quota:
            raise Refused(Code.QUOTA, str(letter.content.id), sender)
        self.space[sender] = used

    def _new(self, letter: Letter) -> str:
        content = letter.content
        envelope = Envelope(
            way=Envelope.Way.IN,
            state=Envelope.State.WAITING,
            signed=letter.signed,
            digest=letter.digest,
            at=self.at,
            **as_columns(content),
        )
        signed = make_receipt(
            self.ring,
            envelope,
            Receipt.Kind.STORED,
            self.at,
            head=self.head,
            witness=self._witness(content.sender),
        )
        self.envelopes.append(envelope)
        self.receipts.append(
            Receipt(
                way=Envelope.Way.OUT,
                peer=letter.peer,
                envelope=envelope,
                kind=Receipt.Kind.STORED,
                at=self.at,
                signed=signed,
                # Over the line it goes back as the answer; from a stick it has to be carried.
                sent_at=self.at if self.over_line else None,
            )
        )
        self.papers += [_paper(envelope, order, manifest) for order, manifest in enumerate(content.attachments)]
        self.acts.append(_stored(content))
        return signed

    def _witness(self, sender: str) -> str:
        if sender not in self.witness:
            head = newest(sender)
            self.witness[sender] = head.note if head else ""
        return self.witness[sender]

    def _note(self, refusal: Refused) -> None:
        on = ("peer", refusal.sender) if refusal.sender else ("", "")
        detail = {"code": refusal.code.value} | ({"id": refusal.id} if refusal.id else {})
        self.acts.append(Act("line.refused", Operation.OPERATION, on=on, detail=detail))


def _receipts_given(letters: Sequence[Letter]) -> dict[tuple[str, str], tuple[bytes, str]]:
    ids: dict[str, list[str]] = {}
    for letter in letters:
        ids.setdefault(letter.content.sender, []).append(letter.name[1])
    if not ids:
        return {}
    asked = Q()
    for sender, numbers in ids.items():
        asked |= Q(envelope__sender=sender, envelope__id__in=numbers)
    rows = Receipt.objects.filter(
        asked, way=Envelope.Way.OUT, kind=Receipt.Kind.STORED, envelope__way=Envelope.Way.IN
    ).values_list("envelope__sender", "envelope__id", "envelope__digest", "signed")
    return {(sender, str(number)): (bytes(digest), signed) for sender, number, digest, signed in rows}


def _paper(envelope: Envelope, order: int, manifest: Manifest) -> Attachment:
    return Attachment(
        envelope=envelope,
        order=order,
        sent_id=manifest.id,
        name=clean_name(manifest.name),
        media=manifest.media,
        size=manifest.size,
        digest=bytes.fromhex(manifest.sha256),
        sealed_size=manifest.sealed_size,
        sealed_digest=bytes.fromhex(manifest.sealed_sha256),
        key=manifest.key,
    )


def _stored(content: Content) -> Act:
    return Act(
        "envelope.stored",
        Operation.COLLECTION,
        on=("envelope", str(content.id)),
        detail={
            "sender": content.sender,
            "type": content.type,
            "handling": content.handling,
            "attachments": len(content.attachments),
        },
    )


def _heads(checked: Checked) -> list[tuple[str, str, datetime]]:
    """The heads that came along: whose, the note, and when it was said."""
    letters = [one for one in checked if isinstance(one, Letter)]
    return [(one.content.sender, one.content.journal_head, one.content.issued) for one in letters]
