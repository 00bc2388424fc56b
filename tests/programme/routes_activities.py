"""Who may use the pages of activities, the calendar, series and the map."""

from __future__ import annotations

from collections.abc import Sequence

from ilex.programme.actions.activities import add_activity
from ilex.programme.actions.agenda import agree
from ilex.programme.actions.series import Host, plan_series
from ilex.programme.actions.subscriptions import subscribe
from ilex.programme.models import Activity
from tests.programme.routes_actions import READ, WRITE, an_action, coordinator
from tests.routes import Rule, Rules, World


def an_activity(world: World) -> Activity:
    return add_activity(coordinator(world), title="Workshop", kind="workshop", when="2026-02-02")


def key(world: World) -> Sequence[object]:
    return [an_activity(world).key]


def of_action(world: World) -> Sequence[object]:
    return [an_action(world).key]


def an_outcome(world: World) -> Sequence[object]:
    return [agree(coordinator(world), an_activity(world), text="Meet again.").pk]


def a_series(world: World) -> Sequence[object]:
    planned = plan_series(
        coordinator(world), an_action(world), kind="training", title="Training", count=2, locations=[Host("RS")]
    )
    return [planned.pk]


def somebodys_key(world: World) -> Sequence[object]:
    officer = coordinator(world)
    subscribe(officer, "Telephone", {})
    return [officer.calendar_keys.latest("pk").pk]


RULES: Rules = {
    "activity": Rule(READ, key),
    "activity-new": Rule(WRITE),
    **{f"activity-{verb}": Rule(WRITE, key) for verb in ("edit", "agenda", "announce", "hold", "cancel", "outcome")},
    "outcome-done": Rule(WRITE, an_outcome, post={}),
    "calendar": Rule(READ),
    "calendar-keys": Rule(READ),
    "calendar-key-end": Rule(frozenset(), somebodys_key, post={}),  # only one's own
    "map": Rule(READ),
    "series": Rule(READ, a_series),
    "series-new": Rule(WRITE, of_action),
    "series-spread": Rule(WRITE, a_series, post={}),
}
