"""The news in the form of the programme's export: one record a line."""

from __future__ import annotations

from collections.abc import Iterator

from ilex.library.models import Feed, Item, NewsRemark
from ilex.programme.export import CHUNK, FORMAT, Record, row

BESIDE = ("texts", "authors", "links", "remarks__places", "remarks__organisations", "actions", "activities")
# How a feed is fetched, and what a second copy is known by, is nobody's business but ours.
FETCHING = ("address", "etag", "modified", "next_try", "failures", "failure")
KEYS = ("link_key", "title_key", "envelope")


def records() -> Iterator[Record]:
    """Feeds, then items, newest first."""
    for feed in Feed.objects.order_by("key").prefetch_related("remarks__places", "remarks__organisations"):
        made = {name: value for name, value in row(feed).items() if name not in FETCHING}
        remarks = [_remark(one) for one in feed.remarks.all()]
        yield {"format": FORMAT, "record": "feed", **made, "remarks": remarks}
    items = Item.objects.select_related("feed").prefetch_related(*BESIDE).order_by("-published_at", "key")
    for item in items.iterator(chunk_size=CHUNK):
        yield {"format": FORMAT, "record": "item", **item_record(item)}


def item_record(item: Item) -> Record:
    return {
        **{name: value for name, value in row(item).items() if name not in KEYS},
        "id": str(item.pk),
        "feed": item.feed.key if item.feed else None,
        "texts": [row(one) for one in item.texts.all()],
        "authors": [row(one) for one in item.authors.all()],
        "links": [row(one) for one in item.links.all()],
        "remarks": [_remark(one) for one in item.remarks.all()],
        "about_actions": [one.key for one in item.actions.all()],
        "about_activities": [one.key for one in item.activities.all()],
    }


def _remark(one: NewsRemark) -> Record:
    made = {name: value for name, value in row(one).items() if name not in ("item", "feed")}
    places, organisations = one.places.all(), one.organisations.all()
    return made | {"places": [place.pk for place in places], "organisations": [body.pk for body in organisations]}
