"""A feed whose marks are gone: the values in their order are enough to find its items again."""

from __future__ import annotations

from email.utils import format_datetime

import pytest

from ilex.library.entries import NewsFile
from ilex.library.rules.addresses import link_key, mended, parted
from ilex.library.rules.flattened import Unreadable, read
from ilex.library.seeds import NAME, OURS
from ilex.words import tables

NEWS = tables.read(OURS / NAME, NewsFile)


def flattened() -> str:
    """Our own news in the form in which the feed of 2019 was saved."""
    feed, image = NEWS.feed, NEWS.feed.image
    assert image is not None
    head = [feed.title_printed, feed.link, feed.description, feed.language, image.title, image.url, image.link]
    tail = [str(image.width), str(image.height), image.description, feed.generator, feed.docs]
    items = [
        f"{item.title_printed} {item.link_printed} {item.teaser.rstrip('.')}... {item.body}\n"
        f"{format_datetime(item.published)}\n"
        for item in NEWS.items
    ]
    return f"{' '.join([*head, *tail])} {format_datetime(feed.built_at)} {''.join(items)}"


def test_all_items_are_found_with_title_address_text_and_moment() -> None:
    found = read(flattened())
    assert [item.title for item in found.items] == [row.title_printed for row in NEWS.items]
    assert [item.link for item in found.items] == [row.link_printed for row in NEWS.items]
    assert [item.published for item in found.items] == [row.published for row in NEWS.items]
    assert [item.body for item in found.items] == [row.body.strip() for row in NEWS.items]
    assert all(item.teaser.endswith("...") for item in found.items)


def test_channel_and_its_image_are_found() -> None:
    found = read(flattened())
    assert found.channel["description"] == "NEWS CENTRE"
    assert (found.channel["width"], found.channel["height"]) == ("18", "16")
    assert found.channel["generator"] == "TYPO3 - get.content.right"
    assert found.built_at == NEWS.feed.built_at


def test_sections_and_addresses_of_the_items_are_those_of_the_seeds() -> None:
    for item, row in zip(read(flattened()).items, NEWS.items, strict=True):
        assert parted(item.title)[0] == row.section.value
        assert mended(item.link) == row.link
        assert link_key(item.link) == link_key(row.link)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "does not begin like a feed"),
        ("Once upon a time", "does not begin like a feed"),
        (flattened() + "One more title https://x.org/a and no date", "no date behind it"),
        (flattened().replace("https://www.icmpd.org//news-centre", "nowhere"), "has no title and address"),
        (flattened().replace("13 Mar 2019 11:50:47", "13 Mar 2019 31:50:47"), "no moment"),
    ],
)
def test_text_that_is_no_whole_feed_is_refused_in_one_sentence(text: str, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        read(text)
