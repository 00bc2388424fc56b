from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from ilex.journal.models import Line
from ilex.units.models import Officer
from tests.web.conftest import PASSWORD

pytestmark = pytest.mark.django_db

WRONG = "The sign-in name or the password is not right."


def tries(client: Client, name: str = "ana", password: str = PASSWORD) -> None:
    client.post(reverse("sign-in"), {"sign_in": name, "password": password})


def make_older(minutes: int) -> None:
    Line.objects.filter(act__startswith="sign-in.").update(at=now() - timedelta(minutes=minutes))


def test_an_officer_signs_in_and_comes_to_the_desk(client: Client, ana: Officer) -> None:
    response = client.post(reverse("sign-in"), {"sign_in": "ana", "password": PASSWORD})
    assert response.status_code == 302
    assert response["Location"] == reverse("desk")
    assert client.session["_auth_user_id"] == str(ana.pk)


def test_a_sign_in_is_written_to_the_journal(client: Client, ana: Officer) -> None:
    tries(client)
    line = Line.objects.get(act="sign-in.accepted")
    assert line.by == str(ana.pk)
    assert line.object_id == "ana"
    assert line.detail["address"] == "127.0.0.1"
    assert line.op == "access"


@pytest.mark.parametrize(("name", "password"), [("ana", "something else"), ("nobody", PASSWORD)])
def test_a_wrong_name_and_a_wrong_password_look_the_same(
    client: Client, ana: Officer, name: str, password: str
) -> None:
    response = client.post(reverse("sign-in"), {"sign_in": name, "password": password})
    assert response.status_code == 200
    assert WRONG in response.content.decode()
    assert "Error:" in response.content.decode().split("</title>")[0]
    assert "_auth_user_id" not in client.session
    assert Line.objects.get(act="sign-in.refused").object_id == name


def test_the_password_is_kept_nowhere(client: Client, ana: Officer) -> None:
    response = client.post(reverse("sign-in"), {"sign_in": "ana", "password": "wrong-and-secret"})
    assert "wrong-and-secret" not in response.content.decode()
    assert not Line.objects.filter(detail__icontains="wrong-and-secret").exists()


def test_an_officer_who_left_cannot_sign_in(client: Client, ana: Officer) -> None:
    Officer.objects.filter(pk=ana.pk).update(is_active=False)
    assert WRONG in client.post(reverse("sign-in"), {"sign_in": "ana", "password": PASSWORD}).content.decode()


def test_after_five_failures_for_a_name_the_door_stays_shut(client: Client, ana: Officer) -> None:
    for number in range(5):
        client.post(reverse("sign-in"), {"sign_in": "ana", "password": "wrong"}, REMOTE_ADDR=f"192.0.2.{number}")
    response = client.post(reverse("sign-in"), {"sign_in": "ana", "password": PASSWORD}, REMOTE_ADDR="192.0.2.99")
    assert response.status_code == 429
    assert "Too many sign-ins failed. Wait 15 minutes and try again." in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_after_five_failures_from_an_address_the_door_stays_shut(client: Client, ana: Officer) -> None:
    for number in range(5):
        tries(client, name=f"guess-{number}")
    assert client.post(reverse("sign-in"), {"sign_in": "ana", "password": PASSWORD}).status_code == 429


def test_waiting_opens_the_door_again(client: Client, ana: Officer) -> None:
    for _ in range(5):
        tries(client, password="wrong")
    make_older(minutes=16)
    assert client.post(reverse("sign-in"), {"sign_in": "ana", "password": PASSWORD}).status_code == 302


def test_who_waits_is_told_for_how_long(client: Client, ana: Officer) -> None:
    for _ in range(5):
        tries(client, password="wrong")
    make_older(minutes=14)
    response = client.post(reverse("sign-in"), {"sign_in": "ana", "password": PASSWORD})
    assert "Wait 1 minute and try again." in response.content.decode()
    assert response["Retry-After"]


def test_a_shut_door_does_not_stay_shut_longer_because_somebody_knocks(client: Client, ana: Officer) -> None:
    for _ in range(8):
        tries(client, password="wrong")
    assert Line.objects.filter(act="sign-in.refused").count() == 5


def test_one_office_behind_one_address_is_not_locked_out_by_slips(client: Client, ana: Officer) -> None:
    for _ in range(2):
        for _ in range(4):
            tries(client, password="slip")
        assert client.post(reverse("sign-in"), {"sign_in": "ana", "password": PASSWORD}).status_code == 302
        client.post(reverse("sign-out"))


@pytest.mark.parametrize(
    ("wanted", "place"),
    [
        ("/keys", "/keys"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_next_leads_only_to_this_node(client: Client, ana: Officer, wanted: str, place: str) -> None:
    response = client.post(reverse("sign-in"), {"sign_in": "ana", "password": PASSWORD, "next": wanted})
    assert response["Location"] == place


@pytest.mark.parametrize("name", ["", "a" * 61, "ana\x00", "ana\nroot"])
def test_a_name_that_cannot_be_is_told_beside_its_field(client: Client, ana: Officer, name: str) -> None:
    response = client.post(reverse("sign-in"), {"sign_in": name, "password": PASSWORD})
    assert response.status_code == 200
    assert 'href="#id_sign_in"' in response.content.decode()
    assert not Line.objects.filter(act__startswith="sign-in.").exists()


def test_every_page_asks_for_a_sign_in_first(client: Client, ana: Officer) -> None:
    for name in ("desk", "settings", "keys"):
        response = client.get(reverse(name))
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("sign-in"))


def test_a_live_part_of_a_page_brings_the_whole_page_to_the_sign_in(client: Client, ana: Officer) -> None:
    response = client.get(reverse("keys"), headers={"HX-Request": "true"}, follow=True)
    assert response["HX-Refresh"] == "true"
    assert not response.content


def test_signing_out_ends_the_session_and_is_journalled(as_ana: Client) -> None:
    assert as_ana.get(reverse("sign-out")).status_code == 405
    response = as_ana.post(reverse("sign-out"))
    assert response["Location"] == reverse("sign-in")
    assert as_ana.get(reverse("keys")).status_code == 302
    assert Line.objects.filter(act="sign-in.ended").count() == 1


def test_who_is_signed_in_already_goes_on(as_ana: Client) -> None:
    assert as_ana.get(reverse("sign-in"), {"next": "/keys"})["Location"] == "/keys"


def test_pages_of_an_officer_are_not_kept_by_the_browser(as_ana: Client) -> None:
    assert as_ana.get(reverse("keys"))["Cache-Control"] == "no-store, private"


def test_a_load_balancer_learns_that_the_node_is_up_and_nothing_else(client: Client) -> None:
    response = client.get(reverse("up"))
    assert (response.status_code, response.content) == (200, b"up\n")
    assert settings.SESSION_COOKIE_NAME not in response.cookies


@pytest.mark.django_db(transaction=True)
def test_many_guesses_at_once_cannot_pass_the_count_together(ana: Officer) -> None:
    def guess(number: int) -> int:
        try:
            return Client().post(reverse("sign-in"), {"sign_in": "ana", "password": f"guess {number}"}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, range(12)))
    assert answers.count(429) == 7
    assert Line.objects.filter(act="sign-in.refused").count() == 5
