"""Nominating: people are proposed and chosen at home, and only the chosen names travel."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.programme.actions.stepping import (
    agent,
    day_of,
    is_ours,
    locked,
    must_be_open,
    must_not_be_cancelled,
    note,
    post,
    take_step,
)
from ilex.programme.messages import NominatedBody, NominationsBody, TravelBody, TravelSentBody
from ilex.programme.models import Invitation, Nomination, Quota, Travel
from ilex.programme.queries.nominations import only_own, our_quota
from ilex.programme.rules.errors import Invalid, NotNow, fitting, somebody_was_faster, written
from ilex.programme.rules.quotas import counted, over
from ilex.units import queries as units
from ilex.units.models import Officer
from ilex.units.rules import check
from ilex.words.scripts import folded_words

State = Nomination.State


@dataclass(frozen=True)
class Nominee:
    """Who is proposed. All of it leaves the house once the person is chosen and sent, and not before."""

    name: str
    function: str
    organisation: str = ""
    languages: Sequence[str] = ()
    prepares: bool = False
    note: str = ""


@dataclass(frozen=True)
class Journey:
    """What the host needs of a person who comes."""

    arrives_at: datetime | None = None
    leaves_at: datetime | None = None
    travels_from: str = ""
    document: str = ""
    needs: str = ""


def propose(officer: Officer, invitation: Invitation, nominee: Nominee) -> Nomination:
    """Stays at home. An authority's officer proposes for his own authority. Raises Invalid, NotNow."""
    check(officer, "nomination.propose")
    fields = _checked(nominee)
    if only_own(officer):
        fields["organisation"] = officer.organisation.name
    with act("nomination.proposed", Operation.COLLECTION, by=officer) as this:
        row = locked(invitation)
        must_be_open(row)
        _quota(row)
        made = _made(row, officer, fields)
        this.on = ("nomination", str(made.pk))
        this.detail |= {"invitation": str(row.pk)}
    return made


def choose(officer: Officer, nomination: Nomination) -> None:
    """May leave with the next sending. Raises NotNow, or Invalid for a person who is nominated otherwise."""
    check(officer, "nomination.choose")
    with act("nomination.chosen", Operation.ALTERATION, by=officer, on=_on(nomination)):
        must_be_open(_ours(nomination))
        try:
            with transaction.atomic():
                take_step([nomination], "choose", officer, chosen_by=officer)
        except IntegrityError as error:  # dropped, and proposed anew since
            raise _twice() from error


def drop(officer: Officer, nomination: Nomination, text: str = "") -> None:
    """Not chosen: the name stays at home until it is erased. Raises NotNow."""
    check(officer, "nomination.choose")
    text = fitting("text", text, 300)
    with act("nomination.dropped", Operation.ALTERATION, by=officer, on=_on(nomination)):
        _ours(nomination)
        take_step([nomination], "drop", officer, text)


def send_nominations(
    officer: Officer, invitation: Invitation, seen: Collection[str] | None = None
) -> Sequence[Nomination]:
    """Everybody who is chosen; `seen` are the ids of those whom the officer looked at before.

    Raises NotNow, before anything is sealed, when that is more than the quota, or somebody whom he did not see.
    """
    check(officer, "nomination.choose")
    with act("nominations.sent", Operation.DISCLOSURE, by=officer, on=("invitation", str(invitation.pk))) as this:
        row = locked(invitation)
        must_be_open(row)
        quota = _quota(row)
        rows = list(row.nominations.filter(unit=quota.unit_id, erased_at=None).order_by("pk"))
        chosen = [one for one in rows if one.state == State.CHOSEN]
        if seen is not None and set(seen) != {str(one.pk) for one in chosen}:
            raise somebody_was_faster()
        _must_fit(quota, [one.state for one in rows], chosen)
        take_step(chosen, "send", officer)
        Quota.objects.filter(pk=quota.pk).update(declined_at=None, declined_why="")
        if not is_ours(row):
            this.recipients = [row.organiser_id]
            people = [_body(one) for one in chosen]
            body = NominationsBody(agent=agent(officer), number=row.pk, people=people)
            post("programme.nominations", body, row, this.recipients, officer)
        this.detail |= {"count": len(chosen), "quota": quota.places}
    return chosen


def withdraw(officer: Officer, nomination: Nomination, text: str = "") -> None:
    """The person does not come after all; the organiser is told that, and not why. Raises NotNow."""
    check(officer, "nomination.choose")
    text = fitting("text", text, 300)
    with act("nomination.withdrawn", Operation.DISCLOSURE, by=officer, on=_on(nomination)) as this:
        row = _ours(nomination)
        take_step([nomination], "withdraw", officer, text)
        if not is_ours(row):
            this.recipients = [row.organiser_id]
            body = NominationsBody(agent=agent(officer), number=row.pk, withdrawn=[nomination.pk])
            post("programme.nominations", body, row, this.recipients, officer)


def decline_invitation(officer: Officer, invitation: Invitation, why: str) -> None:
    """We send nobody, and say why. Raises Invalid, NotNow."""
    check(officer, "nomination.choose")
    why = written("why", why, _("Say why nobody comes."), 300)
    with act("invitation.declined", Operation.DISCLOSURE, by=officer, on=("invitation", str(invitation.pk))) as this:
        row = locked(invitation)
        must_be_open(row)
        quota = _quota(row)
        states = row.nominations.filter(unit=quota.unit_id).values_list("state", flat=True)
        if counted(state for state in states if state != State.CHOSEN):
            raise NotNow(_("People are nominated already: withdraw them first."))
        if not Quota.objects.filter(pk=quota.pk, declined_at=None).update(declined_at=now(), declined_why=why):
            raise NotNow(_("This invitation was declined already."))
        if not is_ours(row):
            this.recipients = [row.organiser_id]
            body = NominationsBody(agent=agent(officer), number=row.pk, declined=why)
            post("programme.nominations", body, row, this.recipients, officer)


def send_travel(officer: Officer, invitation: Invitation, journeys: Mapping[Nomination, Journey]) -> list[Travel]:
    """When confirmed people come and go, to the organiser who asked for it. Raises Invalid, NotNow."""
    check(officer, "nomination.choose")
    checked = {row.pk: _checked_journey(journey) for row, journey in journeys.items()}
    with act("travel.sent", Operation.DISCLOSURE, by=officer, on=("invitation", str(invitation.pk))) as this:
        row = locked(invitation)
        must_not_be_cancelled(row)
        if not row.travel_wanted:
            raise NotNow(_("The organiser did not ask for travel data."))
        coming = row.nominations.filter(pk__in=checked, unit=units.here(), state=State.CONFIRMED, erased_at=None)
        if not checked or coming.count() != len(checked):
            raise NotNow(_("Travel data are sent of people who are confirmed."))
        kept = [
            Travel.objects.update_or_create(nomination_id=pk, defaults={**vars(journey), "at": now()})[0]
            for pk, journey in checked.items()
        ]
        if not is_ours(row):
            this.recipients = [row.organiser_id]
            travel = [TravelBody(nomination=pk, **vars(journey)) for pk, journey in checked.items()]
            body = TravelSentBody(agent=agent(officer), number=row.pk, travel=travel)
            post("programme.travel", body, row, this.recipients, officer)
        this.detail |= {"count": len(checked)}
    return kept


def key_of(name: str) -> str:
    """By which a person is known again, whatever the script and the order of the names."""
    return " ".join(sorted(folded_words(name)))[:160]


def _made(invitation: Invitation, officer: Officer, fields: dict[str, object]) -> Nomination:
    try:
        with transaction.atomic():
            made = Nomination.objects.create(
                invitation=invitation,
                unit=units.here(),
                name_key=key_of(str(fields["name"])),
                proposed_by=officer,
                changed_at=now(),
                erase_on=day_of(invitation),
                **fields,
            )
    except IntegrityError as error:
        raise _twice() from error
    note([made], State.PROPOSED, officer)
    return made


def _twice() -> Invalid:
    return Invalid({"name": _("This person is proposed or nominated already.")})


def _quota(invitation: Invitation) -> Quota:
    quota = our_quota(invitation)
    if quota is None:
        raise NotNow(_("This invitation gives your unit no places."))
    return quota


def _must_fit(quota: Quota, states: Sequence[str], chosen: Sequence[Nomination]) -> None:
    if not chosen:
        raise NotNow(_("Nobody is chosen yet."))
    if surplus := over(quota.places, states):
        sentence = _(
            "The quota is %(quota)s, and with these %(count)s people would be nominated: take %(surplus)s off the list."
        )
        raise NotNow(sentence % {"quota": quota.places, "count": counted(states), "surplus": surplus})


def _ours(nomination: Nomination) -> Invitation:
    if nomination.unit_id != units.here().pk:
        raise NotNow(_("Only the unit that nominates can do this."))
    return locked(nomination.invitation)


def _on(nomination: Nomination) -> tuple[str, str]:
    return "nomination", str(nomination.pk)


def _body(row: Nomination) -> NominatedBody:
    return NominatedBody(
        id=row.pk,
        name=row.name,
        function=row.function,
        organisation=row.organisation,
        languages=row.languages,
        prepares=row.prepares,
        note=row.note,
    )


def _checked(nominee: Nominee) -> dict[str, object]:
    """Raises Invalid with every fault."""
    faults: dict[str, str] = {}
    fields: dict[str, object] = {"languages": list(dict.fromkeys(nominee.languages))[:20], "prepares": nominee.prepares}
    limits = {"name": 160, "function": 200, "organisation": 300, "note": 300}
    for name, limit in limits.items():
        try:
            fields[name] = fitting(name, getattr(nominee, name), limit)
        except Invalid as wrong:
            faults |= wrong.fields
    if fields.get("name") is not None and not key_of(str(fields["name"])):
        faults["name"] = _("Write the name.")
    if fields.get("function") == "":
        faults["function"] = _("Write the function.")
    if faults:
        raise Invalid(faults)
    return fields


def _checked_journey(journey: Journey) -> Journey:
    if journey.arrives_at and journey.leaves_at and journey.leaves_at <= journey.arrives_at:
        raise Invalid({"leaves_at": _("The departure is not after the arrival.")})
    limits = {"travels_from": 120, "document": 60, "needs": 300}
    texts = {name: fitting(name, getattr(journey, name), limit) for name, limit in limits.items()}
    if not any([journey.arrives_at, journey.leaves_at, *texts.values()]):
        raise Invalid({"arrives_at": _("Write what the host should know.")})
    return Journey(journey.arrives_at, journey.leaves_at, **texts)
