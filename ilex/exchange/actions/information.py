"""Sending information that nobody asked for: Art. 7."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace

from django.utils.timezone import now

from ilex.exchange import changes
from ilex.exchange.actions import approved
from ilex.exchange.actions.answers import SUPPLY
from ilex.exchange.actions.entries import attach, keep, must_permit, post
from ilex.exchange.actions.records import make_request, subject_body
from ilex.exchange.actions.references import take_numbers
from ilex.exchange.actions.requests import profile_with, recipients
from ilex.exchange.messages import AskedBody, InformationBody
from ilex.exchange.models import Entry, Request, State, Way
from ilex.exchange.queries.reach import reach
from ilex.exchange.rules import Content, Information, Invalid, Unconfirmed, check_information
from ilex.gate.fields import to_the_millisecond
from ilex.gate.models import Attachment
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.journal.rows import together
from ilex.units import queries as units
from ilex.units.models import Officer, Organisation


def inform(
    officer: Officer,
    information: Information,
    *,
    to: Sequence[str],
    attachments: Sequence[Attachment] = (),
    confirmed: bool = False,
) -> list[Request]:
    """Send it to one or several units: a record for each, one envelope for all. Raises as `ask` does."""
    must_permit(officer, "request.send")
    here = units.here()
    asked = recipients(to, here)
    information = replace(information, text=information.text.strip(), reasons=information.reasons.strip())
    if faults := check_information(information):
        raise Invalid(faults)
    if not confirmed and (warnings := reach(information, to, attachments).warnings):
        raise Unconfirmed(warnings)
    with act("information.sent", Operation.DISCLOSURE, by=officer, reason=information.reasons[:500]) as this:
        this.detail |= approved.named()
        with together():  # request, envelope, entry and their lines: one trip
            requests = _make(officer, information, asked, here)
            _send(officer, information, requests, attachments)
        changes.tell_registered(*requests)
        this.on = ("request", str(requests[0].pk))
        this.recipients = [unit.pk for unit in asked]
        this.detail |= {"references": [request.our_ref for request in requests], "handling": information.handling}
    return requests


def content_of_information(information: Information) -> Content:
    """What a record of information shares with a request."""
    return Content(
        language=information.language,
        handling=information.handling,
        handling_note=information.handling_note,
        offences=information.offences,
        subjects=information.subjects,
    )


def _make(
    officer: Officer, information: Information, asked: Sequence[Organisation], here: Organisation
) -> list[Request]:
    inquiry, at = uuid.uuid4(), now()
    awaits = information.outcome_wanted
    return [
        make_request(
            content_of_information(information),
            kind=Request.Kind.INFORMATION,
            our_ref=reference,
            inquiry=inquiry,
            way=Way.OUT,
            partner=unit,
            profile=profile_with(unit, "", here),
            submitted_by=here,
            also_sent_to=[other.pk for other in asked if other.pk != unit.pk],
            state=State.SENT if awaits else State.CLOSED,
            owner=officer,
            made_at=at,
            closed_at=None if awaits else at,  # nothing is expected back
            texts=[information.text],
        )
        for unit, reference in zip(asked, take_numbers([at] * len(asked), here), strict=True)
    ]


def _send(
    officer: Officer, information: Information, requests: Sequence[Request], attachments: Sequence[Attachment]
) -> None:
    columns = {name: getattr(information, name) for name in SUPPLY}
    carried = {name: value for name, value in columns.items() if name != "handling"}
    body = InformationBody(
        agent=officer.function,
        asked={one.partner_id: AskedBody(reference=one.our_ref, profile=one.profile) for one in requests},
        text=information.text,
        reasons=information.reasons,
        offences=list(information.offences),
        subjects=[subject_body(subject) for subject in information.subjects],
        **carried,
    )
    to = [request.partner_id for request in requests]
    envelope = post(Entry.Kind.INFORMATION, body, to, requests[0], information.handling, attachments, officer)
    for request in requests:
        entry = keep(
            request,
            Entry.Kind.INFORMATION,
            Way.OUT,
            to_the_millisecond(envelope.at),
            envelope,
            indexed=True,
            by=officer,
            text=information.text,
            reasons=information.reasons,
            **columns,
        )
        attach(entry, envelope, attachments)
