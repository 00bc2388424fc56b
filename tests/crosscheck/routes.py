from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.utils.timezone import localdate, now

from ilex.crosscheck import actions
from ilex.crosscheck.facts import of_named
from ilex.crosscheck.models import Hit, Look
from ilex.exchange.models import Subject as Named
from ilex.holdings.models import Source
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.units.models import Officer, Role
from tests.routes import HANDLE, SUPERVISE, Rule, Rules, World
from tests.subjects.conftest import person

NOBODY: frozenset[Role] = frozenset()
HEAD = frozenset({Role.HEAD})


def looker(world: World) -> Officer:
    found, _made = Officer.objects.get_or_create(
        sign_in="looker", defaults={"name": "Looker", "organisation": world.house, "roles": [Role.HEAD]}
    )
    return found


def looked(world: World) -> Look:
    """The one whom the request names is looked up, and a subject of ours is found."""
    officer = looker(world)
    named = Named.objects.filter(request=world.asked).first()
    assert named is not None
    person(officer, named.name)
    return actions.look(officer, of_named(named), reason="Asked by Skopje", request_subject=named)


def look(world: World) -> list[UUID]:
    return [looked(world).pk]


def hit(world: World) -> list[UUID]:
    looked(world)
    return [Hit.objects.latest("found_at").pk]


def watch(world: World) -> list[UUID]:
    until = localdate() + timedelta(days=9)
    return [actions.watch(looker(world), request=world.asked, until=until, reason="Still at large").pk]


def source(world: World) -> list[str]:
    said = {"title": "Old list", "purpose": "Trial", "made_at": now(), "changed_at": now()}
    with act("holding.loaded", Operation.COLLECTION, by=None, on=("source", "old-list")):
        held, _made = Source.objects.get_or_create(code="old-list", defaults=said)
    return [held.code]


def access(world: World) -> list[UUID]:
    [code] = source(world)
    access, _token = actions.give_access(
        looker(world),
        system="Border control",
        organisation=world.house,
        purpose="Checks at the border",
        sources=[code],
        quota=10,
        until=localdate(),
    )
    return [access.pk]


def of_request(world: World) -> list[str]:
    return [world.asked.our_ref]


RULES: Rules = {
    "check": Rule(HANDLE),
    "check-look": Rule(HANDLE | SUPERVISE, look),
    "check-harder": Rule(HANDLE, look, post={}),
    "check-watch": Rule(HANDLE, look, post={}),
    "hits": Rule(HANDLE),
    "hits-list": Rule(HANDLE | SUPERVISE),
    "hit": Rule(HANDLE | SUPERVISE, hit),
    "hit-judge": Rule(HANDLE, hit, post={}),
    "hit-undo": Rule(HANDLE, hit, post={}),
    "hits-draft": Rule(HANDLE, of_request, post={}),
    "watches": Rule(HANDLE),
    "watch-stop": Rule(HANDLE, watch, post={}),
    "sources": Rule(HANDLE | SUPERVISE),
    "source": Rule(HANDLE | SUPERVISE, source),
    "source-switch": Rule(HEAD, source, post={}),
    "thresholds": Rule(HEAD),
    "accesses": Rule(HEAD),
    "access-new": Rule(HEAD),
    "access-close": Rule(HEAD, access, post={}),
}
