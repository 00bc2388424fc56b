"""Who may use the pages of factsheets."""

from __future__ import annotations

from collections.abc import Sequence

from ilex.programme.actions.factsheets import freeze
from ilex.programme.actions.involving import involve
from ilex.programme.models import Action, Factsheet
from ilex.units.models import Role
from tests.programme.routes_actions import READ, WRITE, coordinator
from tests.programme.routes_actions import an_action as some_action
from tests.routes import Rule, Rules, World

PUBLISH = frozenset({Role.EDITOR, Role.HEAD})


def told(world: World) -> Action:
    """One that has a date and a participant, as IATI asks for."""
    action = some_action(world)
    Action.objects.filter(pk=action.pk).update(when="2026", first="2026-01-01", last="2026-12-31")
    if not action.involvements.filter(role="funder").exists():
        involve(coordinator(world), action, role="funder", place="HU")
    return Action.objects.get(pk=action.pk)


def an_action(world: World) -> Sequence[object]:
    return [told(world).key]


def a_copy(world: World) -> Sequence[object]:
    found = Factsheet.objects.first() or freeze(coordinator(world), told(world), "en")
    return [found.pk]


RULES: Rules = {
    "factsheet": Rule(READ, an_action),
    "factsheet-pdf": Rule(READ, an_action),
    "factsheet-iati": Rule(READ, an_action),
    "factsheet-freeze": Rule(WRITE, an_action, post={"language": "en"}),
    "factsheet-kept": Rule(READ, a_copy),
    "factsheet-kept-iati": Rule(READ, a_copy),
    "factsheet-public": Rule(PUBLISH, a_copy, post={"public": "yes"}),
}
