"""Reads the news' seed files and checks them against the programme's seeds. Nothing is written here."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from ilex.library.entries import FeedRow, ItemRow, NewsFile
from ilex.programme.entries import Row, SeedError
from ilex.programme.seeds import Seeds
from ilex.words import tables

__all__ = ["NAME", "OURS", "News", "read_news"]

OURS = Path(__file__).parent / "data" / "seeds"
NAME = "news-2019.toml"


@dataclass(frozen=True)
class News:
    """One feed and its items by their keys, newest first as in the feed."""

    source: str
    feed: FeedRow
    items: dict[str, ItemRow]

    @property
    def lines(self) -> set[str]:
        rows = [self.feed, *self.feed.remarks, *(part for item in self.items.values() for part in parts(item))]
        return {line for row in rows for line in row.lines}


def parts(item: ItemRow) -> Iterator[Row]:
    yield from (item, *item.authors, *item.links, *item.remarks)


def read_news(seeds: Seeds, folder: Path = OURS, *, places: Collection[str], organisations: Collection[str]) -> News:
    """Raises SeedError for the first thing that is wrong."""
    file = tables.read(folder / NAME, NewsFile, error=SeedError)
    tables.once(NAME, "item", (item.key for item in file.items), SeedError)
    news = News(file.source, file.feed, {item.key: item for item in file.items})
    if news.source not in seeds.sources:
        raise SeedError(f"{NAME}: there is no source {news.source!r}.")
    for item in news.items.values():
        _check(seeds, news, item, places, organisations)
    return news


def _check(seeds: Seeds, news: News, item: ItemRow, places: Collection[str], organisations: Collection[str]) -> None:
    def known(noun: str, keys: Collection[str], among: Collection[str]) -> None:
        for key in keys:
            if key and key not in among:
                _fail(item, f"there is no {noun} {key!r}.")

    known("action", item.about_actions, seeds.actions)
    known("activity", item.about_activities, seeds.activities)
    known("item", [item.same_event_as], news.items)
    known("organisation", [author.organisation for author in item.authors], organisations)
    for remark in item.remarks:
        known("place", remark.places, places)
        known("organisation", remark.organisations, organisations)


def _fail(item: ItemRow, sentence: str) -> NoReturn:
    raise SeedError(f"{NAME}, item {item.key!r}: {sentence}")
