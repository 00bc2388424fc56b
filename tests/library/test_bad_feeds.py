"""Whatever a feed brings: one sentence, and rows and journal as they were before."""

from __future__ import annotations

import pytest

from ilex.journal.models import Line
from ilex.library.actions.feeds import add_feed
from ilex.library.actions.items import Text, set_text, write_item
from ilex.library.actions.taking import take_feed
from ilex.library.models import Feed, Item, ItemText
from ilex.library.reading import MOST_BYTES
from ilex.programme.rules.errors import Invalid, NotNow
from ilex.units.models import Officer
from tests.library import feeding
from tests.library.conftest import letter, published

pytestmark = pytest.mark.django_db

BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    b"<rss><channel><title>&b;</title></channel></rss>"
)
ROW = "".join(f'<!ENTITY l{number} "{f"&l{number - 1};" * 10}">' for number in range(1, 10))
LAUGHS = f'<!DOCTYPE r [<!ENTITY l0 "ha">{ROW}]><rss><channel><title>&l9;</title></channel></rss>'.encode()
OUTSIDE = b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><title>&x;</title></channel></rss>'
PARAMETER = b'<!DOCTYPE r [<!ENTITY % x SYSTEM "http://127.0.0.1/x.dtd"> %x;]><rss><channel/></rss>'


@pytest.fixture
def skopje(eda: Officer) -> Feed:
    return add_feed(eda, title="News of Skopje")


def counts() -> tuple[int, ...]:
    return tuple(table.objects.count() for table in (Feed, Item, ItemText, Line))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (feeding.rss(feeding.item())[:-20], "its XML is not whole"),
        (feeding.rss(feeding.item()).replace(b"</title>", b"</titel>", 1), "its XML is not whole"),
        (b"<html><body>404</body></html>", "neither RSS nor Atom"),
        (BOMB, "entities of its own"),
        (LAUGHS, "entities of its own"),
        (OUTSIDE, "entities of its own"),
        (PARAMETER, "entities of its own"),
        (feeding.rss("<item>" + "<b>" * 300 + "</b>" * 300 + "</item>"), "too deep"),
        (feeding.rss("<item/>" * 2001), "more than 2,000 items"),
        (feeding.rss(feeding.item(text="a" * 50 * 2**20)), "longer than 10 MiB"),
        (b"\xff\xfa\x00 no text", "neither RSS nor Atom, nor text"),
        ("Once upon a time", "does not begin like a feed"),
        ("", "does not begin like a feed"),
        ("a" * (MOST_BYTES + 1), "longer than 10 MiB"),
    ],
    ids=[
        "cut",
        "wrong tag",
        "a page",
        "bomb",
        "laughs",
        "outside",
        "parameter",
        "deep",
        "many",
        "50 MB item",
        "bytes",
        "story",
        "nothing",
        "long text",
    ],
)
def test_broken_feed_is_one_sentence_and_nothing_is_taken_in(
    eda: Officer, skopje: Feed, content: bytes | str, says: str
) -> None:
    before = counts()
    with pytest.raises(Invalid, match=says) as wrong:
        take_feed(eda, skopje, content)
    assert list(wrong.value.fields) == ["content"]
    assert counts() == before


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (feeding.item("Bad", "https://x.org/bad", "<script>alert(1)</script>"), "program"),
        (feeding.item("<img src=x onerror=alert(1)>Bad", "https://x.org/bad"), "program"),
        (feeding.item("Bad", "https://x.org/bad", "a" * (2**20 + 1)), "1 MiB"),
        (feeding.item("Bad", "javascript:alert(1)"), "http"),
        (feeding.item("", "https://x.org/bad"), "no title"),
        ("<item><title>Bad</title></item>", "neither an address nor a number"),
    ],
    ids=["script", "handler in the title", "over 1 MiB", "no web address", "no title", "nothing to know it by"],
)
def test_bad_item_is_left_out_and_told_and_the_others_are_taken_in(
    eda: Officer, skopje: Feed, bad: str, says: str
) -> None:
    taken = take_feed(eda, skopje, feeding.rss(feeding.item(), bad))
    [sentence] = taken.refused
    assert says in sentence
    assert sentence.endswith(".")
    assert Item.objects.get().texts.get().title == "A meeting in Skopje"


def test_item_dated_ahead_is_of_today(eda: Officer, skopje: Feed) -> None:
    take_feed(eda, skopje, feeding.rss(feeding.item(at="Thu, 21 Mar 2199 12:57:30 +0100")))
    item = Item.objects.get()
    assert item.published_at == item.made_at


def test_feed_that_is_off_takes_nothing_in(eda: Officer, skopje: Feed) -> None:
    Feed.objects.filter(pk=skopje.pk).update(address="")
    out = add_feed(eda, title="Ours", way="out")
    before = counts()
    with pytest.raises(NotNow):
        take_feed(eda, out, feeding.rss(feeding.item()))
    assert counts() == before


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("file:///etc/passwd", "http"),
        ("gopher://x.org", "http"),
        ("https://", "http"),
        ("nonsense", "http"),
        ("https://eda:secret@x.org/", "http"),
    ],
)
def test_feed_with_a_bad_address_is_refused(eda: Officer, address: str, says: str) -> None:
    before = counts()
    with pytest.raises(Invalid, match=says):
        add_feed(eda, title="Bad", address=address)
    assert counts() == before


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (letter(title=""), "title"),
        (letter(title="a" * 301), "title"),
        (letter(body="<script>alert(1)</script>"), "body"),
        (letter(title="<b onclick=x>Bold</b>"), "title"),
        (letter(body="a\0b"), "body"),
        (letter(language="xx-1"), "language"),
        (letter(kind="poem"), "kind"),
        (letter(section="sports"), "section"),
        (letter(about_actions=["nowhere"]), "about_actions"),
        (letter(about_activities=["nowhere"]), "about_activities"),
    ],
)
def test_bad_letter_is_one_sentence_beside_its_field(eda: Officer, wrong: object, field: str) -> None:
    before = counts()
    with pytest.raises(Invalid) as refused:
        write_item(eda, wrong)  # type: ignore[arg-type]
    assert list(refused.value.fields) == [field]
    assert refused.value.fields[field].endswith(".")
    assert counts() == before


def test_text_that_somebody_changed_meanwhile_is_not_overwritten(eda: Officer) -> None:
    item = published(eda)
    set_text(eda, item, Text("sr", "Обука"), version=item.version)
    before = counts()
    with pytest.raises(NotNow, match="Somebody else"):
        set_text(eda, item, Text("sr", "Друго"), version=1)
    assert counts() == before
