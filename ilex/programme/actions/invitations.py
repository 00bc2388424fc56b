"""Inviting units to nominate people for an activity of ours: draft, send, change, close, cancel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from django.conf import settings
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.programme.actions.stepping import agent, locked, must_organise, post, post_reached, settle_days
from ilex.programme.messages import MOST_PEOPLE, MOST_UNITS, InvitationBody, InvitationEndedBody
from ilex.programme.models import Activity, Invitation, Quota
from ilex.programme.queries.nominations import standings
from ilex.programme.rules.errors import Invalid, NotNow, fitting, somebody_was_faster, written
from ilex.programme.telling import body_of
from ilex.units import queries as units
from ilex.units.models import Officer, Organisation
from ilex.units.rules import check

State = Invitation.State
KEEP_DAYS = 180
MOST_DAYS = 3650


@dataclass(frozen=True)
class Terms:
    """What an invitation says: the quota of each unit, a text, and until when to answer."""

    quotas: Mapping[str, int] = field(default_factory=dict)
    text: str = ""
    language: str = "en"
    answer_by: datetime | None = None
    travel_wanted: bool = False
    keep_days: int = KEEP_DAYS


def invite(officer: Officer, activity: Activity, terms: Terms) -> Invitation:
    """Write an invitation and send it at once. Raises Invalid, NotNow."""
    with act("invitation.made", Operation.COLLECTION, by=officer) as this:
        invitation = draft_invitation(officer, activity, terms)
        this.on = ("invitation", str(invitation.pk))
        return send_invitation(officer, invitation)


def draft_invitation(officer: Officer, activity: Activity, terms: Terms) -> Invitation:
    """Nothing leaves yet. Raises Invalid, NotNow."""
    check(officer, "nomination.choose")
    terms = _checked(terms)
    with act("invitation.drafted", Operation.COLLECTION, by=officer) as this:
        activity = Activity.objects.select_for_update(of=("self",)).get(pk=activity.pk)
        _must_be_ours(activity)
        invitation = Invitation.objects.create(
            way=Invitation.Way.OUT,
            activity=activity,
            organiser=units.here(),
            made_by=officer,
            made_at=now(),
            **_columns(terms),
        )
        _set_quotas(invitation, terms.quotas)
        this.on = ("invitation", str(invitation.pk))
        this.detail |= {"activity": activity.key, "quotas": dict(terms.quotas)}
    return invitation


def send_invitation(officer: Officer, invitation: Invitation) -> Invitation:
    """To every unit with a quota, by one sealed message. Raises NotNow, also when one cannot be reached."""
    check(officer, "nomination.choose")
    with act("invitation.sent", Operation.DISCLOSURE, by=officer, on=("invitation", str(invitation.pk))) as this:
        row = locked(invitation)
        must_organise(row)
        if row.activity.state == Activity.State.CANCELLED:
            raise NotNow(_("The activity is cancelled."))
        if not Invitation.objects.filter(pk=row.pk, state=State.DRAFT).update(state=State.OPEN):
            raise NotNow(_("This invitation was sent already."))
        this.recipients = _tell(row, officer)
    invitation.refresh_from_db()
    return invitation


def change_invitation(
    officer: Officer, invitation: Invitation, terms: Terms, *, version: int | None = None
) -> Invitation:
    """Units may come in and quotas change, and all are told. Nobody who was invited is taken off the list.

    `version` is the one that the officer saw. Raises Invalid, NotNow.
    """
    check(officer, "nomination.choose")
    terms = _checked(terms, was=invitation.answer_by)
    with act("invitation.changed", Operation.ALTERATION, by=officer, on=("invitation", str(invitation.pk))) as this:
        row = locked(invitation)
        must_organise(row)
        if row.state not in (State.DRAFT, State.OPEN):
            raise NotNow(_("This invitation is not open."))
        if version is not None and version != row.version:
            raise somebody_was_faster()
        if row.state == State.OPEN:
            _must_keep_places(row, terms.quotas)
        else:
            row.quotas.exclude(unit__in=terms.quotas).delete()
        for name, value in _columns(terms).items():
            setattr(row, name, value)
        row.version += row.state == State.OPEN
        row.save()
        _set_quotas(row, terms.quotas)
        settle_days(row)
        this.recipients = _tell(row, officer) if row.state == State.OPEN else []
        this.detail |= {"quotas": dict(terms.quotas), "version": row.version}
    invitation.refresh_from_db()
    return invitation


def close_invitation(officer: Officer, invitation: Invitation, reason: str = "") -> Invitation:
    """Nobody more is nominated; who was nominated still gets an answer. Raises NotNow."""
    return _end(officer, invitation, "closed", fitting("reason", reason, 300))


def cancel_invitation(officer: Officer, invitation: Invitation, reason: str) -> Invitation:
    """Nobody comes: the units are told why. Raises Invalid, NotNow."""
    return _end(officer, invitation, "cancelled", written("reason", reason, _("Say why, so that they can tell."), 300))


def activity_cancelled(officer: Officer, activity: Activity, reason: str) -> None:
    """End our invitations to an activity that does not take place. In the transaction of that act."""
    for invitation in activity.invitations.filter(way=Invitation.Way.OUT, state__in=[State.OPEN, State.CLOSED]):
        cancel_invitation(officer, invitation, reason)
    activity.invitations.filter(way=Invitation.Way.OUT, state=State.DRAFT).update(state=State.CANCELLED)


def _end(officer: Officer, invitation: Invitation, ended: Literal["closed", "cancelled"], reason: str) -> Invitation:
    check(officer, "nomination.choose")
    of = [State.OPEN] if ended == "closed" else [State.DRAFT, State.OPEN, State.CLOSED]
    on = ("invitation", str(invitation.pk))
    with act(f"invitation.{ended}", Operation.ALTERATION, by=officer, on=on, reason=reason) as this:
        row = locked(invitation)
        must_organise(row)
        if not Invitation.objects.filter(pk=row.pk, state__in=of).update(state=ended, ended_why=reason):
            raise NotNow(_("This invitation is not open."))
        if row.state != State.DRAFT:  # of a draft nobody has heard
            body = InvitationEndedBody(agent=agent(officer), number=row.pk, ended=ended, reason=reason)
            invited = [quota.unit_id for quota in row.quotas.all()]
            this.recipients = post_reached("programme.invitation-ended", body, row, invited, officer)
    invitation.refresh_from_db()
    return invitation


def _tell(invitation: Invitation, officer: Officer) -> list[str]:
    quotas = {quota.unit_id: quota.places for quota in invitation.quotas.order_by("unit")}
    body = InvitationBody(
        agent=agent(officer),
        number=invitation.pk,
        version=invitation.version,
        activity=body_of(invitation.activity),
        quotas=quotas,
        text=invitation.text,
        answer_by=invitation.answer_by,
        travel_wanted=invitation.travel_wanted,
        keep_days=invitation.keep_days,
    )
    envelope = post("programme.invitation", body, invitation, list(quotas), officer)
    Invitation.objects.filter(pk=invitation.pk).update(envelope=envelope)
    return list(quotas)


def _must_be_ours(activity: Activity) -> None:
    here = units.here()
    if activity.owner_id is None:  # of the seeds, nobody's: who invites to it takes it over
        Activity.objects.filter(pk=activity.pk).update(owner=here, version=activity.version + 1, changed_at=now())
    elif activity.owner_id != here.pk:
        raise NotNow(_("Only the unit whose activity this is can invite to it."))
    if activity.state == Activity.State.CANCELLED:
        raise NotNow(_("The activity is cancelled."))
    if activity.invitations.filter(way=Invitation.Way.OUT, state__in=[State.DRAFT, State.OPEN]).exists():
        raise NotNow(_("There is an invitation to this activity already: change that one."))


def _must_keep_places(invitation: Invitation, quotas: Mapping[str, int]) -> None:
    for standing in standings(invitation):
        unit, places = standing.quota.unit, quotas.get(standing.quota.unit_id, 0)
        if not places:
            raise Invalid({"quotas": _("%(unit)s is invited already and cannot be left out.") % {"unit": unit.name}})
        if places < standing.nominated:
            told = {"unit": unit.name, "count": standing.nominated, "places": places}
            sentence = _("%(unit)s nominated %(count)s people already: its quota cannot be %(places)s.")
            raise Invalid({"quotas": sentence % told})


def _set_quotas(invitation: Invitation, quotas: Mapping[str, int]) -> None:
    for unit, places in quotas.items():
        Quota.objects.update_or_create(invitation=invitation, unit_id=unit, defaults={"places": places})


def _columns(terms: Terms) -> dict[str, object]:
    return {name: value for name, value in vars(terms).items() if name != "quotas"}


def _checked(terms: Terms, was: datetime | None = None) -> Terms:
    """Raises Invalid with every fault."""
    faults: dict[str, str] = {}
    if fault := _wrong_quotas(terms.quotas):
        faults["quotas"] = fault
    if terms.language not in dict(settings.LANGUAGES):
        faults["language"] = _("Choose one from the list.")
    if terms.answer_by is not None and terms.answer_by != was and terms.answer_by <= now():
        faults["answer_by"] = _("The day to answer has passed already.")
    if not 1 <= terms.keep_days <= MOST_DAYS:
        faults["keep_days"] = _("Write a number of days from 1 to %(most)s.") % {"most": MOST_DAYS}
    try:
        text = fitting("text", terms.text, 4_000)
    except Invalid as wrong:
        faults |= wrong.fields
    if faults:
        raise Invalid(faults)
    return Terms(**{**vars(terms), "text": text, "quotas": dict(terms.quotas)})


def _wrong_quotas(quotas: Mapping[str, int]) -> str:
    if not quotas:
        return _("Give at least one unit a quota.")
    if len(quotas) > MOST_UNITS:
        return _("Invite %(most)s units at most.") % {"most": MOST_UNITS}
    if any(not 1 <= places <= MOST_PEOPLE for places in quotas.values()):
        return _("A quota is a number of people from 1 to %(most)s.") % {"most": MOST_PEOPLE}
    known = Organisation.objects.filter(pk__in=quotas, kind=Organisation.Kind.UNIT).count()
    return "" if known == len(quotas) else _("Choose units from the list.")
