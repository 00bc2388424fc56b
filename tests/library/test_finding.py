"""News found by their words, for the page that searches everything."""

from __future__ import annotations

import pytest

from ilex.journal.models import Line
from ilex.library.actions import items
from ilex.library.actions.publishing import withdraw
from ilex.library.finding import search
from ilex.programme.rules.errors import Invalid
from ilex.units.models import Officer
from tests.library.conftest import letter, published

pytestmark = pytest.mark.django_db


def test_item_is_found_by_its_words_in_the_language_of_the_page(eda: Officer, ana: Officer) -> None:
    item = published(eda)
    published(eda, "Something else", body="Nobody came.")
    found = search(ana, "belgrade training", reason="For the yearly report")
    [row] = found.rows
    assert (row.key, row.url) == (f"item:{item.pk}", f"/news/items/{item.key}/")
    assert (row.title, row.language) == ("Joint training held in Belgrade", "en")
    assert not found.more
    line = Line.objects.get(act="news.searched")
    assert line.reason == "For the yearly report"


def test_drafts_are_found_by_editors_only_and_what_was_withdrawn_by_nobody(eda: Officer, ana: Officer) -> None:
    items.write_item(eda, letter("A draft of training"))
    withdraw(eda, published(eda, "A training withdrawn"), "A mistake")
    assert [row.state for row in search(eda, "training").rows] == ["Draft"]
    assert search(ana, "training").rows == ()


def test_more_than_the_best_is_told_and_a_text_without_words_refused(eda: Officer, ana: Officer) -> None:
    for number in range(3):
        published(eda, f"Training {number}")
    found = search(ana, "training", count=2)
    assert (len(found.rows), found.more) == (2, True)
    with pytest.raises(Invalid):
        search(ana, "?!")
