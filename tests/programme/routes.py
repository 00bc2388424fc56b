"""Who may use the pages of the programme: each author says it in routes_<noun>.py, and one line here joins it."""

from __future__ import annotations

from tests.programme import routes_actions, routes_activities, routes_equipment, routes_factsheets, routes_nominations
from tests.routes import Rules

RULES: Rules = {
    **routes_actions.RULES,
    **routes_activities.RULES,
    **routes_equipment.RULES,
    **routes_factsheets.RULES,
    **routes_nominations.RULES,
}
