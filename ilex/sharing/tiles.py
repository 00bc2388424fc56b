"""What waits for an officer in this room, as numbers for the desk."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ilex.sharing.models import Consent, Disclosure, Recall, Release
from ilex.sharing.queries.consents import to_answer, visible_consents
from ilex.sharing.queries.ledger import ledger
from ilex.sharing.queries.releases import unread, visible_releases
from ilex.units.models import Officer
from ilex.units.rules import may
from ilex.web.tiles import Tile


def sharing_tiles(officer: Officer) -> Iterator[Tile]:
    """Only what is not zero: a desk of many zeros is read by nobody."""
    if not may(officer, "subject.write"):
        return
    found = (
        Tile("releases", _("Releases to read"), unread(officer).count(), reverse("releases"), "near", 60),
        Tile(
            "recalls", _("Recalled or corrected"), _unseen(officer), reverse("releases") + "?show=recalled", "near", 61
        ),
        Tile("consents", _("Consents to decide"), to_answer(officer).count(), reverse("consents"), "near", 62),
        Tile("answers", _("Consents answered"), _answered(officer), reverse("consents") + "?show=ours", "", 63),
        Tile("not-applied", _("Recalls not yet applied"), _open(officer), reverse("ledger") + "?recalls=open", "", 64),
    )
    yield from (tile for tile in found if tile.count)


def _unseen(officer: Officer) -> int:
    recalls = Recall.objects.filter(way=Release.Way.IN, seen_at=None).values("release")
    return visible_releases(officer).filter(pk__in=recalls).count()


def _answered(officer: Officer) -> int:
    decided = visible_consents(officer).filter(way=Consent.Way.ASKED, read_at=None)
    return decided.filter(decided_at__isnull=False).count()


def _open(officer: Officer) -> int:
    if not Disclosure.objects.filter(recalled_at__isnull=False, recall_applied_at=None).exists():
        return 0
    return ledger(officer, open_recalls=True).count()
