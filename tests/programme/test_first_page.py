"""What a coordinator finds first: what waits, and nothing of requests and cases."""

from __future__ import annotations

import pytest
from django.test import Client

from ilex.units.models import Officer, Organisation, Role
from ilex.web import navigation
from tests.exchange.conftest import officer
from tests.programme.inviting import invited, invites, nominates, person
from tests.sharing.ceca import Partner

pytestmark = pytest.mark.django_db


def first_page(reader: Officer) -> str:
    client = Client()
    client.force_login(reader)
    answer = client.get("/")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_coordinator_finds_what_waits_and_the_way_there(vera: Officer, ceca: Partner) -> None:
    invites(ceca, 2)
    nominates(ceca, invited(vera), person())
    read = first_page(vera)
    for words in ("Invitations to read", "Nominations to decide", 'aria-current="page"'):
        assert words in read
    assert "New request" not in read
    assert "All open" not in read


def test_desk_of_requests_has_one_tile_for_all_that_waits_in_the_programme(house: Organisation, ceca: Partner) -> None:
    head = officer("hana", [Role.HEAD], house)
    invites(ceca, 2)
    read = first_page(head)
    assert "Waits in the programme" in read
    assert "Invitations to read" not in read
    client = Client()
    client.force_login(head)
    assert "Invitations to read" in client.get("/desk/programme").content.decode()


def test_editor_for_whom_nothing_waits_is_shown_where_to_go(house: Organisation) -> None:
    read = first_page(officer("eva", [Role.EDITOR], house))
    assert "Nothing waits for you" in read
    assert "/calendar/" in read


def test_duty_officer_still_finds_the_desk_of_requests(ana: Officer) -> None:
    read = first_page(ana)
    assert "New request" in read
    assert [str(entry.label) for entry in navigation.entries(ana, "/")].count("Desk") == 1


def test_who_takes_no_part_in_the_programme_is_led_to_a_page_of_his_own(house: Organisation) -> None:
    client = Client()
    client.force_login(officer("adam", [Role.ADMINISTRATOR], house))
    assert client.get("/").status_code == 302
