from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ilex.programme.models import ExchangeAgreement
from ilex.units.models import Officer
from ilex.units.rules import may
from ilex.web.tiles import Tile

State = ExchangeAgreement.State


def agreements_tiles(officer: Officer) -> Iterator[Tile]:
    page = reverse("agreements")
    if count := ExchangeAgreement.objects.filter(state=State.DIFFERS).count():
        yield Tile("agreements-differ", _("Agreements whose copies differ"), count, page, "overdue", 73)
    if may(officer, "agreement.sign") and (count := ExchangeAgreement.objects.filter(state=State.ASKED).count()):
        yield Tile("agreements-asked", _("Agreements to answer"), count, page, "near", 74)
