"""Who may use the pages of actions, and the small pages by which something is said of actions and activities."""

from __future__ import annotations

from uuid import UUID

from ilex.programme.actions.actions import add_action
from ilex.programme.actions.claims import add_source, claim
from ilex.programme.actions.findings import note_finding, remark
from ilex.programme.actions.involving import involve
from ilex.programme.models import Action, Activity
from ilex.units.models import Officer, Role
from tests.programme.inviting import workshop
from tests.routes import Rule, Rules, World

READ = frozenset(Role) - {Role.AUDITOR, Role.ADMINISTRATOR}
WRITE = frozenset({Role.COORDINATOR, Role.HEAD})


def coordinator(world: World) -> Officer:
    found, _made = Officer.objects.get_or_create(
        sign_in="koordinatorka",
        defaults={"name": "Kaja Invented", "organisation": world.house, "roles": [Role.COORDINATOR]},
    )
    return found


def an_action(world: World) -> Action:
    there = Action.objects.filter(key="joint-training").first()
    return there or add_action(coordinator(world), title="Joint training", kind="project")


def of_action(world: World) -> list[str]:
    return [an_action(world).key]


def of_activity(world: World) -> list[str]:
    return [(Activity.objects.first() or workshop()).key]


def a_claim(world: World) -> list[int]:
    officer = coordinator(world)
    source = add_source(officer, title="Page of the donor", kind="page")
    return [claim(officer, an_action(world), field="when", value="2019", source=source.key).pk]


def a_finding(world: World) -> list[UUID]:
    return [note_finding(coordinator(world), an_action(world), kind="need", text="Radios are missing.").pk]


def a_remark(world: World) -> list[int]:
    return [remark(coordinator(world), an_action(world), kind="rule", text="Two trainers in each room.").pk]


def a_part(world: World) -> list[int]:
    action = an_action(world)
    there = action.involvements.first()
    return [(there or involve(coordinator(world), action, role="partner", place="HU")).pk]


SAID = ("involve", "claim", "finding", "remark")

RULES: Rules = {
    "actions": Rule(READ),
    "action": Rule(READ, of_action),
    "action-new": Rule(WRITE),
    **{f"action-{verb}": Rule(WRITE, of_action) for verb in ("edit", "text", "amounts", "objectives", *SAID)},
    **{f"activity-{verb}": Rule(WRITE, of_activity) for verb in SAID},
    "claim-prefer": Rule(WRITE, a_claim),
    "finding-settle": Rule(WRITE, a_finding),
    "involvement-release": Rule(WRITE, a_part),
    "claim-take-back": Rule(WRITE, a_claim),
    "finding-take-back": Rule(WRITE, a_finding),
    "remark-take-back": Rule(WRITE, a_remark),
    "involvement-take-back": Rule(WRITE, a_part),
}
