"""News of partners: taken in as their text, never as ours; a higher version takes the place of a lower one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from ilex.gate.fields import to_the_millisecond
from ilex.gate.registry import Arrived, MessageType, NotYet, Refuse, register
from ilex.journal.actions import write
from ilex.journal.models import Operation
from ilex.library import index
from ilex.library.actions.items import free_key
from ilex.library.actions.twins import note_twins
from ilex.library.messages import BODIES, VERSION, NewsBody, NewsWithdrawnBody
from ilex.library.models import Author, FurtherLink, Item, ItemText
from ilex.library.rules.addresses import link_key, mended, title_key
from ilex.programme.models import Action, Activity

HIGHEST = 2**31 - 1  # version
LONGEST_THEME = 40


def take_in_news(arrived: Arrived) -> None:
    body = cast(NewsBody, arrived.body)
    _must_fit(body)
    item = _of_sender(arrived, body.id)
    if item is not None and (item.version >= body.version or item.state == Item.State.WITHDRAWN):
        return  # an older word, or one that came after the end
    at = to_the_millisecond(arrived.envelope.at)
    values = _values(arrived, body) | {"changed_at": at, "envelope": arrived.envelope}
    if item is None:
        item = Item(pk=body.id, key=free_key(_title(body)), made_at=at, **values)
        item.save(force_insert=True)
    else:
        Item.objects.filter(pk=item.pk).update(**values)
    _keep(arrived, item, body)
    fresh = Item.objects.prefetch_related("texts", "activities").get(pk=item.pk)
    index.renew([fresh])
    twins = note_twins([fresh])
    _line("news.arrived", arrived, item, version=body.version, twins=twins)


def take_in_withdrawal(arrived: Arrived) -> None:
    """The text stays here for the record, out of all lists and off the public site."""
    body = cast(NewsWithdrawnBody, arrived.body)
    item = _of_sender(arrived, body.id)
    if item is None:
        raise NotYet
    gone = {"state": Item.State.WITHDRAWN, "public": False, "withdrawn_why": body.reason}
    Item.objects.filter(pk=item.pk).update(**gone, changed_at=to_the_millisecond(arrived.envelope.at))
    _line("news.recalled", arrived, item, reason_given=body.reason)


def _must_fit(body: NewsBody) -> None:
    """What no column holds is refused: it would wait for ever."""
    languages = {text.language.lower() for text in body.texts}
    if body.version > HIGHEST or len(languages) != len(body.texts):
        raise Refuse("malformed", "The version is too high, or a language stands there twice.")


def _of_sender(arrived: Arrived, id: UUID) -> Item | None:
    item = Item.objects.select_for_update(of=("self",)).filter(pk=id).first()
    if item is not None and item.owner_id != arrived.sender.pk:
        raise Refuse("forged-owner", "The item is the news of another unit.")
    return item


def _title(body: NewsBody) -> str:
    return next(text.title for text in body.texts if text.language == body.language)


def _values(arrived: Arrived, body: NewsBody) -> dict[str, object]:
    try:
        link = mended(body.link) if body.link else ""
    except ValueError as wrong:
        raise Refuse("malformed", str(wrong)) from wrong
    return {
        "kind": body.kind,
        "section": body.section,
        "state": Item.State.PUBLISHED,
        "owner": arrived.sender,
        "language": body.language.lower(),
        "themes": [theme for theme in body.themes if len(theme) <= LONGEST_THEME],
        "disclaimer": body.disclaimer,
        "published_at": min(body.published_at, to_the_millisecond(arrived.envelope.at)),  # nothing is of tomorrow
        "version": body.version,
        "link": link,
        "link_printed": body.link,
        "link_key": link_key(link) if link else "",
        "title_key": title_key(_title(body)),
    }


def _keep(arrived: Arrived, item: Item, body: NewsBody) -> None:
    """All that stands in the item, anew."""
    item.texts.all().delete()
    ItemText.objects.bulk_create(
        ItemText(item=item, language=one.language.lower(), title=one.title, teaser=one.teaser, body=one.body)
        for one in body.texts
    )
    item.authors.all().delete()
    Author.objects.bulk_create(
        Author(item=item, order=order, function=function[:200], organisation=arrived.sender)
        for order, function in enumerate(body.authors, 1)
        if function
    )
    item.links.all().delete()
    papers = {paper.name[:80]: paper for paper in arrived.attachments}
    FurtherLink.objects.bulk_create(
        FurtherLink(
            item=item,
            order=order,
            kind=one.kind,
            label=one.label,
            language=one.language.lower(),
            url=one.url,
            attachment=papers.get(one.attachment) if one.attachment else None,
        )
        for order, one in enumerate(body.links, 1)
    )
    item.actions.set(Action.objects.filter(key__in=body.about_actions))
    item.activities.set(Activity.objects.filter(key__in=body.about_activities))


def _line(name: str, arrived: Arrived, item: Item, **detail: Any) -> None:
    on, message = ("item", str(item.pk)), str(arrived.envelope.id)
    write(name, Operation.COLLECTION, by=None, on=on, sender=arrived.sender.pk, message=message, **detail)


TAKEN_IN_BY: dict[str, Callable[[Arrived], None]] = {
    "library.news": take_in_news,
    "library.news-withdrawn": take_in_withdrawal,
}
TYPES = tuple(MessageType(name, VERSION, BODIES[name], take_in) for name, take_in in TAKEN_IN_BY.items())


def register_types() -> None:
    for message_type in TYPES:
        register(message_type)
