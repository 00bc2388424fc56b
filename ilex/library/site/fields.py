"""What may stand on the public site: these columns of these tables and no others. What is not named here stays inside.

Which rows: those that are marked public, of our own unit or of nobody. A test fills every other column with a word of
its own and looks for it in all that was written.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db.models import Model, Q, QuerySet

from ilex.gate.models import Attachment
from ilex.library.models import Item
from ilex.programme.models import Activity, Factsheet

PUBLIC: dict[str, tuple[str, ...]] = {
    "library.Item": (
        *("id", "key", "kind", "section", "link", "language", "themes", "disclaimer", "published_at", "changed_at"),
    ),
    "library.ItemText": ("item_id", "language", "title", "teaser", "body"),
    "library.Author": ("item_id", "name", "function", "organisation_id"),  # a name only where the author signs
    "library.FurtherLink": ("item_id", "kind", "label", "language", "url", "attachment_id"),
    "programme.Activity": (
        *("id", "key", "kind", "state", "title", "text", "language", "when", "place_id", "venue", "mode"),
        *("languages", "topics", "first", "last"),
    ),
    # Of its content only what `programme.rules.outward` lets through: its own PDF and IATI are for inside.
    "programme.Factsheet": ("id", "action_id", "language", "content", "frozen_at"),
    "gate.Attachment": ("id", "name", "media", "size"),
    "library.Site": ("title", "intro", "languages", "address"),
}

Row = dict[str, Any]


def ours() -> Q:
    """What another unit told us is never ours to publish, whatever its row says."""
    return Q(owner=None) | Q(owner=settings.ILEX_UNIT)


def public_items() -> QuerySet[Item]:
    return Item.objects.filter(ours(), public=True, state=Item.State.PUBLISHED, published_at__isnull=False)


def public_activities() -> QuerySet[Activity]:
    return Activity.objects.filter(ours(), public=True).exclude(state=Activity.State.DRAFT)


def public_factsheets() -> QuerySet[Factsheet]:
    """Copies that an editor published, of actions that may stand there."""
    return Factsheet.objects.filter(public=True, action__public=True)


def public_files() -> QuerySet[Attachment]:
    return Attachment.objects.filter(pk__in=public_items().values("links__attachment"), whole_at__isnull=False)


def shown(rows: QuerySet[Any, Any]) -> Iterator[Row]:
    """The rows with the columns of the list; the others are not even read."""
    model: type[Model] = rows.model
    yield from rows.values(*PUBLIC[model._meta.label])
