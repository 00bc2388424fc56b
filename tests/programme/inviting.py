"""Activities, invitations and people for the tests of nominations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.utils.timezone import localdate, now

from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.programme.actions.invitations import Terms, invite
from ilex.programme.actions.nominating import Nominee, choose, propose, send_nominations
from ilex.programme.models import Activity, Invitation, Nomination
from ilex.programme.telling import body_of
from ilex.units.models import Officer, Organisation
from ilex.words.edtf import When
from tests.sharing.ceca import Partner

TITLE = "Workshop on document fraud"


def workshop(owner: str = "ilecu-rs", *, first: date | None = None, days: int = 2, **columns: Any) -> Activity:
    """Of two days, a month from now unless it says otherwise; saved."""
    first = first or localdate() + timedelta(days=30)
    made = Activity(
        **{
            "key": f"workshop-{uuid4().hex[:8]}",
            "kind": "workshop",
            "state": Activity.State.ANNOUNCED,
            "title": TITLE,
            "owner": Organisation.objects.get(pk=owner),
            "place_id": "RS",
            "venue": "Hall of the academy",
            "made_at": now(),
            "changed_at": now(),
            **columns,
        }
    )
    made.take_when(When.parse(f"{first}/{first + timedelta(days=days - 1)}"))
    with act("activity.added", Operation.COLLECTION, by=None, on=("activity", made.key)):
        made.save()
    return made


def over(activity: Activity, days_ago: int = 10) -> Activity:
    """It was two days long and ended so many days ago."""
    last = localdate() - timedelta(days=days_ago)
    activity.take_when(When.parse(f"{last - timedelta(days=1)}/{last}"))
    with act("activity.moved", Operation.ALTERATION, by=None, on=("activity", activity.key)):
        activity.save()
    return activity


def invited(vera: Officer, quotas: dict[str, int] | None = None, **terms: Any) -> Invitation:
    """An invitation of ours, sent."""
    activity = terms.pop("activity", None) or workshop()
    return invite(vera, activity, Terms(quotas=quotas or {"ilecu-mk": 3}, **terms))


def person(name: str = "Ceca Izmišljena", **fields: Any) -> dict[str, Any]:
    """As it stands in a message of a partner."""
    return {"id": str(uuid4()), "name": name, "function": "Case officer", **fields}


def nominates(partner: Partner, invitation: Invitation, *people: dict[str, Any]) -> Sequence[Nomination]:
    """The partner sends these; gives our rows in the order of the message."""
    body = {"number": str(invitation.pk), "people": list(people)}
    envelope = partner.says("programme.nominations", body, invitation.conversation)
    assert envelope.state == "taken", envelope.failure
    rows = Nomination.objects.in_bulk([UUID(one["id"]) for one in people])
    return [rows[UUID(one["id"])] for one in people]


def invites(partner: Partner, quota: int = 2, *, activity: Activity | None = None, **body: Any) -> Invitation:
    """The partner invites us to an activity of its own; gives our side of it."""
    other = activity or Activity(
        id=uuid4(), key=f"theirs-{uuid4().hex[:6]}", kind="training", title="Обука за граница", owner=None
    )
    if activity is None:
        first = localdate() + timedelta(days=30)
        other.take_when(When.parse(f"{first}/{first + timedelta(days=1)}"))
    number = body.pop("number", str(uuid4()))
    said = {
        "number": number,
        "version": 1,
        "activity": told(other),
        "quotas": {partner.ours.unit: quota, partner.unit: 5},
        **body,
    }
    envelope = partner.says("programme.invitation", said, uuid4())
    assert envelope.state == "taken", envelope.failure
    return Invitation.objects.get(pk=number)


def told(activity: Activity) -> dict[str, Any]:
    body = body_of(activity) if activity.made_at else None
    if body is not None:
        return body.model_dump(mode="json")
    return {
        "id": str(activity.pk),
        "version": activity.version,
        "key": activity.key,
        "kind": activity.kind,
        "title": activity.title,
        "when": activity.when,
        "place": "MK",
        "zone": "Europe/Skopje",
    }


def sent(vera: Officer, invitation: Invitation, *names: str) -> list[Nomination]:
    """These people of ours are proposed, chosen and sent."""
    rows = [propose(vera, invitation, Nominee(name, "Duty officer")) for name in names]
    for row in rows:
        choose(vera, row)
    send_nominations(vera, invitation)
    return list(Nomination.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk"))
