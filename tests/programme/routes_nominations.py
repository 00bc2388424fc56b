from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from django.utils.timezone import localdate, now

from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.programme.models import Activity, Certificate, Invitation, Nomination, Quota
from ilex.units.models import Organisation, Role
from tests.routes import HANDLE, SUPERVISE, Rule, Rules, World

CHOOSE = frozenset({Role.COORDINATOR, Role.HEAD})
WORK = HANDLE | CHOOSE  # see all nominations
PROPOSE = WORK | {Role.AUTHORITY}
READ = PROPOSE | SUPERVISE | {Role.EDITOR, Role.TRANSLATOR}


def workshop(owner: str) -> Activity:
    with act("activity.added", Operation.COLLECTION, by=None):
        return Activity.objects.create(
            key=f"workshop-{uuid4().hex[:8]}",
            kind="workshop",
            title="Workshop",
            owner=Organisation.objects.get(pk=owner),
            made_at=now(),
            changed_at=now(),
        )


def made(world: World, way: str, state: str = "open") -> Invitation:
    organiser = world.house.pk if way == "out" else world.asked.partner_id
    activity = workshop(organiser)
    with act("invitation.drafted", Operation.COLLECTION, by=None):
        row = Invitation.objects.create(
            way=way, state=state, activity=activity, organiser_id=organiser, travel_wanted=True, made_at=now()
        )
        Quota.objects.create(invitation=row, unit=world.house, places=2)
    return row


def key(world: World) -> Sequence[object]:
    return [workshop(world.house.pk).key]


def received(world: World) -> Sequence[object]:
    return [made(world, "in").pk]


def sent(world: World) -> Sequence[object]:
    return [made(world, "out").pk]


def draft(world: World) -> Sequence[object]:
    return [made(world, "out", "draft").pk]


def nominee(world: World, state: str, way: str = "in") -> Nomination:
    """One of ours, whom the authority that tries these routes did not propose."""
    invitation = made(world, way)
    with act("nomination.proposed", Operation.COLLECTION, by=None):
        return Nomination.objects.create(
            invitation=invitation,
            unit=world.house,
            state=state,
            name="Ana Anić",
            name_key="ana anic",
            function="Duty officer",
            changed_at=now(),
        )


def proposed(world: World) -> Sequence[object]:
    return [nominee(world, "proposed").pk]


def confirmed(world: World) -> Sequence[object]:
    return [nominee(world, "confirmed").pk]


def certified(world: World) -> Sequence[object]:
    row, number = nominee(world, "attended", "out"), f"RS-P-2026-{uuid4().int % 1_000_000:06d}"
    with act("certificates.issued", Operation.COLLECTION, by=None):
        Certificate.objects.create(nomination=row, number=number, issued_on=localdate(), signed="a.b.c")
    return [number]


RULES: Rules = {
    "nominations": Rule(PROPOSE),
    "invitation-new": Rule(CHOOSE, key),
    "invitation": Rule(PROPOSE, received),
    "invitation-edit": Rule(CHOOSE, sent),
    "invitation-send": Rule(CHOOSE, draft, post={}),
    "invitation-end": Rule(frozenset(), sent, post={}),  # without saying how
    "invitation-decline": Rule(CHOOSE, received, post={"reason": "x"}),
    "invitation-letter": Rule(PROPOSE, received),
    "nomination-new": Rule(PROPOSE, received),
    "nominations-send": Rule(CHOOSE, received),
    "nominations-decide": Rule(CHOOSE, sent, post={}),
    "nominations-attendance": Rule(CHOOSE, sent, post={}),
    "nominations-certify": Rule(CHOOSE, sent, post={}),
    "nomination": Rule(WORK, proposed),
    "nomination-step": Rule(frozenset(), proposed, post={}),  # without a step
    "nomination-travel": Rule(CHOOSE, confirmed),
    "nomination-evaluate": Rule(WORK, confirmed),
    "nomination-letter": Rule(WORK, confirmed),
    "certificate-verify": Rule(READ),
    "certificate-revoke": Rule(CHOOSE, certified, post={"reason": "x"}),
    "certificate-pdf": Rule(WORK, certified),
}
