from __future__ import annotations

from uuid import uuid4

from ilex.units.models import Role
from tests.routes import HANDLE, SUPERVISE, Rule, Rules

LOOK = HANDLE | SUPERVISE | {Role.TRANSLATOR, Role.AUTHORITY, Role.COORDINATOR, Role.EDITOR}

RULES: Rules = {
    "waiting": Rule(LOOK),
    "find": Rule(LOOK),
    "search-keep": Rule(LOOK, post={"q": "возило", "reason": "x"}),
    "search-look": Rule(frozenset(), lambda world: [uuid4()], post={}),  # of an unknown search: nobody learns anything
    "search-drop": Rule(frozenset(), lambda world: [uuid4()], post={}),
}
