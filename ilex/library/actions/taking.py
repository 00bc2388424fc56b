"""Takes a feed in: what is new becomes an item of its own, what is known stays as it is. All or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.library import index
from ilex.library.actions.items import free_key
from ilex.library.actions.twins import note_twins
from ilex.library.kinds import Section
from ilex.library.models import Feed, Item, ItemText
from ilex.library.reading import Found, Read, read
from ilex.library.rules.addresses import may_be_cut
from ilex.programme.rules.errors import NotNow
from ilex.units.models import Officer
from ilex.units.rules import check


@dataclass(frozen=True)
class Taken:
    added: list[Item] = field(default_factory=list)
    known: int = 0  # items that we had
    twins: int = 0  # pairs that a person should look at
    refused: list[str] = field(default_factory=list)  # one sentence for each item that was left out


def take_feed(officer: Officer | None, feed: Feed, content: bytes | str, at: datetime | None = None) -> Taken:
    """RSS, Atom or flattened text. Raises Invalid({"content": sentence}); then nothing was taken in.

    The items are published for those who read the programme, and public only when an editor says so. None as
    officer: the clock.
    """
    if officer is not None:
        check(officer, "news.write")
    found = read(content)
    at = at or now()
    with transaction.atomic():
        feed = Feed.objects.select_for_update().get(pk=feed.pk)
        if feed.way != Feed.Way.IN or not feed.active:
            raise NotNow(_("This feed is switched off, or is one that we give out."))
        new = _unknown(feed, found.items)
        taken = Taken(_add(officer, feed, new, at), len(found.items) - len(new), refused=found.refused)
        _note_channel(feed, found)
        if not taken.added:
            return taken
        return Taken(taken.added, taken.known, note_twins(taken.added, at), taken.refused)


def _unknown(feed: Feed, items: Iterable[Found]) -> list[Found]:
    """Those that are not here by number, by address, or by an address that was cut off and the same title."""
    items = list(items)
    known = _Known(feed, items)
    return [item for item in items if known.is_new(item)]


class _Known:
    def __init__(self, feed: Feed, items: list[Found]) -> None:
        guids, links = [one.guid for one in items if one.guid], [one.link_key for one in items if one.link_key]
        self.guids = set(Item.objects.filter(feed=feed, guid__in=guids).values_list("guid", flat=True))
        self.links = set(Item.objects.filter(link_key__in=links).values_list("link_key", flat=True))
        self.titles: dict[str, list[str]] = {}
        titles = Item.objects.filter(title_key__in=[one.title_key for one in items if one.title_key]).exclude(link="")
        for title, link in titles.values_list("title_key", "link"):
            self.titles.setdefault(title, []).append(link)

    def is_new(self, item: Found) -> bool:
        """The same item twice in one feed is new once."""
        cut = item.link and any(may_be_cut(item.link, link) for link in self.titles.get(item.title_key, []))
        if cut or (item.guid and item.guid in self.guids) or (item.link_key and item.link_key in self.links):
            return False
        self.guids.add(item.guid)
        self.links.add(item.link_key)
        if item.link:
            self.titles.setdefault(item.title_key, []).append(item.link)
        return True


def _add(officer: Officer | None, feed: Feed, new: list[Found], at: datetime) -> list[Item]:
    if not new:
        return []
    with act("feed.taken", Operation.COLLECTION, by=officer, on=("feed", feed.key), added=len(new)):
        keys: list[str] = []
        for one in new:
            keys.append(free_key(one.title, keys))
        items = Item.objects.bulk_create(_item(officer, feed, one, key, at) for one, key in zip(new, keys, strict=True))
        ItemText.objects.bulk_create(_text(item, one) for item, one in zip(items, new, strict=True))
        fresh = Item.objects.filter(pk__in=[item.pk for item in items]).prefetch_related("texts", "activities")
        index.renew(fresh)
        return list(fresh.order_by("-published_at", "key"))


def _item(officer: Officer | None, feed: Feed, one: Found, key: str, at: datetime) -> Item:
    return Item(
        key=key,
        section=one.section or Section.AROUND,
        section_printed=one.title_printed.partition(":")[0][:60] if one.title_printed and one.section else "",
        state=Item.State.PUBLISHED,
        feed=feed,
        guid=one.guid,
        link=one.link,
        link_printed=one.link_printed[:400],
        link_key=one.link_key[:400],
        title_key=one.title_key,
        language=one.language,
        published_at=min(one.published or at, at),  # what is dated ahead would stand on top until then
        changed_at=at,
        made_at=at,
        made_by=officer,
    )


def _text(item: Item, one: Found) -> ItemText:
    said = {"title": one.title, "title_printed": one.title_printed, "teaser": one.teaser, "body": one.body}
    return ItemText(item=item, language=one.language, **said)


def _note_channel(feed: Feed, found: Read) -> None:
    """What their feed says of itself; its title and address stay as a person wrote them, and a seed as it is."""
    if feed.source_id is not None:
        return
    channel = found.channel
    said: dict[str, object] = {
        "built_at": channel.built_at,
        "generator": channel.generator[:120],
        "docs": channel.docs[:200],
    }
    said |= {"image": channel.image, "description": channel.description[:400]}
    Feed.objects.filter(pk=feed.pk).update(**{name: value for name, value in said.items() if value})
