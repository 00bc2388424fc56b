"""Feeds out and in: read by the libraries that others use, and nothing taken in twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import feedparser  # type: ignore[import-untyped]  # it publishes no types
import pytest
from django.test import Client
from reader import make_reader

from ilex.journal.models import Line
from ilex.library.actions.feeds import add_feed
from ilex.library.actions.items import Signed, Text, set_text
from ilex.library.actions.publishing import withdraw
from ilex.library.actions.taking import take_feed
from ilex.library.actions.twins import judge_twin
from ilex.library.feeds import Channel, Entry, atom, rss
from ilex.library.loading import load_news
from ilex.library.models import Feed, Item, Twin
from ilex.library.queries.feeds import twins_open
from ilex.programme.loading import load_programme
from ilex.units.actions import load_directory
from ilex.units.models import Officer
from tests.library import feeding
from tests.library.conftest import published

ENTRY = Entry(
    id="urn:uuid:01234567-89ab-7def-8123-456789abcdef",
    title="Обука у Београду <заједничка> & добра",
    link="https://news.example.org/en/news/training.html",
    teaser="Forty officers < took part",
    html="<p>Forty <em>officers</em> took part.</p>",
    published=datetime(2026, 3, 28, 12, 0, tzinfo=ZoneInfo("Europe/Belgrade")),
    updated=datetime(2026, 3, 30, 12, 0, tzinfo=ZoneInfo("Europe/Belgrade")),
    language="sr-Cyrl",
    section="Project news",
    themes=["Training"],
    authors=["Head of training"],
)
CHANNEL = Channel(
    title="News of Belgrade",
    link="https://news.example.org/en/index.html",
    description="What we do together",
    language="en",
    address="https://news.example.org/en/feed.rss",
    image="https://news.example.org/feed.png",
)
KINDS: list[Callable[..., bytes]] = [rss, atom]


# --- out ---


@pytest.mark.parametrize("write", KINDS)
def test_feed_is_read_by_feedparser_without_a_complaint(write: Callable[..., bytes]) -> None:
    found = feedparser.parse(write([ENTRY], CHANNEL))
    assert not found.bozo
    assert found.version == {"rss": "rss20", "atom": "atom10"}[write.__name__]
    assert found.feed.title == CHANNEL.title
    assert found.feed.language == "en"
    assert "Ilex" in found.feed.generator
    [entry] = found.entries
    assert (entry.id, entry.link) == (ENTRY.id, ENTRY.link)
    assert feedparser.parse(write([ENTRY], CHANNEL), sanitize_html=False).entries[0].content[0].value == ENTRY.html
    assert entry.published_parsed[:5] == (2026, 3, 28, 11, 0)
    assert [tag.term for tag in entry.tags] == ["Project news", "Training"]
    assert entry.author == "Head of training"


def test_rss_names_its_picture_its_format_and_the_language_of_each_item() -> None:
    found = feedparser.parse(rss([ENTRY], CHANNEL))
    assert found.feed.image.href == CHANNEL.image
    assert found.feed.image.link == CHANNEL.link
    assert found.feed.docs.startswith("https://")
    assert found.feed.updated_parsed[:3] == (2026, 3, 30)
    assert "<dc:language>sr-Cyrl</dc:language>" in rss([ENTRY], CHANNEL).decode()
    assert 'xml:lang="sr-Cyrl"' in atom([ENTRY], CHANNEL).decode()


@pytest.mark.parametrize("write", KINDS)
def test_feed_without_items_and_one_with_control_characters_are_whole(write: Callable[..., bytes]) -> None:
    broken = Entry(**{**vars(ENTRY), "title": "a\x0bb\ufffe", "teaser": "\x00", "html": "<p>\x1f</p>"})
    for entries in ([], [broken]):
        assert not feedparser.parse(write(entries, CHANNEL)).bozo


@pytest.mark.parametrize("write", KINDS)
def test_feed_reads_in_a_feed_reader(write: Callable[..., bytes], tmp_path: Path) -> None:
    """The library `reader`, as a program for people uses it: the feed is followed, and each item is there once."""
    (tmp_path / "feed.xml").write_bytes(write([ENTRY], CHANNEL))
    with make_reader(":memory:", feed_root=str(tmp_path)) as reader:
        reader.add_feed("feed.xml")
        for _turn in range(2):
            reader.update_feeds()
        feed = reader.get_feed("feed.xml")
        assert feed.last_exception is None
        assert feed.title == CHANNEL.title
        [entry] = reader.get_entries()
        assert entry.title == ENTRY.title
        assert entry.published == ENTRY.published
        assert entry.link == ENTRY.link


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["rss", "atom"])
def test_pages_give_out_what_is_published_in_each_language(
    client: Client, eda: Officer, ana: Officer, form: str
) -> None:
    item = published(eda, authors=[Signed("Head of training")])
    set_text(
        eda,
        item,
        Text("sr", "Обука у Београду", "Кратко.", "Учествовало је четрдесет службеника."),
        version=item.version,
    )
    gone = published(eda, "This one goes")
    withdraw(eda, gone, "A mistake")
    client.force_login(ana)
    for language, title in (("en", "Joint training held in Belgrade"), ("sr", "Обука у Београду")):
        answer = client.get(f"/news/feed.{form}", {"language": language})
        found = feedparser.parse(answer.content)
        assert not found.bozo
        assert [entry.title for entry in found.entries] == [title]
        assert found.entries[0].author.endswith("Head of training")


@pytest.mark.django_db
def test_feed_of_some_sections_holds_only_those(client: Client, eda: Officer, ana: Officer) -> None:
    published(eda, "A project goes on", section="project-news")
    published(eda, "What an expert thinks", section="expert-voice")
    feed = add_feed(eda, title="Voices", way="out", sections=["expert-voice"])
    client.force_login(ana)
    found = feedparser.parse(client.get(f"/news/feeds/{feed.key}/feed.rss").content)
    assert [entry.title for entry in found.entries] == ["What an expert thinks"]


# --- in ---


@pytest.fixture
def skopje(eda: Officer) -> Feed:
    return add_feed(eda, title="News of Skopje")


@pytest.mark.django_db
def test_feed_is_taken_in_with_sections_parted_and_links_mended(eda: Officer, skopje: Feed) -> None:
    one = feeding.item("Project News:A <b>meeting</b>", "https://news.example.org//a//b/", "<p>They <em>met</em>.</p>")
    taken = take_feed(eda, skopje, feeding.rss(one))
    assert (len(taken.added), taken.known, taken.refused) == (1, 0, [])
    item = Item.objects.get()
    text = item.texts.get()
    assert (item.section, item.link, item.link_printed) == (
        "project-news",
        "https://news.example.org/a/b/",
        "https://news.example.org//a//b/",
    )
    assert (text.title, text.title_printed, text.body) == ("A meeting", "Project News:A meeting", "They *met*.")
    assert (item.state, item.public, item.language) == ("published", False, "en")
    assert item.published_at == datetime(2019, 3, 21, 12, 57, 30, tzinfo=ZoneInfo("Europe/Vienna"))
    assert Line.objects.get(act="feed.taken").by == str(eda.pk)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "again",
    [
        feeding.item(guid="7"),
        feeding.item("Another title", "https://news.example.org/else", guid="7"),
        feeding.item("Another title", "http://www.news.example.org//a-meeting/"),
    ],
    ids=["same", "same number", "same address"],
)
def test_item_that_is_known_is_not_taken_in_again(eda: Officer, skopje: Feed, again: str) -> None:
    take_feed(eda, skopje, feeding.rss(feeding.item(guid="7")))
    lines = Line.objects.count()
    taken = take_feed(eda, skopje, feeding.rss(again))
    assert (taken.added, taken.known) == ([], 1)
    assert (Item.objects.count(), Line.objects.count()) == (1, lines)


@pytest.mark.django_db
def test_address_that_was_cut_off_is_known_by_its_title(eda: Officer, skopje: Feed) -> None:
    slug = "https://news.example.org/" + "a-long-way-" * 12
    take_feed(eda, skopje, feeding.rss(feeding.item("A long way", slug[:125])))
    taken = take_feed(
        eda, skopje, feeding.rss(feeding.item("Project News: A long way", slug), feeding.item("Other", slug + "x"))
    )
    assert [item.texts.get().title for item in taken.added] == ["Other"]
    assert taken.known == 1


@pytest.mark.django_db
def test_atom_is_taken_in_and_our_own_feeds_come_back_whole(eda: Officer, skopje: Feed) -> None:
    for write in KINDS:
        taken = take_feed(eda, skopje, write([ENTRY], CHANNEL))
        assert taken.refused == []
    item = Item.objects.get()
    text = item.texts.get()
    assert (text.title, text.language) == (ENTRY.title, "sr-cyrl")
    assert (text.teaser, text.body) == ("Forty officers \\< took part", "Forty *officers* took part.")
    assert (item.section, item.guid) == ("project-news", ENTRY.id)


@pytest.mark.django_db
def test_seed_feed_taken_in_twice_adds_nothing(eda: Officer) -> None:
    """The loaded seeds are known again in the feed as it was saved; so are its items the second time."""
    load_directory()
    load_programme()
    load_news()
    feed, before = Feed.objects.get(key="icmpd-2019"), _counts()
    for _turn in range(2):
        taken = take_feed(eda, feed, feeding.flattened())
        assert (taken.added, taken.known, taken.twins, taken.refused) == ([], 10, 0, [])
    assert _counts() == before
    again = load_news()
    assert (again.added, again.changed, again.removed) == (0, 0, 0)


@pytest.mark.django_db
def test_feed_taken_in_by_itself_twice_adds_nothing_the_second_time(eda: Officer, skopje: Feed) -> None:
    assert len(take_feed(eda, skopje, feeding.flattened()).added) == 10
    before = _counts()
    taken = take_feed(eda, skopje, feeding.flattened().encode())
    assert (taken.added, taken.known) == ([], 10)
    assert _counts() == before


def _counts() -> tuple[int, ...]:
    return tuple(table.objects.count() for table in (Item, Line, Twin, Feed))


# --- twins ---


@pytest.mark.django_db
def test_two_feeds_on_one_event_are_shown_to_a_person_and_nothing_is_merged(eda: Officer, skopje: Feed) -> None:
    take_feed(eda, skopje, feeding.rss(feeding.item("Study on trafficking presented in Athens")))
    other = add_feed(eda, title="News of Athens")
    again = feeding.item("In Athens a study on trafficking presented", "https://athens.example.org/study")
    taken = take_feed(eda, other, feeding.rss(again))
    assert (len(taken.added), taken.twins) == (1, 1)
    twin: Any = twins_open().get()
    assert "near-title" in twin.reasons
    judge_twin(eda, twin, True)
    assert not twins_open().exists()
    assert Item.objects.count() == 2
    assert Line.objects.get(act="news.twin-judged").detail["same"] is True


@pytest.mark.django_db
def test_two_items_on_one_activity_are_possible_twins(eda: Officer) -> None:
    load_directory()
    load_programme()
    published(eda, "Ministers agree", about_activities=["istanbul-conference"])
    published(eda, "A speech in Turkey", about_activities=["istanbul-conference"])
    assert twins_open().get().reasons[0] == "same-activity"
