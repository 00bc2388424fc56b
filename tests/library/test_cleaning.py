"""HTML of strangers becomes the small Markdown of an item, and comes out as harmless HTML again."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilex.library.rules.cleaning import MOST, Refused, clean, plain, words
from ilex.library.rules.marking import as_html, as_words


def test_paragraphs_emphasis_links_lists_and_headings_are_kept() -> None:
    html = (
        "<h1>What was agreed</h1><p>On <b>11 March</b> <i>both</i> <a href='https://x.org/a'>signed</a>.</p>"
        "<ul><li>one</li><li>two</li></ul>"
    )
    assert clean(html) == (
        "## What was agreed\n\nOn **11 March** *both* [signed](<https://x.org/a>).\n\n- one\n\n- two"
    )
    shown = as_html(clean(html))
    assert '<a href="https://x.org/a"' in shown
    assert "<strong>11 March</strong>" in shown
    assert shown.count("<li>") == 2


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<p onclick='x()'>a</p>",
        "<img src=x onerror=alert(1)>",
        "<a href='javascript:alert(1)'>a</a>",
        "<a href='java\nscript:alert(1)'>a</a>",
        "<SCRIPT SRC=https://x.org/a.js></SCRIPT>",
        "<a href='data:text/html,x'>a</a>",
    ],
)
def test_text_with_a_program_is_refused_whole(html: str) -> None:
    for verb in (clean, words):
        with pytest.raises(Refused, match=r"program.*\.$"):
            verb(f"<p>News</p>{html}")


def test_pictures_frames_and_styles_are_cut_and_the_words_stay() -> None:
    html = "<p style='color:red'>a <img src='https://x.org/p.gif'> b</p><iframe src='https://x.org'>c</iframe><style>d</style>"
    assert clean(html) == "a b"


def test_text_that_is_too_long_is_refused() -> None:
    with pytest.raises(Refused, match="too long"):
        clean("a" * (MOST + 1))


@pytest.mark.parametrize(
    "bomb",
    ["<!--", "<!", "<a ", "</", "<p ", "<![CDATA[", "<div>", "<b><i>"],
)
def test_text_of_too_many_marks_is_refused_before_it_is_read(bomb: str) -> None:
    for verb in (clean, words):
        with pytest.raises(Refused, match="too many marks"):
            verb(bomb * 100_000)


@pytest.mark.parametrize("nest", ["<blockquote>x", "<ul><li>x", "<blockquote><ol><li>x"])
def test_deep_nests_do_not_grow_beyond_what_came(nest: str) -> None:
    html = nest * 3_000
    assert len(clean(html)) < 20 * len(html)


def test_program_in_a_remark_or_in_words_is_none() -> None:
    assert clean("<p>They <!-- <script>alert(1)</script> --> met.</p>") == "They met."
    assert clean("<p title='<script>'>They met.</p>") == "They met."


@pytest.mark.parametrize(
    "text", ["# no heading", "- no point", "1. no number", "*no mark*", "[no](link)", "> no", "a &amp; b"]
)
def test_plain_text_is_shown_as_it_is(text: str) -> None:
    assert as_words(plain(text)) == text
    assert re.fullmatch(r"<p>[^<]*</p>\n", as_html(plain(text)))


@given(st.text(max_size=200))
def test_plain_text_never_becomes_a_mark(text: str) -> None:
    shown = as_html(plain(text))
    assert set(re.findall(r"<(\w+)", shown)) <= {"p"}


@given(st.text(alphabet="<>/\"'= abpscriptonhref:*_[]()#&;\n-1.", max_size=120))
def test_whatever_is_written_the_page_gets_only_known_tags(text: str) -> None:
    known = {"p", "br", "em", "strong", "a", "ul", "ol", "li", "blockquote", "h2", "h3", "h4", "hr", "code", "pre"}
    shown = as_html(text)
    assert set(re.findall(r"<(\w+)", shown)) <= known
    assert "javascript:" not in shown.replace("&", "")
    try:
        again = as_html(clean(text))
    except Refused:
        return
    assert set(re.findall(r"<(\w+)", again)) <= known
