"""What waits for an editor, as numbers for the desk."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ilex.library.models import Feed, Item
from ilex.library.queries.feeds import twins_open
from ilex.units.models import Officer
from ilex.units.rules import may
from ilex.web.tiles import Tile


def library_tiles(officer: Officer) -> Iterator[Tile]:
    """Only what is not zero."""
    if not may(officer, "news.write"):
        return
    drafts = Item.objects.filter(state=Item.State.DRAFT).count()
    twins = twins_open().count()
    silent = Feed.objects.filter(way=Feed.Way.IN, active=True, failures__gte=3).count()
    news, feeds = reverse("news"), reverse("feeds")
    tiles = (
        Tile("news-drafts", _("News not yet published"), drafts, f"{news}?state=draft", order=70),
        Tile("news-twins", _("News that may be twins"), twins, reverse("news-twins"), "near", order=71),
        Tile("feeds-silent", _("Feeds that do not come"), silent, feeds, "near", order=72),
    )
    yield from (tile for tile in tiles if tile.count)
