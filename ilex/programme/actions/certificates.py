"""Certificates: signed by this node for those who came, sent to their units, revoked when they were wrong."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from ilex.gate import keys
from ilex.gate.signing import Signer
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.programme.actions import numbers
from ilex.programme.actions.stepping import agent, by_unit, is_ours, locked, must_organise, post_reached
from ilex.programme.messages import AttendanceBody, AttendedBody, CertificateRevokedBody
from ilex.programme.models import Activity, Certificate, Invitation, Nomination
from ilex.programme.rules.certificates import Words, sign
from ilex.programme.rules.errors import Invalid, NotNow, written
from ilex.units import queries as units
from ilex.units.models import Officer
from ilex.units.rules import check


def certify(officer: Officer, invitation: Invitation, nominations: Sequence[Nomination]) -> list[Certificate]:
    """One for each of these people who came; their units get them. Raises Invalid, NotNow."""
    check(officer, "nomination.choose")
    wanted = {one.pk for one in nominations}
    on = ("invitation", str(invitation.pk))
    with act("certificates.issued", Operation.DISCLOSURE, by=officer, on=on) as this:
        row = locked(invitation)
        must_organise(row)
        found = list(row.nominations.filter(pk__in=wanted, state=Nomination.State.ATTENDED, erased_at=None))
        if not found or len(found) != len(wanted):
            raise NotNow(_("A certificate is given to people who came."))
        if Certificate.objects.filter(nomination__in=found).exists():
            raise NotNow(_("One of these people has a certificate already."))
        made = _issue(row.activity, found)
        for unit, theirs in by_unit(found).items():
            signed = {one.nomination_id: one.signed for one in made}
            people = [AttendedBody(nomination=one.pk, attended=True, certificate=signed[one.pk]) for one in theirs]
            body = AttendanceBody(agent=agent(officer), number=row.pk, people=people)
            this.recipients = [*this.recipients, *post_reached("programme.attendance", body, row, [unit], officer)]
        this.detail |= {"numbers": [one.number for one in made]}
    return made


def revoke_certificate(officer: Officer, certificate: Certificate, why: str) -> None:
    """It was given wrongly. The unit of the person is told; whoever verifies elsewhere cannot know. Raises NotNow."""
    check(officer, "nomination.choose")
    why = written("why", why, _("Say why it is revoked."), 300)
    on = ("certificate", certificate.number)
    with act("certificate.revoked", Operation.DISCLOSURE, by=officer, on=on, reason=why) as this:
        row = certificate.nomination.invitation
        if not is_ours(row):
            raise NotNow(_("Only the unit that gave the certificate can revoke it."))
        valid = Certificate.objects.filter(pk=certificate.pk, revoked_at=None)
        if not valid.update(revoked_at=now(), revoked_why=why):
            raise NotNow(_("This certificate was revoked already."))
        body = CertificateRevokedBody(agent=agent(officer), certificate=certificate.number, reason=why)
        unit = certificate.nomination.unit_id
        this.recipients = post_reached("programme.certificate-revoked", body, row, [unit], officer)


def _issue(activity: Activity, rows: Sequence[Nomination]) -> list[Certificate]:
    signer, here, at = keys.own().seal, units.here(), now()
    ours = Certificate.objects.filter(nomination__invitation__way=Invitation.Way.OUT)
    taken = numbers.take("P", ours.values_list("number", flat=True), at, len(rows))
    return Certificate.objects.bulk_create(
        [
            Certificate(
                nomination=row,
                number=number,
                issued_on=localdate(at),
                signed=_signed(
                    Words(
                        no=number,
                        name=row.name,
                        title=activity.title,
                        when=activity.when,
                        place=_place(activity),
                        by=here.pk,
                    ),
                    signer,
                ),
            )
            for row, number in zip(rows, taken, strict=True)
        ]
    )


def _signed(words: Words, signer: Signer) -> str:
    try:
        return sign(words, signer)
    except ValueError as error:
        raise Invalid({"people": _("The name is too long for a certificate.")}) from error


def _place(activity: Activity) -> str:
    if activity.place is None:
        return activity.place_printed
    return units.place_name(activity.place, activity.language).text
