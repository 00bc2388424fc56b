from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ilex.programme.models import Asset, Handover
from ilex.programme.queries.equipment import not_accepted, to_check, undelivered
from ilex.units.models import Officer
from ilex.units.rules import may
from ilex.web.tiles import Tile


def equipment_tiles(officer: Officer) -> Iterator[Tile]:
    if not may(officer, "asset.write"):
        return
    page = reverse("equipment")
    if count := undelivered().count():
        yield Tile(
            "handovers-lost", _("Hand-overs that were not delivered"), count, f"{page}?show=handovers", "overdue", 74
        )
    if count := Handover.objects.filter(way=Handover.Way.IN, state=Handover.State.SENT).count():
        yield Tile("handovers", _("Hand-overs to accept"), count, f"{page}?show=handovers", "near", 75)
    if count := Asset.objects.filter(not_accepted()).count():
        yield Tile("not-accepted", _("Equipment that was not accepted"), count, f"{page}?only=refused", "near", 76)
    if count := Asset.objects.filter(to_check()).count():
        yield Tile("to-check", _("Equipment to check"), count, f"{page}?only=check", "near", 77)
