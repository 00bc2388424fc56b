from __future__ import annotations

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory

from ilex.web import errors

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("parts_page")]


@pytest.mark.parametrize(
    ("what", "status", "sentence"),
    [
        ("404", 404, "There is no request with this reference."),
        ("403", 403, "Only the head of the unit assigns requests."),
        ("413", 413, "larger than a form may be"),
        ("503", 503, "cannot reach its database"),
    ],
)
def test_what_went_wrong_is_one_sentence_and_a_way_on(as_ana: Client, what: str, status: int, sentence: str) -> None:
    response = as_ana.get(f"/wrong/{what}")
    page = response.content.decode()
    assert response.status_code == status
    assert sentence in page
    assert page.count("<h1>") == 1
    assert 'class="button main"' in page


def test_a_page_that_does_not_exist_says_so(as_ana: Client) -> None:
    response = as_ana.get("/nowhere")
    assert response.status_code == 404
    assert "Nothing is kept under this address." in response.content.decode()
    assert "Resolver404" not in response.content.decode()


def test_our_own_fault_is_told_without_the_reason(as_ana: Client) -> None:
    as_ana.raise_request_exception = False
    response = as_ana.get("/wrong/secret-detail")
    assert response.status_code == 500
    assert "Something broke on our side" in response.content.decode()
    assert "secret-detail" not in response.content.decode()


def test_a_database_that_is_away_is_told_as_that() -> None:
    try:
        raise OperationalError("connection refused")
    except OperationalError:
        response = errors.broken(RequestFactory().get("/"))
    assert response.status_code == 503
    assert response["Retry-After"] == "30"


def test_a_form_that_is_too_old_is_told_what_to_do(ana: object) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/sign-in", {"sign_in": "ana", "password": "x"})
    assert response.status_code == 403
    assert "The page was too old" in response.content.decode()


def test_error_pages_are_in_the_language_of_the_officer(as_ana: Client, ana: object) -> None:
    as_ana.post("/language", {"language": "sr-latn"})
    assert ' lang="sr-Latn"' in as_ana.get("/nowhere").content.decode()
