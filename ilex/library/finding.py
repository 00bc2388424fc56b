"""Finding news by their words, for the page that searches everything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.library import index
from ilex.library.models import Item
from ilex.library.queries.items import text_in, visible_items
from ilex.programme.queries import values
from ilex.programme.rules.errors import Invalid
from ilex.units.models import Officer

LONGEST, BEST = 200, 10


@dataclass(frozen=True)
class Row:
    """An item that holds the words, in the language of the page where it has that."""

    key: str
    url: str
    title: str
    language: str
    note: str  # section and kind
    state: str
    at: datetime


@dataclass(frozen=True)
class Found:
    rows: tuple[Row, ...]
    more: bool


def search(officer: Officer, text: str, *, reason: str = "", count: int = BEST) -> Found:
    """The newest first, without what was withdrawn; drafts only for those who write news.

    The journal keeps what was looked for. Raises Invalid("q") for a text without a letter or digit.
    """
    asked = index.query(text[:LONGEST])
    if not asked:
        raise Invalid({"q": _("Type a word, a name or a number.")})
    with act("news.searched", Operation.CONSULTATION, by=officer, on=("search", ""), reason=reason) as this:
        found = visible_items(officer).filter(search__holds=asked).exclude(state=Item.State.WITHDRAWN)
        newest = found.defer("search").prefetch_related("texts").order_by("-changed_at", "id")[: count + 1]
        rows = [_row(item, values.language()) for item in newest]
        this.detail |= {"text": text[:LONGEST], "found": [row.key for row in rows[:count]]}
    return Found(tuple(rows[:count]), len(rows) > count)


def _row(item: Item, language: str) -> Row:
    text = text_in(item, language)
    note = f"{item.get_section_display()} · {item.get_kind_display()}"
    url, at = reverse("news-item", args=[item.key]), item.published_at or item.changed_at
    return Row(f"item:{item.pk}", url, text.title, text.language, note, str(item.get_state_display()), at)
