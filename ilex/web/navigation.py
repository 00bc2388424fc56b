"""The main navigation and the identity bar's numbers: higher rooms hand in what they know when the node starts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from ilex.units.models import Officer
from ilex.units.rules import may


@dataclass(frozen=True)
class Item:
    """One entry of the main navigation. Shown to officers who may do `verb`; an empty verb shows it to all.

    `hidden_from` tells officers who may open the page and have nothing to do there.
    """

    name: str
    label: str | Promise
    url_name: str
    verb: str = ""
    count: Callable[[Officer], int] | None = None  # what waits there for this officer
    order: int = 50
    hidden_from: Callable[[Officer], bool] | None = None
    also: tuple[str, ...] = ()  # beginnings of further paths that belong to it: /agreements/
    group: str | Promise = ""  # of a long bar, the entries of one group stand behind one of this name


@dataclass(frozen=True)
class Entry:
    """An item as one officer sees it on one page."""

    label: str | Promise
    url: str
    count: int | None
    current: bool
    below: tuple[Entry, ...] = ()  # those that stand behind it


MOST = 12  # entries among which an eye finds one at once

_items: dict[str, Item] = {}
_partners: list[Callable[[], tuple[int, int]]] = []
_on_duty: list[Callable[[], list[str]]] = []


def register(item: Item) -> None:
    """Add an entry; one of the same name is replaced."""
    _items[item.name] = item


def show_partners(count: Callable[[], tuple[int, int]]) -> None:
    """Hand in what the identity bar asks for: how many partners are up, of how many."""
    _partners[:] = [count]


def partners() -> tuple[int, int] | None:
    return _partners[0]() if _partners else None


def show_on_duty(names: Callable[[], list[str]]) -> None:
    """Hand in what the identity bar asks for: the names of those who are on duty."""
    _on_duty[:] = [names]


def on_duty() -> list[str]:
    return _on_duty[0]() if _on_duty else []


def entries(officer: Officer, path: str) -> list[Entry]:
    seen = [(item, entry) for item in sorted(_items.values(), key=_place) if (entry := _entry(item, officer, path))]
    return [entry for _item, entry in seen] if len(seen) <= MOST else list(_gathered(seen))


def _gathered(seen: Iterable[tuple[Item, Entry]]) -> Iterator[Entry]:
    for group, pairs in groupby(seen, key=lambda pair: str(pair[0].group)):
        below = tuple(entry for _item, entry in pairs)
        if not group:
            yield from below
        else:
            waiting = sum(entry.count or 0 for entry in below)
            yield Entry(group, below[0].url, waiting or None, any(entry.current for entry in below), below)


def _place(item: Item) -> tuple[int, str]:
    return item.order, item.name


def _entry(item: Item, officer: Officer, path: str) -> Entry | None:
    if (item.verb and not may(officer, item.verb)) or (item.hidden_from and item.hidden_from(officer)):
        return None
    try:
        url = reverse(item.url_name)
    except NoReverseMatch:  # the room brings its entry before its page exists
        return None
    below = (url.rstrip("/") + "/", *item.also) if url != "/" else item.also
    current = path == url or path.startswith(below)
    return Entry(item.label, url, item.count(officer) if item.count else None, current)
