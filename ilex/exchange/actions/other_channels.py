"""What came or went by SIENA, I-24/7, SELEC, a liaison officer or the post: recorded, on the same clocks."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.exchange import changes
from ilex.exchange.actions import clockwork
from ilex.exchange.actions.answers import refused_columns
from ilex.exchange.actions.corrections import apply_recall
from ilex.exchange.actions.entries import attach, keep, locked, questions_asked
from ilex.exchange.actions.records import make_request
from ilex.exchange.actions.references import take_numbers
from ilex.exchange.actions.requests import profile_with, stripped
from ilex.exchange.actions.twins import point_out_twins
from ilex.exchange.models import Entry, Request, State, Way
from ilex.exchange.rules import (
    NODE,
    Content,
    Faults,
    Invalid,
    Refused,
    answer_settles,
    check_content,
    check_refused,
    check_stated,
    reference_key,
    refusal_settles,
)
from ilex.exchange.rules.state import PARTNER_SAYS
from ilex.gate.models import Attachment
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.units import queries as units
from ilex.units.models import Officer, Organisation, Place
from ilex.units.rules import check
from ilex.words import law

WITH_TEXT = {"question", "clarification", "answer", "outcome", "acknowledgement"}


def record_incoming(
    officer: Officer,
    content: Content,
    *,
    sender: str,
    channel: str,
    received_at: datetime,
    their_ref: str = "",
    originals: Sequence[Attachment] = (),
) -> Request:
    """Register a request that came by another channel, with its original. Its clock runs from `received_at`."""
    check(officer, "request.record")
    content = stripped(content)
    partner = _check_record(content, sender, channel, received_at, their_ref)
    with act("request.recorded", Operation.COLLECTION, by=officer) as this:
        request = make_request(
            content,
            **_columns(content, partner, channel, received_at, their_ref.strip()),
            our_ref=take_numbers([now()], units.here())[0],
            received_at=received_at,
            reason="stated",
        )
        entry = keep(
            request,
            Entry.Kind.REQUEST,
            Way.IN,
            received_at,
            None,
            by=officer,
            reached_at=received_at,
            read_at=now(),
        )
        attach(entry, None, originals)
        point_out_twins((request, content.subjects))
        changes.tell_registered(request)
        this.on = ("request", str(request.pk))
        this.detail |= {"channel": channel, "sender": partner.pk, "originals": len(originals)}
    return request


def _check_record(content: Content, sender: str, channel: str, received_at: datetime, their_ref: str) -> Organisation:
    faults = Faults()
    partner = Organisation.objects.filter(pk=sender).exclude(pk=units.here().pk).select_related("place").first()
    if partner is None:
        raise Invalid({"sender": _("Choose the unit that sent it.")})
    if channel == NODE:
        faults.say("channel", _("What comes by our own line records itself."))
    faults.check_code("channel", channel, law.channels())
    faults.check_text("their_ref", their_ref, 80)
    if content.on_behalf_place and not Place.objects.filter(pk=content.on_behalf_place).exists():
        faults.say("on_behalf_place", _("Choose one from the list."))
    try:
        check_stated(received_at, channel, now())
    except Invalid as error:
        faults.say("received_at", next(iter(error.fields.values())))
    profile = law.profile(profile_with(partner, content.profile))
    faults.fields |= check_content(content, profile, channel, ours=False)
    faults.raise_any()
    return partner


def _columns(
    content: Content, partner: Organisation, channel: str, received_at: datetime, their_ref: str
) -> dict[str, Any]:
    return {
        "inquiry": uuid.uuid4(),
        "way": Way.IN,
        "partner": partner,
        "profile": profile_with(partner, content.profile),
        "requesting_place_id": content.on_behalf_place or partner.place_id,
        "submitted_by": partner,
        "their_ref": their_ref,
        "their_ref_key": reference_key(their_ref),
        "channel": channel,
        "state": State.RECEIVED,
        "made_at": received_at,
    }


def record_entry(
    officer: Officer,
    request: Request,
    kind: str,
    *,
    at: datetime,
    text: str = "",
    originals: Sequence[Attachment] = (),
    stage: str = "",
    refused: Refused | None = None,
    settles: bool | None = None,
    expected_at: datetime | None = None,
    reason: str = "",
) -> Entry:
    """Record what the partner said by another channel about a request that runs there.

    The clock follows as if it had come by our own line: `at` is when it reached us.
    """
    with act("entry.recorded", Operation.COLLECTION, by=officer, on=("request", str(request.pk))) as this:
        row = locked(officer, "record_entry", request)
        check_stated(at, row.channel, now())
        columns = _said(row, kind, text.strip(), stage, refused, settles, expected_at, reason.strip())
        entry = keep(row, Entry.Kind(kind), Way.IN, at, None, by=officer, reached_at=at, read_at=now(), **columns)
        attach(entry, None, originals)
        if kind == Entry.Kind.RECALL:
            _recall_request(row, at)
        clockwork.reckon(row, now())
        this.detail |= {"kind": kind, "originals": len(originals)}
    return entry


def _said(
    request: Request,
    kind: str,
    text: str,
    stage: str,
    refused: Refused | None,
    settles: bool | None,
    expected_at: datetime | None,
    reason: str,
) -> dict[str, Any]:
    faults = Faults()
    if kind not in PARTNER_SAYS[request.way]:
        faults.say("kind", _("This cannot come from the other side of this request."))
    faults.check_text("text", text)
    columns: dict[str, Any] = {"text": text, "reasons": reason}
    if kind == "answer":
        if stage not in ("interim", "partial", "final"):
            faults.say("stage", _("Say whether the answer is interim, partial or final."))
        columns |= {"stage": stage, "settles": answer_settles(stage, settles)}
    if kind == "refusal":
        refused = refused or Refused((), "", reason or text)
        if refused.grounds:
            check_refused(faults, refused, law.profile(request.profile))
        columns |= refused_columns(refused) | {"settles": refusal_settles(refused.part, settles)}
    if kind == "delay":
        if expected_at is None:
            faults.say("expected_at", _("Say when they expect to answer."))
        columns |= {"expected_at": expected_at, "reasons": reason or text, "text": ""}
    if kind == "clarification":
        columns["details"] = {"questions": [str(pk) for pk in questions_asked(request, Way.OUT)]}
    faults.raise_any()
    return columns


def _recall_request(request: Request, at: datetime) -> None:
    first = request.entries.filter(kind=Entry.Kind.REQUEST, recalled_at=None).first()
    if first is not None:
        first.request = request
        apply_recall(first, at)
