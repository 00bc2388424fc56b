"""Which items an officer sees: what is published everybody who reads the programme, the rest whoever writes news."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404
from django.urls import reverse

from ilex.index import Holds
from ilex.library import index
from ilex.library.models import Item, ItemText, NewsRemark
from ilex.programme.models import Action, Activity
from ilex.programme.queries.news import NewsLine
from ilex.units.models import Officer
from ilex.units.rules import check, may

__all__ = ["Holds", "Shown", "about", "item_for", "listed", "text_in", "visible_items"]


@dataclass(frozen=True)
class Shown:
    """An item with the text that the reader gets: in his language, or else the original."""

    item: Item
    text: ItemText


def visible_items(officer: Officer) -> QuerySet[Item]:
    """Raises PermissionDenied when his roles do not read the programme."""
    check(officer, "programme.read")
    return Item.objects.all() if may(officer, "news.write") else Item.objects.filter(state=Item.State.PUBLISHED)


def item_for(officer: Officer, key: str) -> Item:
    """With all that stands on its page. Raises Http404, or PermissionDenied."""
    remarks = Prefetch("remarks", NewsRemark.objects.prefetch_related("places", "organisations"))
    beside = ("texts", "authors__organisation", "links__attachment", remarks, "actions", "activities")
    found = visible_items(officer).select_related("feed", "owner", "source", "made_by").prefetch_related(*beside)
    item = found.filter(key=key).first()
    if item is None:
        raise Http404
    return item


def text_in(item: Item, language: str) -> ItemText:
    """Its text in this language, or else the original, or else any."""
    texts = {text.language: text for text in item.texts.all()}
    for code in (language, language.partition("-")[0], item.language):
        if code in texts:
            return texts[code]
    return next(iter(texts.values()), ItemText(item=item, language=item.language, title=item.key))


def listed(
    officer: Officer,
    *,
    state: str = Item.State.PUBLISHED,
    section: str = "",
    kind: str = "",
    origin: str = "",
    words: str = "",
    action: str = "",
) -> QuerySet[Item]:
    """Newest first. `origin`: "ours", "partners", or the key of a feed. Words are those of any language."""
    found = visible_items(officer).filter(state=state)
    if section:
        found = found.filter(section=section)
    if kind:
        found = found.filter(kind=kind)
    if action:
        found = found.filter(actions__key=action)
    if words.strip():
        query = index.query(words)
        found = found.filter(search__holds=query) if query else found.none()
    order = ("-published_at", "id") if state == Item.State.PUBLISHED else ("-changed_at", "id")
    return _from(found, origin).select_related("feed", "owner").prefetch_related("texts").order_by(*order)


def _from(found: QuerySet[Item], origin: str) -> QuerySet[Item]:
    match origin:
        case "":
            return found
        case "ours":
            return found.filter(Q(feed=None, owner=None) | Q(owner__peer=None, owner__isnull=False))
        case "partners":
            return found.filter(owner__peer__isnull=False)
        case key:
            return found.filter(feed__key=key)


def shown(items: Iterable[Item], language: str) -> list[Shown]:
    return [Shown(item, text_in(item, language)) for item in items]


def about(officer: Officer, thing: Action | Activity) -> Sequence[NewsLine]:
    """What the news tells of an action or activity, newest first: handed to the programme at start-up."""
    found = visible_items(officer).filter(state=Item.State.PUBLISHED).prefetch_related("texts")
    found = found.filter(actions=thing) if isinstance(thing, Action) else found.filter(activities=thing)
    texts = [Shown(item, text_in(item, officer.page_language)) for item in found.order_by("-published_at", "id")[:50]]
    return [
        NewsLine(
            one.text.title,
            reverse("news-item", args=[one.item.key]),
            one.item.published_at.date() if one.item.published_at else None,
            one.text.language,
        )
        for one in texts
    ]
