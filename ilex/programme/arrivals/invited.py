"""What an organiser tells us: an invitation, its end, his decisions, who came, and certificates."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.utils.timezone import now

from ilex.gate.fields import to_the_millisecond
from ilex.gate.registry import Arrived, NotYet, Refuse
from ilex.journal.actions import write
from ilex.journal.models import Operation
from ilex.programme.actions.numbers import is_of
from ilex.programme.actions.stepping import note, settle_days
from ilex.programme.messages import (
    AttendanceBody,
    AttendedBody,
    CertificateRevokedBody,
    DecisionBody,
    InvitationBody,
    InvitationEndedBody,
    NominationsDecidedBody,
)
from ilex.programme.models import Certificate, Invitation, Nomination, Quota
from ilex.programme.queries.certificates import known_keys
from ilex.programme.rules.certificates import NotVerified, verify
from ilex.programme.rules.nominations import MAY
from ilex.programme.telling import taken
from ilex.units.models import Organisation

State = Nomination.State
DECIDED = {"confirmed": "confirm", "waiting": "wait", "declined": "decline"}


def take_in_invitation(arrived: Arrived) -> None:
    """Made, or changed by a higher version. Only a unit with a quota of its own is invited."""
    body = cast(InvitationBody, arrived.body)
    if arrived.here.pk not in body.quotas:
        raise Refuse("no-quota", "The invitation gives this unit no quota.")
    known = Invitation.objects.select_for_update(of=("self",)).filter(pk=body.number).first()
    if known is not None and (known.way != Invitation.Way.IN or known.organiser_id != arrived.sender.pk):
        raise Refuse("known-number", "An invitation of this number is another unit's.")
    activity = taken(body.activity, arrived.sender)
    if known is None or known.version < body.version:
        known = _keep(arrived, body, known)
        known.activity = activity
        known.save()
        _keep_quotas(known, body.quotas)
        settle_days(known)
    _write("invitation.arrived", arrived, ("invitation", str(body.number)), version=body.version)


def take_in_ended(arrived: Arrived) -> None:
    """Closed: nobody more is nominated. Cancelled: nobody comes. What ended stays ended."""
    body = cast(InvitationEndedBody, arrived.body)
    invitation = _invitation(arrived, body.number)
    of = [Invitation.State.OPEN] + ([Invitation.State.CLOSED] if body.ended == "cancelled" else [])
    rows = Invitation.objects.filter(pk=invitation.pk, state__in=of)
    rows.update(state=body.ended, ended_why=body.reason, read_at=None)
    _write(f"invitation.{body.ended}-arrived", arrived, ("invitation", str(invitation.pk)))


def take_in_decided(arrived: Arrived) -> None:
    """Of people we withdrew meanwhile his word comes too late and changes nothing."""
    body = cast(NominationsDecidedBody, arrived.body)
    invitation = _invitation(arrived, body.number)
    people = _people(arrived, invitation, [one.nomination for one in body.decisions])
    for said in body.decisions:
        _decide(people[said.nomination], said)
    _write("nominations.decision-arrived", arrived, ("invitation", str(invitation.pk)), count=len(people))


def take_in_attendance(arrived: Arrived) -> None:
    """Who came; with a certificate, which must be the organiser's own and about this person."""
    body = cast(AttendanceBody, arrived.body)
    invitation = _invitation(arrived, body.number)
    people = _people(arrived, invitation, [one.nomination for one in body.people])
    for said in body.people:
        _attend(arrived, people[said.nomination], said)
    settle_days(invitation)
    _write("attendance.arrived", arrived, ("invitation", str(invitation.pk)), count=len(people))


def take_in_revoked(arrived: Arrived) -> None:
    body = cast(CertificateRevokedBody, arrived.body)
    rows = Certificate.objects.filter(number=body.certificate, nomination__invitation__organiser=arrived.sender)
    row = rows.filter(nomination__invitation__way=Invitation.Way.IN).first()
    if row is None:
        raise NotYet  # the certificate may still be on its way
    at = to_the_millisecond(arrived.envelope.at)
    Certificate.objects.filter(pk=row.pk, revoked_at=None).update(revoked_at=at, revoked_why=body.reason[:300])
    _write("certificate.revocation-arrived", arrived, ("certificate", row.number))


def _keep(arrived: Arrived, body: InvitationBody, known: Invitation | None) -> Invitation:
    """Its columns; the row is not saved."""
    if known is not None and known.state != Invitation.State.OPEN:
        raise Refuse("ended", "This invitation has ended.")
    at = to_the_millisecond(arrived.envelope.at)
    row = known or Invitation(
        pk=body.number,
        way=Invitation.Way.IN,
        state=Invitation.State.OPEN,
        organiser=arrived.sender,
        conversation=arrived.envelope.conversation,
        made_at=at,
    )
    row.version, row.text, row.answer_by = body.version, body.text, body.answer_by
    row.travel_wanted, row.keep_days = body.travel_wanted, body.keep_days
    language = arrived.envelope.language
    row.language = language if language in dict(settings.LANGUAGES) else "en"
    row.envelope, row.read_at = arrived.envelope, None
    return row


def _keep_quotas(invitation: Invitation, quotas: dict[str, int]) -> None:
    """Of the units that our directory knows; it always knows our own."""
    known = Organisation.objects.filter(pk__in=quotas).values_list("pk", flat=True)
    for unit in known:
        Quota.objects.update_or_create(invitation=invitation, unit_id=unit, defaults={"places": quotas[unit]})
    invitation.quotas.exclude(unit__in=quotas).delete()


def _invitation(arrived: Arrived, number: UUID) -> Invitation:
    """One that this sender sent us. Raises NotYet while it has not come, Refuse when it is another's."""
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("activity").filter(pk=number)
    row = rows.first()
    if row is None:
        raise NotYet
    if row.way != Invitation.Way.IN or row.organiser_id != arrived.sender.pk:
        raise Refuse("not-yours", "The invitation is not one of the sender.")
    return row


def _people(arrived: Arrived, invitation: Invitation, numbers: list[UUID]) -> dict[UUID, Nomination]:
    """Ours that were sent to this organiser; whoever is still at home he cannot know. Raises Refuse."""
    rows = invitation.nominations.filter(pk__in=numbers, unit=arrived.here)
    found = {row.pk: row for row in rows.exclude(state__in=[State.PROPOSED, State.DROPPED, State.CHOSEN])}
    if len(found) != len(set(numbers)):
        raise Refuse("not-nominated", "We did not nominate this person.")
    return found


def _decide(row: Nomination, said: DecisionBody) -> None:
    _step(row, DECIDED[said.decision], said.text, reason=said.reason, answer=said.text)


def _attend(arrived: Arrived, row: Nomination, said: AttendedBody) -> None:
    _step(row, "attend" if said.attended else "miss")
    if said.certificate and not Certificate.objects.filter(nomination=row).exists():
        row.refresh_from_db(fields=["state"])
        if row.state != State.ATTENDED:
            raise Refuse("bad-certificate", "A certificate is of somebody who came.")
        _keep_certificate(arrived, row, said.certificate)


def _step(row: Nomination, step: str, text: str = "", **columns: str) -> None:
    """By the table; from a state that does not lead there nothing happens: it was told before, or we withdrew."""
    of, to = MAY[step]
    changed = Nomination.objects.filter(pk=row.pk, state__in=of, erased_at=None)
    if changed.update(state=to, changed_at=now(), **columns):
        note([row], to, None, text)


def _keep_certificate(arrived: Arrived, row: Nomination, signed: str) -> None:
    try:
        words = verify(signed, known_keys())
    except NotVerified as error:
        raise Refuse("bad-certificate", f"The certificate does not hold: {error.code}.") from error
    if words.by != arrived.sender.pk or words.name != row.name:
        raise Refuse("bad-certificate", "The certificate is of somebody else.")
    if not is_of(words.no, "P", arrived.sender):
        raise Refuse("bad-certificate", "The number is not one of the sender's.")
    if Certificate.objects.filter(number=words.no).exists():
        raise Refuse("known-number", "A certificate of this number is another one.")
    day = to_the_millisecond(arrived.envelope.issued).date()
    Certificate.objects.create(nomination=row, number=words.no, issued_on=day, signed=signed)


def _write(act: str, arrived: Arrived, on: tuple[str, str], **detail: Any) -> None:
    message = str(arrived.envelope.id)
    write(act, Operation.COLLECTION, by=None, on=on, sender=arrived.sender.pk, message=message, **detail)
