"""What partners ask us to allow, and what they decided on our questions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from ilex.gate.fields import to_the_millisecond
from ilex.gate.models import Envelope
from ilex.gate.registry import Arrived, NotYet, Refuse
from ilex.journal.actions import write
from ilex.journal.models import Operation
from ilex.sharing.messages import ConsentAskedBody, ConsentDecidedBody, ConsentItemBody
from ilex.sharing.models import Consent, Disclosure
from ilex.subjects.models import Link, Statement
from ilex.units.models import Organisation

State = Consent.State


def take_in_asked(arrived: Arrived) -> None:
    """Kept for an officer to decide. Only what is ours and was given to somebody can be asked about."""
    body = cast(ConsentAskedBody, arrived.body)
    if Consent.objects.filter(way=Consent.Way.GIVEN, unit=arrived.sender, number=body.number).exists():
        raise Refuse("known-number", "A question of this number was taken in before.")
    if Organisation.objects.filter(pk__in=body.to).count() != len(set(body.to)):
        raise Refuse("unknown-unit", "A recipient is not in our directory.")
    _must_be_ours(arrived, body.items)
    consent = Consent.objects.create(
        way=Consent.Way.GIVEN,
        unit=arrived.sender,
        number=body.number,
        statements=list(dict.fromkeys(item.number for item in body.items)),
        items=[item.model_dump(mode="json") for item in body.items],
        use=body.use,
        to=list(dict.fromkeys(body.to)),
        reason=body.reason,
        done=body.done,
        asked_at=to_the_millisecond(arrived.envelope.at),
        envelope=arrived.envelope,
    )
    _write("consent.arrived", arrived, consent)


def _must_be_ours(arrived: Arrived, items: Sequence[ConsentItemBody]) -> None:
    said = {item.number for item in items if item.known_as == "statement"}
    given = set(Disclosure.objects.filter(statement__in=said).values_list("statement", flat=True))
    here = arrived.here.pk
    ours = set(Statement.objects.filter(pk__in=given, owner=here).values_list("pk", flat=True))
    ours |= set(Link.objects.filter(pk__in=given, owner=here).values_list("pk", flat=True))
    letters = {item.number for item in items if item.known_as == "message"}
    sent = Envelope.objects.filter(way=Envelope.Way.OUT, id__in=letters, recipients__contains=[arrived.sender.pk])
    if said - ours or letters - set(sent.values_list("id", flat=True)):
        raise Refuse("not-ours", "It asks about something that we did not provide.")


def take_in_decided(arrived: Arrived) -> None:
    """The owner's yes, no, or yes no more: only about what we asked him."""
    body = cast(ConsentDecidedBody, arrived.body)
    rows = Consent.objects.select_for_update(of=("self",)).filter(way=Consent.Way.ASKED, unit=arrived.sender)
    consent = rows.filter(number=body.number).first()
    if consent is None:
        raise Refuse("not-asked", "We did not ask this.")
    decision = State(body.decision)
    of = State.GRANTED if decision is State.WITHDRAWN else State.ASKED
    if consent.state != of:
        if (State(consent.state), decision) == (State.ASKED, State.WITHDRAWN):
            raise NotYet
        raise Refuse("decided-before", "This was decided before.")
    columns = {"conditions": body.conditions} if decision is State.GRANTED else {"why": body.why}
    Consent.objects.filter(pk=consent.pk, state=of).update(
        state=decision,
        decided_at=to_the_millisecond(arrived.envelope.at),
        envelope=arrived.envelope,
        read_at=None,
        **columns,
    )
    _write(f"consent.{decision}-arrived", arrived, consent)


def _write(act: str, arrived: Arrived, consent: Consent) -> None:
    write(
        act,
        Operation.COLLECTION,
        by=None,
        on=("consent", str(consent.pk)),
        sender=arrived.sender.pk,
        message=str(arrived.envelope.id),
        use=consent.use,
        to=list(consent.to),
    )
