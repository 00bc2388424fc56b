"""Pairs of items that may tell of one event: noted by the machine, judged by a person. Nothing is ever merged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.index import folded
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.library.models import Item, Twin
from ilex.library.rules.nearness import Facts, reasons
from ilex.programme.rules.errors import NotNow
from ilex.units.models import Officer
from ilex.units.queries import place_names
from ilex.units.rules import check

WINDOW = timedelta(days=45)  # news of one event come within weeks
MOST = 400  # items that one is compared with
SHORT_EVENT = timedelta(days=10)  # what lasts longer is no day that tells two apart


def note_twins(items: Sequence[Item], at: datetime | None = None) -> int:
    """Compare these published items with those of about the same time; returns how many pairs are new."""
    places = _places()
    noted = 0
    for item in items:
        mine = facts(item, places)
        pairs = [(other, why) for other in _others(item) if (why := reasons(mine, facts(other, places)))]
        known = _known(item)
        fresh = [
            Twin(one=other, other=item, reasons=list(why), at=at or now())
            for other, why in pairs
            if other.pk not in known
        ]
        noted += len(Twin.objects.bulk_create(fresh, ignore_conflicts=True))
    return noted


def judge_twin(officer: Officer, twin: Twin, same: bool, at: datetime | None = None) -> None:
    """A person says whether both tell of one event. It can be said otherwise later."""
    check(officer, "news.write")
    with act("news.twin-judged", Operation.ALTERATION, by=officer, on=("item", str(twin.other_id)), same=same) as this:
        this.detail["other"] = str(twin.one_id)
        judged = Twin.objects.filter(pk=twin.pk).exclude(same=same)
        if not judged.update(same=same, by=officer, at=at or now()):
            raise NotNow(_("Somebody has said so already."))


def facts(item: Item, places: dict[tuple[str, ...], str]) -> Facts:
    activities = list(item.activities.all())
    days: set[date] = {item.published_at.date()} if item.published_at else set()
    days |= {day for one in activities if (day := one.first) and one.last and one.last - day <= SHORT_EVENT}
    named = {one.place_id for one in activities if one.place_id}
    return Facts(item.title_key, {one.pk for one in activities}, days, named | _named(item.title_key, places))


def _others(item: Item) -> Iterable[Item]:
    when = item.published_at or item.made_at
    near = Q(published_at__gte=when - WINDOW, published_at__lte=when + WINDOW)
    same = Q(activities__in=item.activities.all()) | Q(title_key=item.title_key)
    found = Item.objects.filter(near | same, state=Item.State.PUBLISHED).exclude(pk=item.pk).distinct()
    return found.prefetch_related("activities").order_by("-published_at", "pk")[:MOST]


def _known(item: Item) -> set[UUID]:
    pairs = Twin.objects.filter(Q(one=item) | Q(other=item)).values_list("one", "other")
    return {pk for pair in pairs for pk in pair} - {item.pk}


def _places() -> dict[tuple[str, ...], str]:
    """Folded English names of one or two words to their places."""
    named = ((folded(name.text), code) for code, name in place_names("en").items())
    return {words: code for words, code in named if 0 < len(words) <= 2 and len(words[0]) > 2}


def _named(title: str, places: dict[tuple[str, ...], str]) -> set[str]:
    words = title.split()
    tried: list[tuple[str, ...]] = [*((word,) for word in words), *pairwise(words)]
    return {places[one] for one in tried if one in places}
