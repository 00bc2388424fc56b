"""The pages of the news: an officer finds, reads, writes, publishes, takes in; bad input stays on its page."""

from __future__ import annotations

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ilex.journal.models import Line
from ilex.library.loading import load_news
from ilex.library.models import Feed, Item, Site
from ilex.library.tiles import library_tiles
from ilex.programme.loading import load_programme
from ilex.units.actions import load_directory
from ilex.units.models import Officer
from tests.library import feeding
from tests.library.conftest import published

pytestmark = pytest.mark.django_db

TYPED = {
    "title": "Joint training held",
    "teaser": "Forty officers took part.",
    "body": "They **trained**.",
    "language": "en",
    "kind": "news",
    "section": "project-news",
    "themes": ["training"],
    "authors": "Eva Invented; Head of training\nEditor",
    "links": "The programme https://x.org//a",
    "about_actions": "",
    "about_activities": "",
    "disclaimer": "",
}


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", answer.content.decode())).split())


def test_every_line_of_the_feed_is_found_on_a_page(client: Client, ana: Officer) -> None:
    """The news' part of the inventory: each row that carries a line says its text on the page of its item or feed."""
    load_directory()
    load_programme()
    load_news()
    client.force_login(ana)
    assert Item.objects.count() == 10
    listed = text_of(client, "/news/")
    for item in Item.objects.prefetch_related("texts", "remarks", "links", "authors", "actions", "activities"):
        page = text_of(client, f"/news/items/{item.key}/")
        text = item.texts.get(language=item.language)
        assert text.title in listed
        said = [text.title, text.title_printed, item.link, item.link_printed, item.get_section_display()]
        said += [one.text for one in item.remarks.all()] + [one.label for one in item.links.all()]
        said += [one.function for one in item.authors.all()]
        said += [str(one.title) for one in item.actions.all()] + [str(one.title) for one in item.activities.all()]
        for words in said:
            assert " ".join(words.split()) in page, (item.key, words)
    feed = Feed.objects.get()
    page = text_of(client, f"/news/feeds/{feed.key}/")
    for words in (
        feed.title,
        feed.title_printed,
        feed.description,
        feed.generator,
        feed.docs,
        feed.image["url"],
        "18 × 16",
    ):
        assert words in page
    for remark in feed.remarks.all():
        assert remark.text in page


def test_editor_writes_reads_and_publishes(client: Client, eda: Officer) -> None:
    client.force_login(eda)
    assert client.post("/news/new/", TYPED).status_code == 302
    item = Item.objects.get()
    assert [tile.count for tile in library_tiles(eda)] == [1]
    assert "Publish it" in text_of(client, f"/news/items/{item.key}/")
    client.post(f"/news/items/{item.key}/publish/", {"public": "on"})
    item.refresh_from_db()
    assert (item.state, item.public, item.link) == ("published", True, "")
    page = text_of(client, f"/news/items/{item.key}/")
    assert "Eva Invented, Head of training" in page
    assert item.links.get().url == "https://x.org/a"
    answer = client.post(f"/news/items/{item.key}/edit/", {**TYPED, "title": "Changed", "version": str(item.version)})
    assert answer.status_code == 302
    serbian = {"language": "sr", "title": "Обука", "body": "Четрдесет.", "version": "3"}
    answer = client.post(f"/news/items/{item.key}/language/", serbian)
    assert answer.status_code == 302
    assert "Обука" in text_of(client, f"/news/items/{item.key}/?language=sr")
    client.post(f"/news/items/{item.key}/withdraw/", {"why": "Wrong date"})
    assert "Wrong date" in text_of(client, f"/news/items/{item.key}/")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"title": ""}, "required"),
        ({"body": "<script>alert(1)</script>"}, "program"),
        ({"about_actions": "nowhere"}, "There is no action"),
        ({"links": "Bad https://"}, "http"),
        ({"section": "sports"}, "valid"),
    ],
)
def test_bad_input_stays_on_its_page_with_one_sentence(
    client: Client, eda: Officer, wrong: dict[str, str], says: str
) -> None:
    client.force_login(eda)
    before = Line.objects.count()
    answer = client.post("/news/new/", {**TYPED, **wrong})
    assert answer.status_code == 422 or wrong.get("links")
    if answer.status_code == 422:
        assert says in answer.content.decode()
        assert "Please look at this again" in answer.content.decode()
        assert (Item.objects.count(), Line.objects.count()) == (0, before)


def test_file_goes_along_and_is_fetched_only_by_those_who_may_read(client: Client, eda: Officer, ana: Officer) -> None:
    item = published(eda)
    client.force_login(eda)
    client.post(f"/news/items/{item.key}/files/", {"files": SimpleUploadedFile("speech.txt", b"The speech")})
    link = item.links.get()
    client.force_login(ana)
    answer = client.get(f"/news/items/{item.key}/files/{link.pk}/")
    assert b"".join(answer.streaming_content) == b"The speech"  # type: ignore[attr-defined]
    assert Line.objects.filter(act="news.file-fetched", by=str(ana.pk)).count() == 1


def test_feed_is_taken_in_by_hand_pasted_or_as_a_file(client: Client, eda: Officer) -> None:
    client.force_login(eda)
    client.post("/news/feeds/new/", {"way": "in", "title": "News of Skopje", "language": "en"})
    feed = Feed.objects.get()
    answer = client.post(f"/news/feeds/{feed.key}/take/", {"content": feeding.flattened()}, follow=True)
    assert "10 new items." in answer.content.decode()
    file = SimpleUploadedFile(
        "feed.xml", feeding.rss(feeding.item(), feeding.item("Bad", "https://x.org/b", "<script>1</script>"))
    )
    answer = client.post(f"/news/feeds/{feed.key}/take/", {"file": file}, follow=True)
    page = answer.content.decode()
    assert "1 new item." in page
    assert "program (a script)" in page
    before = Line.objects.count(), Item.objects.count()
    for content in ("<rss>", "Once upon a time", ""):
        answer = client.post(f"/news/feeds/{feed.key}/take/", {"content": content})
        assert answer.status_code == 422
        assert "Please look at this again" in answer.content.decode()
    assert (Line.objects.count(), Item.objects.count()) == before


def test_head_switches_the_site_and_a_bad_address_is_told(client: Client, chief: Officer) -> None:
    client.force_login(chief)
    typed = {"title": "News of Belgrade", "languages": ["en"], "address": "news.example.org"}
    assert client.post("/news/site/", typed).status_code == 422
    assert not Site.objects.exists()
    assert client.post("/news/site/", {**typed, "address": "https://news.example.org/"}).status_code == 302
    assert Site.objects.get().active
    client.post("/news/site/", {"step": "off"})
    assert not Site.objects.get().active
