"""Feeds, twins and the site, as an officer sees them."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from ilex.library.models import Feed, Item, Site, Twin
from ilex.units.models import Officer
from ilex.units.rules import check


def feeds(officer: Officer) -> QuerySet[Feed]:
    """With how many items each brought."""
    check(officer, "programme.read")
    return Feed.objects.annotate(brought=Count("items")).order_by("way", "title", "key")


def feed_for(officer: Officer, key: str) -> Feed:
    """Raises Http404, or PermissionDenied."""
    found = feeds(officer).select_related("source").prefetch_related("remarks").filter(key=key).first()
    if found is None:
        raise Http404
    return found


def twins_open() -> QuerySet[Twin]:
    """Pairs of which nobody has said yet whether they tell of one event."""
    alive = Q(one__state=Item.State.WITHDRAWN) | Q(other__state=Item.State.WITHDRAWN)
    found = Twin.objects.filter(same=None).exclude(alive).select_related("one__feed", "other__feed")
    return found.prefetch_related("one__texts", "other__texts").order_by("-at", "pk")


def twins_of(item: Item) -> QuerySet[Twin]:
    """All pairs of this item that are not judged to be different."""
    found = Twin.objects.filter(Q(one=item) | Q(other=item)).exclude(same=False).select_related("one", "other")
    return found.prefetch_related("one__texts", "other__texts").order_by("-at", "pk")


def site() -> Site:
    """The one row; before anybody has switched it, one that is off and not saved."""
    return Site.objects.select_related("switched_by").filter(pk=1).first() or Site()
