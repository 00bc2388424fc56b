"""Addresses and titles as the feed of 2019 has them, and when two are of one item."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilex.library.rules.addresses import link_key, may_be_cut, mended, parted, title_key

HOUSE = "https://www.icmpd.org"
SLUG = "project-news-kick-off-event-of-the-project-swiss-support-to-integrated-border-management-in-lebanon-phase-2"


def test_doubled_strokes_are_mended_and_those_behind_the_scheme_stay() -> None:
    assert mended(f"{HOUSE}//news-centre///news-detail/x/") == f"{HOUSE}/news-centre/news-detail/x/"


@pytest.mark.parametrize(
    "other", ["http://icmpd.org/news/x", "https://WWW.icmpd.org//news/x/", "https://www.icmpd.org/news//x"]
)
def test_spellings_of_one_address_have_one_key(other: str) -> None:
    assert link_key(other) == link_key(f"{HOUSE}/news/x/")


def test_address_that_the_feed_cut_may_be_the_whole_one() -> None:
    assert may_be_cut(f"{HOUSE}/news/{SLUG[:97]}/", f"{HOUSE}/news/{SLUG}/")
    assert not may_be_cut(f"{HOUSE}/news/{SLUG[:40]}/", f"{HOUSE}/news/{SLUG}/")
    assert not may_be_cut(f"{HOUSE}/news/", f"{HOUSE}/news/{SLUG}/")


@pytest.mark.parametrize(
    ("title", "section", "rest"),
    [
        ("Project News: A study", "project-news", "A study"),
        ("Project News:Combatting smuggling", "project-news", "Combatting smuggling"),
        ("ICMPD Around the Globe: A talk", "around-the-network", "A talk"),
        ("Expert Voice: For cities", "expert-voice", "For cities"),
        ("Moldova: a border", "", "Moldova: a border"),
        ("No section", "", "No section"),
    ],
)
def test_section_before_the_title_is_parted_from_it(title: str, section: str, rest: str) -> None:
    assert parted(title) == (section, rest)


def test_two_prints_of_one_title_have_one_key() -> None:
    assert title_key("Project News: The “Istanbul Commitments”") == title_key("the Istanbul commitments")


@pytest.mark.parametrize(
    "link",
    [
        *("", "javascript:alert(1)", "ftp://x.org/a", "/news/x", "https://", "https://x/" + "a" * 400),
        *("https://eda:secret@x.org/", "https://bank.example@x.org/", "http://[::1", "http://x.org:port/"),
    ],
)
def test_what_is_no_web_address_gets_one_sentence(link: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        mended(link)


@given(st.lists(st.text("abc-", min_size=1, max_size=8), max_size=5), st.integers(1, 4))
def test_mending_twice_is_mending_once(parts: list[str], strokes: int) -> None:
    once = mended(f"{HOUSE}/" + ("/" * strokes).join(parts))
    assert mended(once) == once
    assert "//" not in once.removeprefix("https://")
