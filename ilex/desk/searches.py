"""Searching all rooms at once, and keeping a search that tells when there is something new."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import override

from ilex.desk import finders
from ilex.desk.finders import Finder, Hits
from ilex.desk.models import SavedSearch
from ilex.gate.failures import kind_and_place
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.units.models import Officer

EVERY = timedelta(hours=1)  # between two looks of the clock for one saved search
LASTS = timedelta(days=90)  # a saved search; then the officer says again that he needs it
KEPT = 40  # saved searches of one officer
BATCH = 20

log = logging.getLogger(__name__)


def chosen(officer: Officer, rooms: Collection[str]) -> list[Finder]:
    """The finders of these names that he may use; all of them for no name."""
    return [one for one in finders.of(officer) if not rooms or one.name in rooms]


def find(officer: Officer, text: str, rooms: Collection[str] = (), reason: str = "") -> list[tuple[Finder, Hits]]:
    """What each room finds. Raises ValidationError, with the room's sentence, and PermissionDenied for no room."""
    among = chosen(officer, rooms)
    if not among:
        raise PermissionDenied
    return [(one, one.find(officer, text, reason)) for one in among]


def keep(
    officer: Officer, text: str, rooms: Collection[str] = (), *, reason: str, alert: bool, at: datetime | None = None
) -> SavedSearch:
    """Keep this search; with `alert` the clock repeats it. What it finds today counts as seen."""
    at = at or now()
    text, reason = text.strip(), reason.strip()
    if not reason:
        raise ValidationError(_("Say why you look for this: the journal keeps it with each look."))
    if SavedSearch.objects.filter(officer=officer).count() >= KEPT:
        raise ValidationError(_("You have kept %(count)s searches. Throw one away first.") % {"count": KEPT})
    known = _keys(find(officer, text, rooms, reason))
    with act("search.kept", Operation.COLLECTION, by=officer, reason=reason, text=text, alert=alert) as this:
        kept, _made = SavedSearch.objects.update_or_create(
            officer=officer,
            text=text,
            rooms=sorted(rooms),
            defaults={
                "reason": reason,
                "alert": alert,
                "known": known,
                "fresh": [],
                "made_at": at,
                "until": localdate(at) + LASTS,
                "look_at": at + EVERY if alert else None,
            },
        )
        this.on = ("search", str(kept.pk))
    return kept


def seen(officer: Officer, search: SavedSearch) -> None:
    """He has looked at what was new."""
    with transaction.atomic():
        kept = SavedSearch.objects.select_for_update().filter(officer=officer, pk=search.pk).first()
        if kept is not None and kept.fresh:
            kept.known = [*dict.fromkeys([*kept.known, *kept.fresh])]
            kept.fresh = []
            kept.save(update_fields=["known", "fresh"])


def drop(officer: Officer, search: SavedSearch) -> None:
    with act("search.dropped", Operation.ERASURE, by=officer, on=("search", str(search.pk))):
        SavedSearch.objects.filter(officer=officer, pk=search.pk).delete()


def look(limit: int = BATCH, at: datetime | None = None) -> bool:
    """Repeat the saved searches that are due; True when more may wait. One that fails holds no other up."""
    at = at or now()
    due = SavedSearch.objects.filter(look_at__lte=at).order_by("look_at").values_list("pk", flat=True)
    waiting = list(due[: limit + 1])
    for pk in waiting[:limit]:
        try:
            with transaction.atomic():
                _look_again(pk, at)
        except Exception as error:
            log.error("The saved search %s could not be repeated: %s", pk, kind_and_place(error))
            SavedSearch.objects.filter(pk=pk).update(look_at=at + EVERY)
    return len(waiting) > limit


def _look_again(pk: UUID, at: datetime) -> None:
    claimed = SavedSearch.objects.select_for_update(skip_locked=True, of=("self",)).select_related("officer")
    kept = claimed.filter(pk=pk, look_at__lte=at).first()
    if kept is None:
        return
    officer = kept.officer
    ended = localdate(at) > kept.until or not officer.is_active or not chosen(officer, kept.rooms)
    if not ended:
        with override(officer.page_language):
            found = _keys(find(officer, kept.text, kept.rooms, kept.reason))
        kept.fresh = [*dict.fromkeys([*kept.fresh, *(key for key in found if key not in kept.known)])]
    kept.look_at = None if ended else at + EVERY
    kept.save(update_fields=["fresh", "look_at"])


def _keys(found: list[tuple[Finder, Hits]]) -> list[str]:
    return [f"{finder.name}:{hit.key}" for finder, hits in found for hit in hits.rows]
