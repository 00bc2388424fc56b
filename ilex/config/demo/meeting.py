"""The workshop that the units of the demonstration held, and the visit that is to come: from plan to certificate."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.utils.timezone import localdate, make_aware

from ilex.config.demo.part import Part, unit_of
from ilex.config.demo.people import COORDINATOR, ROLES
from ilex.library.actions import items, publishing, sharing
from ilex.library.models import Item
from ilex.programme.actions import (
    actions,
    activities,
    agenda,
    attending,
    certificates,
    deciding,
    invitations,
    involving,
    nominating,
)
from ilex.programme.models import Action, Activity, Certificate, Evaluation, Nomination, Travel
from ilex.units.models import Officer

DUTY = ROLES[0]
State = Nomination.State


# --- the unit that leads


def hold_workshop(part: Part) -> bool:
    said, by = part.told["workshop"], part.officer(COORDINATOR)
    activity = Activity.objects.filter(title=said["title"], owner=by.organisation).first()
    if activity is None:
        names = ("title", "text", "venue", "capacity")
        activity = activities.add_activity(
            by,
            kind="workshop",
            action=_action(part, by),
            when=localdate().isoformat(),
            opens=time(9),
            closes=time(16),
            place=by.organisation.place_id,
            languages=["en"],
            **{name: said[name] for name in names},
        )
        involving.involve(by, activity, role="host", organisation=by.organisation_id)
        agenda.set_agenda(by, activity, [agenda.Point(**point) for point in said["agenda"]])
    _invite(by, activity, invitations.Terms(_quotas(part, said), said["invitation"], travel_wanted=True))
    return True


def _quotas(part: Part, said: dict[str, Any]) -> dict[str, int]:
    return dict.fromkeys(map(unit_of, part.others), said["places"])


def _invite(by: Officer, activity: Activity, terms: invitations.Terms) -> None:
    if activity.state == Activity.State.DRAFT:
        activities.announce(by, activity, list(terms.quotas))
    if not activity.invitations.exists():
        invitations.invite(by, Activity.objects.get(pk=activity.pk), terms)


def _action(part: Part, by: Officer) -> Action:
    said = part.told["action"]
    if found := Action.objects.filter(title=said["title"]).first():
        return found
    year = localdate().year
    made = actions.add_action(
        by,
        title=said["title"],
        kind="project",
        summary=said["summary"],
        status="running",
        when=f"{year}/{year + 1}",
        themes=["training"],
    )
    actions.set_objectives(by, made, [("overall", said["objective"])])
    for code in part.units:
        involving.involve(by, made, role="implementing" if code == part.code else "partner", organisation=unit_of(code))
    return made


def decide(part: Part) -> bool:
    """Everybody is confirmed but the last, for whom a place may come free."""
    invitation, wanted = part.of_workshop(), part.told["workshop"]["places"] * len(part.others)
    rows = list(invitation.nominations.filter(state=State.SENT).order_by("unit", "pk"))
    if invitation.nominations.exclude(state=State.SENT).exists():
        return True
    if len(rows) < wanted:
        return False
    words = {row.pk: deciding.Decision("confirmed") for row in rows}
    words[rows[-1].pk] = deciding.Decision("waiting")
    deciding.decide(part.officer(COORDINATOR), invitation, words)
    return True


def record(part: Part) -> bool:
    """Who came, once the units have said how people travel; and certificates for them."""
    invitation, by = part.of_workshop(), part.officer(COORDINATOR)
    if Travel.objects.filter(nomination__invitation=invitation).count() < len(part.others):
        return False
    rows = list(invitation.nominations.filter(state=State.CONFIRMED).order_by("pk"))
    if rows:
        attending.record_attendance(by, invitation, {row.pk: True for row in rows})
    bare = list(invitation.nominations.filter(state=State.ATTENDED, certificate=None))
    if bare:
        certificates.certify(by, invitation, bare)
    activity = Activity.objects.get(pk=invitation.activity_id)
    if activity.state != Activity.State.HELD:
        activities.hold(by, activity, f"{invitation.nominations.filter(state=State.ATTENDED).count()} people")
    return True


def tell_news(part: Part) -> bool:
    said, by = part.told["news"], part.officer(COORDINATOR)
    if not Certificate.objects.exists():
        return False
    item = Item.objects.filter(texts__title=said["title"]).first()
    if item is None:
        key = part.of_workshop().activity.key
        text = items.Text("en", said["title"], said["teaser"], said["body"].strip())
        signed = [items.Signed(by.function)]
        item = items.write_item(by, items.Letter(text, kind="event-report", authors=signed, about_activities=[key]))
    if item.state == Item.State.DRAFT:
        publishing.publish(by, item)
    if not item.shared:
        sharing.share(by, item, list(map(unit_of, part.others)))
    return True


# --- the units that are invited


def nominate(part: Part) -> bool:
    """The duty officer thinks of three, the coordinator chooses two; the third name never leaves the house."""
    invitation = part.invited_to("workshop")
    if invitation is None:
        return False
    rows = list(invitation.nominations.filter(unit=unit_of(part.code)).order_by("pk"))
    if any(row.state not in (State.PROPOSED, State.CHOSEN, State.DROPPED) for row in rows):
        return True
    by, places = part.officer(COORDINATOR), part.told["workshop"]["places"]
    for name in part.told["people"][part.code][len(rows) :]:
        rows.append(nominating.propose(part.officer(DUTY), invitation, _nominee(name)))
    for row in rows[:places]:
        if row.state != State.CHOSEN:
            nominating.choose(by, row)
    for row in rows[places:]:
        if row.state == State.PROPOSED:
            nominating.drop(by, row)
    nominating.send_nominations(by, invitation)
    return True


def _nominee(name: str) -> nominating.Nominee:
    return nominating.Nominee(name, DUTY.function, languages=["en"])


def travel(part: Part) -> bool:
    coming = Nomination.objects.filter(unit=unit_of(part.code), state__in=(State.CONFIRMED, State.ATTENDED))
    row = coming.order_by("pk").first()
    if row is None:
        return False
    if row.state == State.CONFIRMED and not Travel.objects.filter(nomination=row).exists():
        arrives = make_aware(datetime.combine(localdate(), time(8, 15)))
        journey = nominating.Journey(arrives_at=arrives, needs=part.told["workshop"]["needs"])
        nominating.send_travel(part.officer(COORDINATOR), row.invitation, {row: journey})
    return True


def evaluate(part: Part) -> bool:
    row = Nomination.objects.filter(unit=unit_of(part.code), state=State.ATTENDED).order_by("pk").first()
    if row is None:
        return False
    if not Evaluation.objects.filter(nomination=row).exists():
        said = part.told["workshop"]
        attending.evaluate(part.officer(DUTY), row, said["marks"], said["said"] if part.hosts else "")
    return True


# --- a visit to come: the invitation waits for its readers


def plan_visit(part: Part) -> bool:
    said, by = part.told["visit"], part.officer(COORDINATOR)
    activity = Activity.objects.filter(title=said["title"], owner=by.organisation).first()
    if activity is None:
        today = localdate()
        first = today + timedelta(weeks=said["weeks_ahead"], days=1 - today.weekday())  # a Tuesday
        activity = activities.add_activity(
            by,
            title=said["title"],
            kind="visit",
            text=said["text"],
            venue=said["venue"],
            when=f"{first}/{first + timedelta(days=1)}",
            place=by.organisation.place_id,
            languages=["en"],
        )
        involving.involve(by, activity, role="host", organisation=by.organisation_id)
    last = make_aware(datetime.combine(localdate() + timedelta(days=said["answer_days"]), time(23, 59)))
    _invite(by, activity, invitations.Terms(_quotas(part, said), said["invitation"], answer_by=last))
    return True


def propose_for_visit(part: Part) -> bool:
    """One is proposed and waits for the coordinator."""
    invitation = part.invited_to("visit")
    if invitation is None:
        return False
    if not invitation.nominations.exists():
        nominating.propose(part.officer(DUTY), invitation, _nominee(part.told["people"][part.code][0]))
    return True
