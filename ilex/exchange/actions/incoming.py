"""Taking in what begins something: a request, or information that nobody asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from ilex.exchange import changes
from ilex.exchange.actions.arrivals import keep_arrived, refuse_any, supplied
from ilex.exchange.actions.handling import acknowledge
from ilex.exchange.actions.information import content_of_information
from ilex.exchange.actions.records import CONTENT_COLUMNS, make_request, subject_content
from ilex.exchange.actions.references import take_numbers
from ilex.exchange.actions.twins import point_out_twins
from ilex.exchange.messages import AskedBody, InformationBody, RequestBody
from ilex.exchange.models import Entry, Request, State, Way
from ilex.exchange.queries.twins import registered
from ilex.exchange.rules import (
    Content,
    Information,
    SubjectContent,
    check_content,
    check_information,
    reference_key,
)
from ilex.gate.fields import to_the_millisecond
from ilex.gate.registry import Arrived, Refuse
from ilex.journal.actions import write
from ilex.journal.models import Operation
from ilex.journal.rows import together
from ilex.units.models import Organisation, Place
from ilex.words import law


def take_in_request(arrived: Arrived) -> None:
    """Register it, start its clock at the moment our gate kept it, and acknowledge it with our reference."""
    body = cast(RequestBody, arrived.body)
    asked = our_part(arrived, body)
    must_begin_something(arrived)
    content = content_of(arrived, body, asked)
    refuse_any(check_content(content, law.profile(asked.profile), ours=False))
    at = to_the_millisecond(arrived.envelope.at)
    request = make_request(
        content,
        **columns_of(arrived, asked, at),
        our_ref=take_numbers([at], arrived.here)[0],
        requesting_place=place_of(body, arrived.sender),
        submitted_name=body.submitted_by,
        received_at=at,
        reason="received",
        here=arrived.here,
    )
    keep_arrived(arrived, request, Entry.Kind.REQUEST, handling_note=body.handling_note)
    point_out_twins((request, content.subjects))
    changes.tell_registered(request)
    acknowledge(request, None)
    write_arrival("request.arrived", arrived, request)


def take_in_information(arrived: Arrived) -> None:
    """Register what a partner tells us unasked; it has no clock, and waits to be read."""
    take_in_much_information([arrived])


def take_in_much_information(letters: Sequence[Arrived]) -> None:
    """The same for a batch: one after the other, each costs the database as much as ten in a batch."""
    must_begin_something(*letters)
    moments = [to_the_millisecond(arrived.envelope.at) for arrived in letters]
    references = take_numbers(moments, letters[0].here)
    with together():
        come = [
            _register_information(arrived, at, reference)
            for arrived, at, reference in zip(letters, moments, references, strict=True)
        ]
    point_out_twins(*come)
    changes.tell_registered(*(request for request, _subjects in come))


def _register_information(arrived: Arrived, at: datetime, our_ref: str) -> tuple[Request, Sequence[SubjectContent]]:
    body = cast(InformationBody, arrived.body)
    asked = our_part(arrived, body)
    columns = supplied(arrived, body)
    information = Information(
        text=body.text,
        reasons=body.reasons,
        offences=tuple(body.offences),
        subjects=tuple(subject_content(subject) for subject in body.subjects),
        language=arrived.envelope.language,
        handling=arrived.envelope.handling,
        **columns,
    )
    refuse_any(check_information(information))
    request = make_request(
        content_of_information(information),
        **columns_of(arrived, asked, at),
        our_ref=our_ref,
        kind=Request.Kind.INFORMATION,
        texts=[body.text],
    )
    said = {"text": body.text, "reasons": body.reasons, "indexed": True}
    keep_arrived(arrived, request, Entry.Kind.INFORMATION, **said, **columns)
    write_arrival("information.arrived", arrived, request)
    return request, information.subjects


def our_part(arrived: Arrived, body: RequestBody | InformationBody) -> AskedBody:
    """What the message says about us among those it asks."""
    here = arrived.here.pk
    if here not in body.asked or set(body.asked) != set(arrived.envelope.recipients):
        raise Refuse("not-asked", "The message does not ask the units it is sealed for.")
    asked = body.asked[here]
    if asked.profile not in {profile.code for profile in law.profiles()}:
        raise Refuse("unknown-profile", f"The legal profile {asked.profile} is not known here.")
    return asked


def must_begin_something(*letters: Arrived) -> None:
    """Raises Refuse when one of them comes in a conversation that its sender has begun before."""
    begun = registered({arrived.envelope.conversation for arrived in letters})
    for arrived in letters:
        name = arrived.envelope.conversation, arrived.sender.pk
        if name in begun:
            raise Refuse("known-conversation", "A request of this conversation is registered already.")
        begun.add(name)


def columns_of(arrived: Arrived, asked: AskedBody, at: datetime) -> dict[str, Any]:
    return {
        "inquiry": arrived.envelope.conversation,
        "way": Way.IN,
        "partner": arrived.sender,
        "profile": asked.profile,
        "submitted_by": arrived.sender,
        "also_sent_to": [unit for unit in arrived.envelope.recipients if unit != arrived.here.pk],
        "their_ref": asked.reference,
        "their_ref_key": reference_key(asked.reference),
        "state": State.RECEIVED,
        "made_at": at,
        "unread_since": at,
    }


def content_of(arrived: Arrived, body: RequestBody, asked: AskedBody) -> Content:
    named = {name: getattr(body, name) for name in CONTENT_COLUMNS if name in RequestBody.model_fields}
    return Content(
        **named,
        language=arrived.envelope.language,
        handling=arrived.envelope.handling,
        offences=tuple(body.offences),
        subjects=tuple(subject_content(subject) for subject in body.subjects),
        profile=asked.profile,
    )


def place_of(body: RequestBody, sender: Organisation) -> Place | None:
    """The requesting state: the one on whose behalf the request is relayed, else the sender's."""
    relayed = Place.objects.filter(pk=body.on_behalf_place).first() if body.on_behalf_place else None
    return relayed or sender.place


def write_arrival(act: str, arrived: Arrived, request: Request) -> None:
    write(
        act,
        Operation.COLLECTION,
        by=None,
        on=("request", str(request.pk)),
        sender=arrived.sender.pk,
        message=str(arrived.envelope.id),
        reference=request.our_ref,
    )
