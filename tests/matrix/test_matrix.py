"""Every role of every house against every handling code, open and in a closed circle, by every way to a thing.

What should hold stands in one table here; what does hold is tried through pages, lists, searches, exports, addresses
of files and verbs.
"""

from __future__ import annotations

import pytest
from django.test import Client

from ilex.units.models import Officer, Organisation, Role
from tests.exchange.conftest import officer
from tests.matrix.releases import ReleaseWays, released
from tests.matrix.world import BORDER, CUSTOMS, Things, Ways, authority, things
from tests.sharing.ceca import Partner

pytestmark = pytest.mark.django_db

HANDLE = {Role.DUTY, Role.CASE, Role.HEAD}
HOUSES = ("ilecu-rs", BORDER, CUSTOMS)


def reads(role: Role, one: Things) -> bool:
    """Cases, subjects and their documents: who handles, outside of closed circles; who supervises, everywhere."""
    return role == Role.PROTECTION or (role in HANDLE and not one.closed)


def works(role: Role, one: Things) -> bool:
    """Who handles; also by lists and exports, where for whoever gave no reason the names are masked."""
    return role in HANDLE and not one.closed


def sees_task(role: Role, house: str, one: Things) -> bool:
    """The unit by its case; the authority its own, whatever circle the case is in: it was asked."""
    return reads(role, one) or (role == Role.AUTHORITY and house == BORDER)


@pytest.mark.parametrize("house_id", HOUSES)
@pytest.mark.parametrize("role", list(Role))
def test_each_role_reaches_what_its_rule_says_and_nothing_else(
    role: Role, house_id: str, house: Organisation, ana: Officer
) -> None:
    made = list(things(ana))
    authority(CUSTOMS, "Customs (invented)")
    who = officer(f"one.{role}", [role], Organisation.objects.get(pk=house_id))
    client = Client()
    client.force_login(who)
    ways, wrong = Ways(who, client), []
    for one in made:
        seen, does, sees = reads(role, one), works(role, one), sees_task(role, house_id, one)
        wrong += _unlike("case", one, ways.case(one), seen, list=does, export=does, verb=does)
        wrong += _unlike("subject", one, ways.subject(one), seen, list=does, verb=does)
        wrong += _unlike("document", one, ways.document(one), seen, address=does)
        wrong += _unlike("task", one, ways.task(one), sees, list=sees and role != Role.PROTECTION)
        wrong += _unlike("hit", one, ways.hit(one), seen, list=does, search=does, verb=does)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("house_id", HOUSES)
@pytest.mark.parametrize("role", list(Role))
def test_each_role_reaches_the_releases_that_its_rule_names_and_nothing_else(
    role: Role, house_id: str, house: Organisation, ana: Officer, ceca: Partner
) -> None:
    made = list(things(ana))
    authority(CUSTOMS, "Customs (invented)")
    gone = list(released(ana, ceca, made))
    who = officer(f"one.{role}", [role], Organisation.objects.get(pk=house_id))
    client = Client()
    client.force_login(who)
    ways, wrong = ReleaseWays(who, client), []
    for one, letter in zip(made, gone, strict=True):
        found, does = ways.ways(one, letter), works(role, one)
        wrong += _unlike("release", one, found, reads(role, one), **{"verb": does, "verb on what came": does})
    assert not wrong, "\n".join(wrong)


def _unlike(what: str, one: Things, found: dict[str, bool], expected: bool, **other: bool) -> list[str]:
    return [
        f"{what} {one.code} {'closed' if one.closed else 'open'} by {way}: {got}"
        for way, got in found.items()
        if got != other.get(way, expected)
    ]


def test_the_circle_itself_reaches_everything(house: Organisation, ana: Officer, ceca: Partner) -> None:
    made = list(things(ana))
    gone = list(released(ana, ceca, made))
    client = Client()
    client.force_login(ana)
    ways = Ways(ana, client)
    for one in made:
        for found in (ways.case(one), ways.subject(one), ways.document(one), ways.task(one), ways.hit(one)):
            assert all(found.values()), (one.code, one.closed, found)
    for one, letter in zip(made, gone, strict=True):
        found = ReleaseWays(ana, client).ways(one, letter)
        assert all(found.values()), (one.code, one.closed, found)
