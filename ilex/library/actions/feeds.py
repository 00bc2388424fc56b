"""Feeds that we take in and give out: added, switched, and fetched when it is time."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import override

from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.library.actions.items import free_key
from ilex.library.actions.taking import Taken, take_feed
from ilex.library.fetching import Allowed, NotFetched, fetch, is_public
from ilex.library.kinds import Section
from ilex.library.models import Feed
from ilex.library.rules.addresses import mended
from ilex.programme.rules.errors import Invalid, NotNow, fitting, somebody_was_faster, written
from ilex.units.models import Officer
from ilex.units.rules import check

EVERY = timedelta(hours=1)
LEASE = timedelta(minutes=10)  # after a process that was killed the feed is tried again
LONGEST_PAUSE = timedelta(days=1)
AT_ONCE = 5  # feeds in one turn of the clock
log = logging.getLogger("ilex.feeds")


def add_feed(
    officer: Officer,
    *,
    title: str,
    way: str = Feed.Way.IN,
    address: str = "",
    language: str = "en",
    description: str = "",
    sections: list[str] | None = None,
    at: datetime | None = None,
) -> Feed:
    """One that is taken in from an address, or by hand where none is given; or one of ours with some sections only."""
    check(officer, "news.publish")
    title = written("title", title, _("Write what the feed is called."), 200)
    description = fitting("description", description, 400)
    address = _address(address) if way == Feed.Way.IN else ""
    if way not in Feed.Way.values:
        raise Invalid({"way": _("Choose whether it is taken in or given out.")})
    if set(sections or ()) - set(Section.values):
        raise Invalid({"sections": _("Choose sections from the list.")})
    if address and Feed.objects.filter(address=address).exists():
        raise Invalid({"address": _("This address is taken in already.")})
    with act("feed.added", Operation.COLLECTION, by=officer) as this:
        feed = Feed.objects.create(
            key=_free_key(title),
            way=way,
            title=title,
            link=address,
            address=address,
            description=description,
            language=language,
            sections=sections or [],
            next_try=(at or now()) if address else None,
        )
        this.on = ("feed", feed.key)
    return feed


def switch_feed(officer: Officer, feed: Feed, active: bool, at: datetime | None = None) -> None:
    """What is off is neither fetched nor given out; its items stay."""
    check(officer, "news.publish")
    with act("feed.switched-on" if active else "feed.switched-off", Operation.ALTERATION, by=officer) as this:
        this.on = ("feed", feed.key)
        fresh = {"active": active, "failures": 0, "failure": ""}
        if not Feed.objects.filter(pk=feed.pk, active=not active).update(**fresh):
            raise somebody_was_faster()
        if active:
            Feed.objects.filter(pk=feed.pk).exclude(address="").update(next_try=at or now())
    feed.refresh_from_db()


def fetch_due(at: datetime | None = None, *, allowed: Allowed = is_public) -> bool:
    """Fetch what is due, one feed after the other; True when more waits. For the clock, in a thread of its own."""
    claimed = _claim(at or now())
    for feed in claimed:
        fetch_one(feed, at, allowed=allowed)
    return len(claimed) == AT_ONCE


def fetch_one(feed: Feed, at: datetime | None = None, *, allowed: Allowed = is_public) -> Taken | None:
    """None when it did not come; why stands in the row. The next time is set in any case."""
    at = at or now()
    try:
        with override("en"):
            answer = fetch(feed.address, etag=feed.etag, modified=feed.modified, allowed=allowed)
            taken = take_feed(None, feed, answer.content, at) if answer.content is not None else Taken()
    except (NotFetched, Invalid, NotNow) as wrong:
        _failed(feed, str(wrong), at)
        return None
    failure = " ".join(taken.refused)[:300]
    came = {"etag": answer.etag or feed.etag, "modified": answer.modified or feed.modified}
    Feed.objects.filter(pk=feed.pk).update(**came, failures=0, failure=failure, next_try=at + EVERY)
    return taken


def _claim(at: datetime) -> list[Feed]:
    with transaction.atomic():
        due = Feed.objects.filter(way=Feed.Way.IN, active=True, next_try__lte=at).exclude(address="")
        rows = list(due.order_by("next_try").select_for_update(skip_locked=True)[:AT_ONCE])
        Feed.objects.filter(pk__in=[row.pk for row in rows]).update(next_try=at + LEASE)
    return rows


def _failed(feed: Feed, why: str, at: datetime) -> None:
    pause = min(EVERY * 2 ** min(feed.failures, 10), LONGEST_PAUSE)
    again = {"failures": min(feed.failures + 1, 1000), "failure": why[:300], "next_try": at + pause}
    Feed.objects.filter(pk=feed.pk).update(**again)
    log.warning("The feed %s was not taken in: %s", feed.key, why[:300])


def _address(text: str) -> str:
    try:
        return mended(text) if text.strip() else ""
    except ValueError as wrong:
        raise Invalid({"address": str(wrong)}) from wrong


def _free_key(title: str) -> str:
    stem = free_key(title)[:55]
    taken = set(Feed.objects.filter(key__startswith=stem).values_list("key", flat=True))
    return next(
        key for number in range(1, len(taken) + 2) if (key := stem if number == 1 else f"{stem}-{number}") not in taken
    )
