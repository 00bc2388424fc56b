from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from django.utils.timezone import now

from ilex.duty import actions
from ilex.duty.models import Shift
from ilex.units.models import Officer, Role
from tests.exchange.conftest import officer
from tests.routes import HANDLE, Rule, Rules, World

HOUR = timedelta(hours=1)
PLAN = frozenset({Role.HEAD})


def colleague(world: World, role: Role = Role.DUTY) -> Officer:
    return officer(f"colleague.{uuid4().hex[:12]}", [role], world.house)


def later_shift(world: World) -> Sequence[object]:
    return [_planned(world, now() + HOUR).pk]


def handed_over(world: World) -> Sequence[object]:
    shift = _planned(world, now() - HOUR)
    actions.hand_over(shift.officer, shift, "Nothing happened.")
    return [shift.pk]


def absence(world: World) -> Sequence[object]:
    absent, deputy = colleague(world), colleague(world)
    return [actions.delegate(absent, absent, deputy, now(), now() + HOUR).pk]


def _planned(world: World, begins: datetime) -> Shift:
    return actions.plan(colleague(world, Role.HEAD), colleague(world), begins, begins + 8 * HOUR)


RULES: Rules = {
    "duty": Rule(HANDLE),
    "duty-line": Rule(HANDLE, post={"text": "GEO called."}),
    "duty-hand-over": Rule(frozenset(), handed_over, post={"note": "x"}),  # only whose shift it is
    "duty-take-over": Rule(HANDLE, handed_over, post={}),
    "duty-roster": Rule(HANDLE),
    "duty-plan": Rule(PLAN, post={}),
    "duty-remove": Rule(PLAN, later_shift, post={}),
    "duty-away": Rule(HANDLE | {Role.TRANSLATOR, Role.AUTHORITY}),
    "duty-away-end": Rule(PLAN, absence, post={}),
}
