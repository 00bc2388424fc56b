"""Asking other units, and what the house does with a request: taking, assigning, access, notes, closing."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.exchange import changes
from ilex.exchange.actions import approved
from ilex.exchange.actions.entries import attach, keep, must_permit, post
from ilex.exchange.actions.records import CONTENT_COLUMNS, make_request, subject_body
from ilex.exchange.actions.references import take_numbers
from ilex.exchange.actions.twins import point_out_twins
from ilex.exchange.messages import AskedBody, RequestBody
from ilex.exchange.models import Entry, Request, State, Way
from ilex.exchange.queries.reach import reach
from ilex.exchange.rules import (
    NODE,
    Content,
    Invalid,
    Unconfirmed,
    check_content,
    check_stated,
)
from ilex.gate.fields import to_the_millisecond
from ilex.gate.models import Attachment
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.units import queries as units
from ilex.units.models import Officer, Organisation, Place, Role
from ilex.words import law


def ask(
    officer: Officer,
    content: Content,
    *,
    to: Sequence[str],
    attachments: Sequence[Attachment] = (),
    channel: str = NODE,
    said_at: datetime | None = None,
    confirmed: bool = False,
) -> list[Request]:
    """Send one inquiry to one or several units: a request for each, one envelope for all.

    Raises Invalid with a sentence for each wrong field, Unconfirmed while there are warnings that the officer has
    not confirmed. On another channel than the node nothing is sent: the officer did that, and says when.
    """
    must_permit(officer, "request.send")
    content = stripped(content)
    here = units.here()
    asked = recipients(to, here)
    submitter = submitter_of(officer, content)
    at = check_stated(said_at, channel, now())
    profiles = {unit.pk: profile_with(unit, content.profile, here) for unit in asked}
    check_all(content, set(profiles.values()), channel)
    if not confirmed and (warnings := reach(content, to, attachments, channel).warnings):
        raise Unconfirmed(warnings)
    with act("request.sent", Operation.DISCLOSURE, by=officer, reason=content.purpose[:500]) as this:
        this.detail |= approved.named()
        requests = _make(officer, content, asked, profiles, submitter, channel, at)
        _send(officer, content, requests, attachments, channel, at)
        for request in requests:
            point_out_twins((request, content.subjects))
        changes.tell_registered(*requests)
        this.on = ("request", str(requests[0].pk))
        this.recipients = [unit.pk for unit in asked]
        this.detail |= _facts_for_journal(content, requests, channel)
    return requests


def _facts_for_journal(content: Content, requests: Sequence[Request], channel: str) -> dict[str, Any]:
    return {
        "references": [request.our_ref for request in requests],
        "channel": channel,
        "urgency": content.urgency,
        "handling": content.handling,
        "withheld": content.copy_withheld,
        "tested": ["necessary", "proportionate", "available"],
    }


def _make(
    officer: Officer,
    content: Content,
    asked: Sequence[Organisation],
    profiles: dict[str, str],
    submitter: Organisation,
    channel: str,
    at: datetime,
) -> list[Request]:
    inquiry, here = uuid.uuid4(), units.here()
    place = content.on_behalf_place or here.place_id
    return [
        make_request(
            content,
            our_ref=reference,
            inquiry=inquiry,
            way=Way.OUT,
            partner=unit,
            profile=profiles[unit.pk],
            requesting_place_id=place,
            submitted_by=submitter,
            also_sent_to=[other.pk for other in asked if other.pk != unit.pk],
            channel=channel,
            state=State.SENT,
            owner=officer,
            made_at=at,
            # On our own line the clock waits for the partner's receipt; elsewhere the officer's word starts it.
            received_at=None if channel == NODE else at,
            reason="stated",
            here=here,
        )
        for unit, reference in zip(asked, take_numbers([at] * len(asked), here), strict=True)
    ]


def _send(
    officer: Officer,
    content: Content,
    requests: Sequence[Request],
    attachments: Sequence[Attachment],
    channel: str,
    at: datetime,
) -> None:
    envelope = None
    if channel == NODE:
        body = body_of(officer, content, requests)
        to = [request.partner_id for request in requests]
        envelope = post(Entry.Kind.REQUEST, body, to, requests[0], content.handling, attachments, officer)
        at = to_the_millisecond(envelope.at)
    for request in requests:
        entry = keep(
            request,
            Entry.Kind.REQUEST,
            Way.OUT,
            at,
            envelope,
            by=officer,
            handling=content.handling,
            handling_note=content.handling_note,
            reached_at=None if envelope else at,
            details={"tested": ["necessary", "proportionate", "available"]},
        )
        attach(entry, envelope, attachments)


def body_of(officer: Officer, content: Content, requests: Sequence[Request]) -> RequestBody:
    submitter = requests[0].submitted_by
    return RequestBody(
        agent=officer.function,
        asked={
            request.partner_id: AskedBody(reference=request.our_ref, profile=request.profile) for request in requests
        },
        submitted_by=submitter.name[:200] if submitter.pk != units.here().pk else "",
        offences=list(content.offences),
        subjects=[subject_body(subject) for subject in content.subjects],
        on_behalf_place=content.on_behalf_place,
        **{name: getattr(content, name) for name in CONTENT_COLUMNS if name in RequestBody.model_fields},
    )


# --- the checks before a request leaves ---


def stripped(content: Content) -> Content:
    typed: dict[str, Any] = {}
    for field in fields(content):
        value = getattr(content, field.name)
        typed[field.name] = value.strip() if isinstance(value, str) else value
    return Content(**typed)


def recipients(to: Sequence[str], here: Organisation | None = None) -> list[Organisation]:
    """The units asked, each once, in the officer's order. Raises Invalid("to")."""
    wanted = list(dict.fromkeys(to))
    if not wanted:
        raise Invalid({"to": _("Choose at least one unit.")})
    if (here or units.here()).pk in wanted:
        raise Invalid({"to": _("A unit does not write to itself.")})
    found = {unit.pk: unit for unit in Organisation.objects.filter(pk__in=wanted).select_related("place")}
    if missing := [unit for unit in wanted if unit not in found]:
        raise Invalid({"to": _("%(unit)s is not in the directory.") % {"unit": ", ".join(missing)}})
    return [found[unit] for unit in wanted]


def profile_with(partner: Organisation, stated: str, here: Organisation | None = None) -> str:
    """The code of the rules that the officer stated, else of those agreed with this partner."""
    if not stated:
        return units.profile_between(here or units.here(), partner)
    if stated not in {profile.code for profile in law.profiles()}:
        raise Invalid({"profile": _("Choose one from the list.")})
    return stated


def check_all(content: Content, profiles: set[str], channel: str) -> None:
    """Units under different rules may be asked together: then the content must satisfy all of them."""
    found: dict[str, str] = {}
    for code in sorted(profiles):
        found = {**check_content(content, law.profile(code), channel), **found}
    if content.on_behalf_place and not Place.objects.filter(pk=content.on_behalf_place).exists():
        found["on_behalf_place"] = _("Choose one from the list.")
    if found:
        raise Invalid(found)


def submitter_of(officer: Officer, content: Content) -> Organisation:
    """The unit itself, or the designated authority whose officer submits: Art. 4(1)."""
    if set(officer.roles) - {Role.AUTHORITY}:
        if content.copy_withheld:
            raise Invalid({"copy_withheld": _("Only a designated authority can withhold the copy from its unit.")})
        return units.here()
    if not officer.organisation.designated:
        raise PermissionDenied(_("Your authority is not designated to send requests itself."))
    return officer.organisation
