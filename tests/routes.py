"""How a room says who may use its routes: `RULES` in tests/<room>/routes.py, tried by tests/exchange/test_routes.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from ilex.exchange.models import Request
from ilex.units.models import Organisation, Role

EVERYBODY = frozenset(Role)
HANDLE = frozenset({Role.DUTY, Role.CASE, Role.HEAD})
SUPERVISE = frozenset({Role.PROTECTION})


@dataclass(frozen=True)
class World:
    """What stands there when a route is tried: our unit, and a request from Skopje."""

    house: Organisation
    asked: Request


@dataclass(frozen=True)
class Rule:
    """Who comes further than 403 or 404. `at` makes what the address names; `post` is a body, for a POST."""

    may: frozenset[Role]
    at: Callable[[World], Sequence[object]] = lambda world: ()
    post: Mapping[str, object] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


Rules = dict[str, Rule]
