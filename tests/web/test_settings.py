from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from ilex.journal.models import Line
from ilex.units.models import Officer
from tests.web.conftest import PASSWORD

pytestmark = pytest.mark.django_db

CHOICES = {"choose": "", "language": "sr-latn", "theme": "dark", "single_keys": "on"}
NEW = "another quiet password"


def test_choices_are_kept_and_seen_on_the_next_page(as_ana: Client, ana: Officer) -> None:
    assert as_ana.post(reverse("settings"), CHOICES).status_code == 302
    page = as_ana.get(reverse("settings")).content.decode()
    assert ' lang="sr-Latn"' in page
    assert ' data-theme="dark"' in page
    assert 'data-single-keys="on"' in page
    ana.refresh_from_db()
    assert ana.page_language == "sr-latn"


def test_single_keys_can_be_switched_off(as_ana: Client) -> None:
    as_ana.post(reverse("settings"), {**CHOICES, "single_keys": "", "language": "en"})
    assert 'data-single-keys="off"' in as_ana.get(reverse("keys")).content.decode()


@pytest.mark.parametrize("wrong", [{"language": "xx"}, {"theme": "pink"}, {"language": ""}])
def test_a_choice_that_does_not_exist_changes_nothing(as_ana: Client, ana: Officer, wrong: dict[str, str]) -> None:
    response = as_ana.post(reverse("settings"), {**CHOICES, **wrong})
    assert response.status_code == 422
    ana.refresh_from_db()
    assert ana.page_language == "en"
    assert not Line.objects.filter(act="officer.language-chosen").exists()


def test_the_password_changes_and_this_session_goes_on(as_ana: Client, ana: Officer) -> None:
    other = Client()
    other.force_login(ana)
    response = as_ana.post(
        reverse("settings"), {"change-password": "", "old": PASSWORD, "new": NEW, "again": NEW}, follow=True
    )
    assert "Your password is changed." in response.content.decode()
    ana.refresh_from_db()
    assert ana.check_password(NEW)
    assert as_ana.get(reverse("keys")).status_code == 200
    assert other.get(reverse("keys")).status_code == 302
    assert Line.objects.filter(act="officer.password-changed", by=str(ana.pk)).count() == 1


@pytest.mark.parametrize(
    ("old", "new", "again", "sentence"),
    [
        ("not it", NEW, NEW, "This is not your present password."),
        (PASSWORD, "short", "short", "too short"),
        (PASSWORD, NEW, NEW + ".", "The two new passwords are not the same."),
        (PASSWORD, "", "", "This field is required."),
    ],
)
def test_a_password_that_is_not_good_enough_changes_nothing(
    as_ana: Client, ana: Officer, old: str, new: str, again: str, sentence: str
) -> None:
    data = {"change-password": "", "old": old, "new": new, "again": again}
    response = as_ana.post(reverse("settings"), data)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    ana.refresh_from_db()
    assert ana.check_password(PASSWORD)
