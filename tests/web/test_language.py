from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from ilex.units.models import Officer
from ilex.web import languages

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("code", "tag"), [("sr", "sr-Cyrl"), ("sr-latn", "sr-Latn"), ("ka", "ka"), ("en", "en"), ("hy", "hy")]
)
def test_the_page_says_its_language_as_screen_readers_know_it(
    client: Client, ana: Officer, code: str, tag: str
) -> None:
    Officer.objects.filter(pk=ana.pk).update(page_language=code)
    client.force_login(ana)
    response = client.get(reverse("keys"), headers={"Accept-Language": "hu"})
    assert response["Content-Language"] == tag
    assert f' lang="{tag}"' in response.content.decode()


def test_who_is_not_signed_in_gets_the_language_of_the_browser(client: Client, ana: Officer) -> None:
    response = client.get(reverse("sign-in"), headers={"Accept-Language": "hu, en;q=0.5"})
    assert response["Content-Language"] == "hu"


def test_the_switch_is_for_good_when_signed_in(as_ana: Client, ana: Officer) -> None:
    response = as_ana.post(reverse("language"), {"language": "mk", "next": reverse("keys")})
    assert response["Location"] == reverse("keys")
    ana.refresh_from_db()
    assert ana.page_language == "mk"
    assert as_ana.get(reverse("keys"))["Content-Language"] == "mk"


def test_the_switch_works_before_the_sign_in(client: Client, ana: Officer) -> None:
    client.post(reverse("language"), {"language": "uk", "next": reverse("sign-in")})
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "uk"
    assert client.get(reverse("sign-in"))["Content-Language"] == "uk"


@pytest.mark.parametrize("code", ["", "xx", "en/../..", "EN\n"])
def test_a_language_that_is_not_ours_is_refused(as_ana: Client, ana: Officer, code: str) -> None:
    assert as_ana.post(reverse("language"), {"language": code}).status_code == 400
    ana.refresh_from_db()
    assert ana.page_language == "en"


def test_the_switch_leads_nowhere_else(as_ana: Client) -> None:
    response = as_ana.post(reverse("language"), {"language": "en", "next": "https://elsewhere.example/"})
    assert response["Location"] == reverse("desk")


@pytest.mark.parametrize(
    ("text", "language", "tag"),
    [
        ("ნინო ბერიძე", "", "und-Geor"),
        ("Зоран", "mk", "mk"),
        ("Đorđe", "sr-latn", "sr-Latn"),
        ("Зоран", "", "und-Cyrl"),
        ("12345", "", ""),
    ],
)
def test_written_text_is_marked_by_its_language_or_else_its_script(text: str, language: str, tag: str) -> None:
    assert languages.tag_of_text(text, language) == tag
