"""Taking in: each waiting envelope is given to the room that registered its type, exactly once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from pydantic import BaseModel, ValidationError, create_model

from ilex.gate import registry
from ilex.gate.actions.giving import give_receipts
from ilex.gate.codes import Code
from ilex.gate.errors import NotYet, Refuse
from ilex.gate.failures import kind_and_place
from ilex.gate.models import Attachment, Envelope, Receipt
from ilex.gate.patience import over
from ilex.gate.signing import payload_of
from ilex.journal import actions as journal
from ilex.journal.actions import Act
from ilex.journal.models import Operation
from ilex.units.models import Organisation

PATIENCE = timedelta(days=7)  # for what a message belongs to
LONGEST_PAUSE = timedelta(hours=1)
FIRST_PAUSE = timedelta(seconds=5)
NO_CONVERSATION = "no-conversation"

log = logging.getLogger(__name__)


@dataclass
class Outcome:
    """What became of some envelopes, written down together at the end of their transaction."""

    taken: list[Envelope] = field(default_factory=list)
    refused: list[tuple[Envelope, str, str]] = field(default_factory=list)  # with code and sentence


@dataclass(frozen=True)
class Parcel:
    """One envelope with what stands beside it, not yet opened."""

    envelope: Envelope
    sender: Organisation
    here: Organisation
    papers: list[Attachment]

    @property
    def type(self) -> registry.MessageType:
        """Raises Refuse for a type that nobody registered."""
        found = registry.of(self.envelope.type, self.envelope.version)
        if found is None:
            raise Refuse(Code.UNSUPPORTED, f"{self.envelope.type} version {self.envelope.version} is not known here.")
        return found

    def opened(self) -> registry.Arrived:
        """Raises Refuse when what it says is not of its type."""
        body = _read(self.envelope, self.type)
        return registry.Arrived(self.envelope, self.sender, self.here, body, self.papers)

    def give(self) -> None:
        """Let the room take it in. What the room raises, and Refuse for what cannot be read, passes through."""
        self.type.take_in(self.opened())


Take = Callable[[Sequence[Parcel], Outcome, datetime], None]


def hand_over(limit: int = 100, at: datetime | None = None) -> int:
    """Give waiting envelopes to their rooms; returns how many were looked at.

    The effect, the new state, the journal line and the `processed` or `refused` receipt are one commit. What a
    room cannot take in now waits with growing pauses and never holds the others up.
    """
    at = at or timezone.now()
    with suppress(Exception):
        return _hand_over_together(limit, at, _take_in_runs)
    # One of them cannot simply be taken in: nothing was done, and now each has a savepoint of its own.
    try:
        return _hand_over_together(limit, at, _take_one_by_one)
    except Exception as error:
        # Not one room's refusal, those are dealt with inside: a lock, a constraint at the commit, a lost disk.
        log.warning("A batch is taken in one by one: %s", kind_and_place(error))
    return _hand_over_alone(limit, at)


def _hand_over_together(limit: int, at: datetime, take: Take) -> int:
    with transaction.atomic():
        envelopes = list(_due(at).select_for_update(skip_locked=True)[:limit])
        _take_all(envelopes, at, take)
    return len(envelopes)


def _hand_over_alone(limit: int, at: datetime) -> int:
    keys = list(_due(at).values_list("pk", flat=True)[:limit])
    for key in keys:
        try:
            with transaction.atomic():
                _take_all(list(_due(at).filter(pk=key).select_for_update(skip_locked=True)), at, _take_one_by_one)
        except Exception as error:
            log.error("Envelope %s could not be taken in: %s", key, kind_and_place(error))
            with transaction.atomic():
                _put_off(Envelope.objects.get(pk=key), at, type(error).__name__)
    return len(keys)


def _due(at: datetime) -> QuerySet[Envelope]:
    waiting = Envelope.objects.filter(state=Envelope.State.WAITING)
    return waiting.filter(Q(next_try=None) | over("next_try", LONGEST_PAUSE, at)).order_by("at", "sequence", "pk")


def _take_all(envelopes: Sequence[Envelope], at: datetime, take: Take) -> None:
    if not envelopes:
        return
    units = Organisation.objects.select_related("place").in_bulk(
        {settings.ILEX_UNIT, *(envelope.sender for envelope in envelopes)}
    )
    papers = _papers(envelopes)
    outcome = Outcome()
    here = units[settings.ILEX_UNIT]
    parcels = [Parcel(one, units[one.sender], here, papers.get(one.pk, [])) for one in envelopes]
    take(parcels, outcome, at)
    _write_down(outcome, at)


def _take_in_runs(parcels: Sequence[Parcel], outcome: Outcome, at: datetime) -> None:
    """Without savepoints: whatever a room raises undoes the whole batch.

    What comes one after the other and is of one type is given to its room together, if the room can do that.
    """
    for message_type, run in groupby(parcels, key=attrgetter("type")):
        arrived = [parcel.opened() for parcel in run]
        if message_type.take_in_many is not None:
            message_type.take_in_many(arrived)
        else:
            for one in arrived:
                message_type.take_in(one)
    outcome.taken = [parcel.envelope for parcel in parcels]


def _take_one_by_one(parcels: Sequence[Parcel], outcome: Outcome, at: datetime) -> None:
    for parcel in parcels:
        _take(parcel, outcome, at)


def _take(parcel: Parcel, outcome: Outcome, at: datetime) -> None:
    envelope = parcel.envelope
    try:
        with transaction.atomic():  # what a room did before it changed its mind is undone
            parcel.give()
        outcome.taken.append(envelope)
    except NotYet:
        if at - envelope.at > PATIENCE:
            outcome.refused.append((envelope, NO_CONVERSATION, ""))
        else:
            _put_off(envelope, at, NotYet.__name__)
    except Refuse as refusal:
        outcome.refused.append((envelope, refusal.code, refusal.sentence))
    except DatabaseError:
        raise  # perhaps the transaction's fault and not this message's
    except Exception as error:
        log.error("Envelope %s could not be taken in: %s", envelope.key, kind_and_place(error))
        _put_off(envelope, at, type(error).__name__)


def _read(envelope: Envelope, message_type: registry.MessageType) -> BaseModel:
    try:
        return _letter_of(message_type.body).model_validate_json(payload_of(envelope.signed)).body  # type: ignore[attr-defined,no-any-return]
    except ValidationError as error:
        places = sorted({".".join(str(part) for part in one["loc"][1:]) for one in error.errors()})
        raise Refuse(Code.MALFORMED, f"Not of its kind: {', '.join(places)}"[:300]) from None


@cache
def _letter_of(body: type[BaseModel]) -> type[BaseModel]:
    """A message of which only the body is read: everything else was checked when it was kept."""
    return create_model("Letter", body=(body, ...))


def _put_off(envelope: Envelope, at: datetime, failure: str) -> None:
    pause = min(FIRST_PAUSE * 2 ** min(envelope.tries, 12), LONGEST_PAUSE)
    Envelope.objects.filter(pk=envelope.pk, state=Envelope.State.WAITING).update(
        tries=min(envelope.tries + 1, 32000), next_try=at + pause, failure=failure[:300]
    )


def _write_down(outcome: Outcome, at: datetime) -> None:
    waiting = Envelope.objects.filter(state=Envelope.State.WAITING)
    if outcome.taken:
        keys = [envelope.pk for envelope in outcome.taken]
        waiting.filter(pk__in=keys).update(state=Envelope.State.TAKEN, taken_at=at, next_try=None, failure="")
        _wake({envelope.conversation for envelope in outcome.taken})
    for envelope, code, sentence in outcome.refused:
        waiting.filter(pk=envelope.pk).update(
            state=Envelope.State.REFUSED, taken_at=at, next_try=None, failure=(sentence or code)[:300]
        )
    give_receipts([(envelope, Receipt.Kind.PROCESSED, "") for envelope in outcome.taken], at)
    give_receipts([(envelope, Receipt.Kind.REFUSED, code) for envelope, code, _ in outcome.refused], at)
    journal.write_many([_line("envelope.taken", envelope) for envelope in outcome.taken])
    journal.write_many([_line("envelope.refused", envelope, code=code) for envelope, code, _ in outcome.refused])


def _wake(conversations: Iterable[UUID]) -> None:
    """What waited for something in these conversations need not wait out its pause."""
    Envelope.objects.filter(
        state=Envelope.State.WAITING, conversation__in=conversations, next_try__isnull=False
    ).update(next_try=None)


def _line(act: str, envelope: Envelope, **detail: str) -> Act:
    on = ("envelope", str(envelope.id))
    said = {"sender": envelope.sender, "type": envelope.type, **detail}
    return Act(act, Operation.OPERATION, on=on, detail=said)


def _papers(envelopes: Sequence[Envelope]) -> dict[UUID, list[Attachment]]:
    found: dict[UUID, list[Attachment]] = {}
    for paper in Attachment.objects.filter(envelope__in=envelopes).order_by("order"):
        assert paper.envelope_id is not None  # noqa: S101  # asked for by it
        found.setdefault(paper.envelope_id, []).append(paper)
    return found
