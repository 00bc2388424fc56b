from __future__ import annotations

import pytest
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory

from ilex.web import listing


def asked(query: str) -> HttpRequest:
    return RequestFactory().get(f"/list/?{query}")


@pytest.mark.parametrize(
    ("query", "first"),
    [("", 0), ("first=50", 50), ("first=-1", 0), ("first=x", 0), ("first=99999999", 0), ("first=999999", listing.LAST)],
)
def test_first_row_is_taken_from_the_address_as_far_as_it_makes_sense(query: str, first: int) -> None:
    assert listing.first_row(asked(query)) == first


def test_neighbours_keep_the_filters_and_are_left_out_where_there_are_none() -> None:
    request = asked("show=mine&partner=mk&partner=ge&first=50")
    leaf = listing.leaf(request, 50, 50, more=True)
    assert leaf.earlier == "?show=mine&partner=mk&partner=ge&first=0"
    assert leaf.later == "?show=mine&partner=mk&partner=ge&first=100"
    assert listing.leaf(request, 0, 50, more=False) == listing.Leaf("", "")
    assert listing.query(request, "partner") == "?show=mine"


def test_list_that_ends_here_has_nothing_to_turn_to() -> None:
    assert "<nav" not in render_to_string("parts/turn.html", {"earlier": "", "later": ""})
    html = render_to_string("parts/turn.html", {"earlier": "?first=0&a=1", "later_words": "Later deadlines"})
    assert 'href="?first=0&amp;a=1"' in html
    assert "Later deadlines" not in html
