"""The words by which an item is found: titles, teasers and texts in all its languages, folded."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from ilex.exchange import index
from ilex.index import vector as column
from ilex.library.models import Item
from ilex.library.rules.marking import as_words

query = index.query


def renew(items: Iterable[Item]) -> None:
    """Make them findable by what they now say; inside the transaction that changed them."""
    rows = [(column(index.words(*_texts(item))), item.pk) for item in items]
    with connection.cursor() as cursor:
        cursor.executemany("UPDATE library_item SET search = %s::tsvector WHERE id = %s", rows)


def _texts(item: Item) -> Iterable[str]:
    yield from (item.key, item.section_printed)
    for text in item.texts.all():
        yield from (text.title, text.title_printed, as_words(text.teaser), as_words(text.body))
