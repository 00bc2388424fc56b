"""What the duty officer sees first, and what only those see who may."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from ilex.desk import tiles as room
from ilex.exchange import actions
from ilex.gate.models import Delivery, Peer
from ilex.journal.models import Line
from ilex.units.models import Officer, Organisation, Role
from ilex.web.tiles import Tile
from tests.exchange.ceca import Ceca
from tests.exchange.conftest import officer
from tests.exchange.test_asking import CONTENT

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
HTMX = {"HX-Request": "true"}


def refs(page: str) -> list[str]:
    return re.findall(r'id="row-([A-Z]{2}-\d{4}-\d{6})"', page)


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_the_desk_shows_the_soonest_deadline_first_in_words(as_ana: Client, ceca: Ceca) -> None:
    calm = ceca.asks(reference="MK-1")
    late = ceca.asks(reference="MK-2", at=now() - 9 * HOUR, urgency="U_A", urgency_reason="Живот е во опасност.")
    page = as_ana.get(reverse("desk")).content.decode()
    assert refs(page) == [late.our_ref, calm.our_ref]
    assert "overdue by 1 h" in text_of(page)
    assert "Urgent from MK" in text_of(page)
    assert "/ MK-2" in text_of(page)


def test_names_are_masked_and_the_next_step_stands_in_words(as_ana: Client, ceca: Ceca) -> None:
    ceca.asks()
    page = text_of(as_ana.get(reverse("desk")).content.decode())
    assert "1 person" in page
    assert "Измислен" not in page
    assert "Take this request" in page


def test_a_stopped_clock_tells_who_stopped_it_and_why(as_ana: Client, ceca: Ceca, ana: Officer) -> None:
    request = ceca.asks()
    actions.take(ana, request)
    question = actions.question(ana, request, "Која боја?")
    ceca.stores(question.envelope)
    page = as_ana.get(reverse("desk"), {"show": "stopped"}).content.decode()
    assert "stopped by us" in text_of(page)
    request.refresh_from_db()
    assert request.stopped_reason in page


def test_tiles_count_what_waits_and_lead_to_it(as_ana: Client, ceca: Ceca, ana: Officer) -> None:
    ceca.asks(at=now() - 9 * HOUR, urgency="U_A", urgency_reason="x")
    ceca.asks()
    counts = {tile.name: tile.count for tile in room.tiles(ana)}
    assert counts["open"] == 2
    assert counts["overdue"] == 1
    page = as_ana.get(reverse("desk"), {"show": "overdue"}).content.decode()
    assert len(refs(page)) == 1
    assert "1 Overdue" in text_of(page)


def test_a_room_adds_its_tiles(ana: Officer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_sources", [])
    room.register(lambda officer: [Tile("later", "Later", 2, "/later", order=9)])
    room.register(lambda officer: [Tile("first", "First", 0, "/first", order=1)])
    assert [tile.name for tile in room.tiles(ana)] == ["first", "later"]


def test_what_did_not_arrive_shows_a_tile_only_while_it_is_so(ceca: Ceca, ana: Officer) -> None:
    assert "undelivered" not in {tile.name for tile in room.tiles(ana)}
    actions.ask(ana, CONTENT, to=["ilecu-mk"])
    Delivery.objects.update(late_told_at=now())
    (tile,) = (tile for tile in room.tiles(ana) if tile.name == "undelivered")
    assert (tile.count, tile.url) == (1, reverse("board"))


def test_the_identity_bar_counts_partners_whose_line_is_up(as_ana: Client, ceca: Ceca, budapest: Ceca) -> None:
    Peer.objects.filter(pk="ilecu-mk").update(last_up_at=now(), failing_since=None)
    Peer.objects.filter(pk="spoc-hu").update(failing_since=now())
    assert "Partners 1/2 up" in text_of(as_ana.get(reverse("desk")).content.decode())


def test_a_filter_narrows_the_list_and_can_be_taken_off(as_ana: Client, ceca: Ceca, budapest: Ceca) -> None:
    ours = ceca.asks()
    budapest.asks(reference="HU-1")
    page = as_ana.get(reverse("desk"), {"partner": "ilecu-mk", "show": "ours"}).content.decode()
    assert refs(page) == [ours.our_ref]
    assert "Partner: Unit of MK" in text_of(page)
    assert 'href="?show=ours"' in page


@pytest.mark.parametrize(
    "query",
    [
        {"show": "nonsense"},
        {"partner": "nobody", "channel": "pigeon"},
        {"first": "-1"},
        {"first": "99999999999999999999"},
        {"first": "٣"},
        {"show": "open\x00"},
    ],
)
def test_an_old_or_broken_link_still_shows_a_desk(as_ana: Client, ceca: Ceca, query: dict[str, str]) -> None:
    ceca.asks()
    for name in ("desk", "desk-rows"):
        assert as_ana.get(reverse(name), query).status_code == 200


def test_an_empty_desk_says_what_will_stand_there(as_ana: Client) -> None:
    assert "No request is open" in text_of(as_ana.get(reverse("desk")).content.decode())
    stopped = text_of(as_ana.get(reverse("desk"), {"show": "stopped"}).content.decode())
    assert "Show all that is open" in stopped


def test_rows_are_renewed_with_their_tiles_and_nothing_else(as_ana: Client, ceca: Ceca) -> None:
    request = ceca.asks()
    page = as_ana.get(reverse("desk-rows"), headers=HTMX).content.decode()
    assert refs(page) == [request.our_ref]
    assert 'hx-swap-oob="true"' in page
    assert "<html" not in page


def test_the_preview_is_journalled_and_not_yet_a_reading(as_ana: Client, ceca: Ceca, ana: Officer) -> None:
    request = ceca.asks()
    mail = len(ceca.mail())
    page = as_ana.get(reverse("desk-preview", args=[request.our_ref]), headers=HTMX).content.decode()
    assert "Дали возилото ја премина границата" in page
    assert "Take this request" in page
    assert Line.objects.filter(act="request.previewed", by=str(ana.pk), object_id=str(request.pk)).count() == 1
    request.refresh_from_db()
    assert request.unread_since is not None
    assert len(ceca.mail()) == mail


def test_without_the_list_around_it_the_preview_is_the_page(as_ana: Client, ceca: Ceca) -> None:
    request = ceca.asks()
    response = as_ana.get(reverse("desk-preview", args=[request.our_ref]))
    assert response["Location"] == reverse("request", args=[request.our_ref])


def test_a_request_that_is_not_there_has_no_preview(as_ana: Client, ceca: Ceca) -> None:
    ceca.asks()
    response = as_ana.get(reverse("desk-preview", args=["RS-2026-999999"]), headers=HTMX)
    assert response.status_code == 404


def test_who_supervises_types_a_reason_on_the_page_and_sees_nothing_before(
    client: Client, ceca: Ceca, house: Organisation
) -> None:
    request = ceca.asks()
    client.force_login(officer("dragana", [Role.PROTECTION], house))
    page = client.get(reverse("desk-preview", args=[request.our_ref]), headers=HTMX).content.decode()
    assert "Дали возилото" not in page
    assert reverse("request", args=[request.our_ref]) in page
    assert not Line.objects.filter(act="request.previewed").exists()


def test_who_reads_no_requests_is_led_to_a_page_of_his(client: Client, ceca: Ceca, house: Organisation) -> None:
    request = ceca.asks()
    client.force_login(officer("emil", [Role.ADMINISTRATOR], house))
    assert client.get(reverse("desk")).status_code == 302
    assert client.get(reverse("desk-rows"), headers=HTMX).status_code == 403
    assert client.get(reverse("desk-preview", args=[request.our_ref]), headers=HTMX).status_code == 403
