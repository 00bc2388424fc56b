"""What waits for an officer in this room, as numbers for the desk."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ilex.sharing.models import Consent, Disclosure, Recall, Release
from ilex.sharing.queries.consents import to_answer, visible_consents
from ilex.sharing.queries.ledger import ledger
from ilex.sharing.queries.releases import unread, visible_releases
from ilex.units.models import Officer
from ilex.units.rules import may
from ilex.web.tiles import Tile


def sharing_tiles(officer: Officer) -> Iterator[Tile]:
    """Only what is not zero: a desk of many zeros is read by nobody.

    Which of them he may see is dear to ask, and most days nothing waits: so first whether there is anything at all.
    """
    if not may(officer, "subject.write"):
        return
    if _released().exists():
        yield from _told("releases", _("Releases to read"), unread(officer).count(), reverse("releases"), "near", 60)
    if _recalled().exists():
        yield from _told(
            "recalls", _("Recalled or corrected"), _unseen(officer), reverse("releases") + "?show=recalled", "near", 61
        )
    if _asked().exists():
        count = to_answer(officer).count()
        yield from _told("consents", _("Consents to decide"), count, reverse("consents"), "near", 62)
    if _decided().exists():
        yield from _told(
            "answers", _("Consents answered"), _answered(officer), reverse("consents") + "?show=ours", "", 63
        )
    if _not_applied().exists():
        count = ledger(officer, open_recalls=True).count()
        yield from _told(
            "not-applied", _("Recalls not yet applied"), count, reverse("ledger") + "?recalls=open", "", 64
        )


def _told(name: str, label: Promise, count: int, url: str, tone: str, order: int) -> Iterator[Tile]:
    if count:
        yield Tile(name, label, count, url, tone, order)


def _released() -> QuerySet[Release]:
    return Release.objects.filter(way=Release.Way.IN, read_at=None)


def _recalled() -> QuerySet[Recall]:
    return Recall.objects.filter(way=Release.Way.IN, seen_at=None)


def _asked() -> QuerySet[Consent]:
    return Consent.objects.filter(way=Consent.Way.GIVEN, state=Consent.State.ASKED)


def _decided() -> QuerySet[Consent]:
    return Consent.objects.filter(way=Consent.Way.ASKED, read_at=None, decided_at__isnull=False)


def _not_applied() -> QuerySet[Disclosure]:
    return Disclosure.objects.filter(recalled_at__isnull=False, recall_applied_at=None)


def _unseen(officer: Officer) -> int:
    return visible_releases(officer).filter(pk__in=_recalled().values("release")).count()


def _answered(officer: Officer) -> int:
    return (visible_consents(officer) & _decided()).count()
