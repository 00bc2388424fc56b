"""Brings the news' seeds into the database: all or nothing; loading again changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db.models import Q
from django.utils.timezone import now

from ilex.gate.ids import uuid7
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.library import index
from ilex.library.entries import ItemRow, NewsRemarkRow
from ilex.library.models import Author, Feed, FurtherLink, Item, ItemText, NewsRemark
from ilex.library.rules.addresses import link_key, title_key
from ilex.library.seeds import OURS, News, read_news
from ilex.programme.loading import seeds_here
from ilex.programme.models import Action, Activity, Source
from ilex.programme.rows import PUBLISHED
from ilex.programme.settling import settle
from ilex.units.loading import Counts
from ilex.units.models import Officer, Organisation, Place


def load_news(folder: Path = OURS, *, by: Officer | None = None) -> Counts:
    """Add and change what the file says; the programme's seeds are loaded before. Raises SeedError."""
    places = set(Place.objects.values_list("code", flat=True))
    organisations = set(Organisation.objects.values_list("id", flat=True))
    news = read_news(seeds_here(), folder, places=places, organisations=organisations)
    counts = Counts()
    with act("library.loaded", Operation.COLLECTION, by=by, on=("library", news.feed.key)) as this:
        _load(news, counts, now())
        this.detail |= {"added": counts.added, "changed": counts.changed, "removed": counts.removed}
    return counts


def _load(news: News, counts: Counts, at: datetime) -> None:
    news = _untouched(news)
    settle(Feed.objects.all(), ("key",), [_feed(news)], counts)
    feed = Feed.objects.get(key=news.feed.key)
    ids = dict(Item.objects.filter(key__in=news.items).values_list("key", "pk"))
    for key in news.items:
        ids.setdefault(key, uuid7())
    settle(Item.objects.all(), ("key",), _items(news, feed, ids, at), counts)
    of_items = {"item__in": list(ids.values())}
    settle(ItemText.objects.filter(**of_items), ("item_id", "language"), _texts(news, ids), counts)
    by_order = ("item_id", "order")
    settle(Author.objects.filter(**of_items, source=news.source), by_order, _authors(news, ids), counts, whole=True)
    settle(FurtherLink.objects.filter(**of_items, source=news.source), by_order, _links(news, ids), counts, whole=True)
    settle(
        NewsRemark.objects.filter(Q(item=None) | Q(**of_items), source=news.source),
        ("item_id", "feed_id", "order"),
        _remarks(news, feed, ids),
        counts,
        whole=True,
    )
    _join(news, feed, ids)
    index.renew(Item.objects.filter(pk__in=list(ids.values())).prefetch_related("texts"))


def _untouched(news: News) -> News:
    """Without the items that an officer has changed: those are his, with all that stands in them."""
    ours = set(Item.objects.filter(key__in=news.items).exclude(owner=None).values_list("key", flat=True))
    return News(news.source, news.feed, {key: row for key, row in news.items.items() if key not in ours})


def _feed(news: News) -> Feed:
    row = news.feed
    return Feed(
        key=row.key,
        way=Feed.Way.IN,
        title=row.title,
        title_printed=row.title_printed,
        link=row.link,
        description=row.description,
        language=row.language,
        image=asdict(row.image) if row.image else {},
        generator=row.generator,
        docs=row.docs,
        built_at=row.built_at,
        source_id=news.source,
        lines=list(row.lines),
    )


def _items(news: News, feed: Feed, ids: dict[str, UUID], at: datetime) -> Iterator[Item]:
    published = Source.objects.filter(pk=news.source, kind__in=PUBLISHED).exists()
    for row in news.items.values():
        yield Item(
            id=ids[row.key],
            key=row.key,
            kind=row.kind.value,
            section=row.section.value,
            section_printed=row.section_printed,
            state=Item.State.PUBLISHED,
            feed=feed,
            link=row.link,
            link_printed=row.link_printed,
            link_key=link_key(row.link_printed),
            title_key=title_key(row.title_printed),
            language=row.language,
            themes=list(row.themes),
            disclaimer=row.disclaimer,
            public=published,  # only what the source itself tells everybody
            published_at=row.published,
            changed_at=at,
            made_at=at,
            source_id=news.source,
            lines=list(row.lines),
        )


def _texts(news: News, ids: dict[str, UUID]) -> Iterator[ItemText]:
    for row in news.items.values():
        yield ItemText(
            item_id=ids[row.key],
            language=row.language,
            title=row.title,
            title_printed=row.title_printed,
            teaser=row.teaser,
            body=row.body.strip(),
        )


def _authors(news: News, ids: dict[str, UUID]) -> Iterator[Author]:
    for item in news.items.values():
        for order, row in enumerate(item.authors, 1):
            yield Author(
                item_id=ids[item.key],
                order=order,
                function=row.function,
                organisation_id=row.organisation or None,
                source_id=news.source,
                lines=list(row.lines),
            )


def _links(news: News, ids: dict[str, UUID]) -> Iterator[FurtherLink]:
    for item in news.items.values():
        for order, row in enumerate(item.links, 1):
            yield FurtherLink(
                item_id=ids[item.key],
                order=order,
                kind=row.kind.value,
                label=row.label,
                language=row.language,
                url=row.url,
                source_id=news.source,
                lines=list(row.lines),
            )


def _remarks(news: News, feed: Feed, ids: dict[str, UUID]) -> Iterator[NewsRemark]:
    for order, row in enumerate(news.feed.remarks, 1):
        yield _remark(news, row, order, feed=feed.pk)
    for item in news.items.values():
        for order, row in enumerate(item.remarks, 1):
            yield _remark(news, row, order, item=ids[item.key])


def _remark(
    news: News, row: NewsRemarkRow, order: int, *, item: UUID | None = None, feed: UUID | None = None
) -> NewsRemark:
    return NewsRemark(
        item_id=item,
        feed_id=feed,
        order=order,
        kind=row.kind.value,
        text=row.text,
        quantity=row.quantity,
        when=row.when,
        printed=row.printed,
        said_by=row.said_by,
        source_id=news.source,
        lines=list(row.lines),
    )


def _join(news: News, feed: Feed, ids: dict[str, UUID]) -> None:
    for item in news.items.values():
        made = Item.objects.get(pk=ids[item.key])
        made.actions.set(Action.objects.filter(key__in=item.about_actions))
        made.activities.set(Activity.objects.filter(key__in=item.about_activities))
        _join_remarks(made, item)


def _join_remarks(made: Item, item: ItemRow) -> None:
    kept = {one.order: one for one in NewsRemark.objects.filter(item=made)}
    for order, row in enumerate(item.remarks, 1):
        kept[order].places.set(Place.objects.filter(code__in=row.places))
        kept[order].organisations.set(Organisation.objects.filter(id__in=row.organisations))
